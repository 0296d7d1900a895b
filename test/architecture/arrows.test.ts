import { execFileSync } from 'node:child_process';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');

interface Violation {
  readonly from: string;
  readonly to: string;
  readonly rule: { readonly name: string };
}

function cruise(): { violations: Violation[]; modules: number; remedies: Map<string, string> } {
  const output = execFileSync(
    process.execPath,
    [
      path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
      ...['--config', '.dependency-cruiser.cjs', '--output-type', 'json', 'src', 'connectors', 'infra'],
    ],
    { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  const { summary } = JSON.parse(output) as {
    summary: { violations: Violation[]; totalCruised: number; ruleSetUsed: { forbidden: { name: string; comment: string }[] } };
  };
  return {
    violations: summary.violations,
    modules: summary.totalCruised,
    remedies: new Map(summary.ruleSetUsed.forbidden.map(({ name, comment }) => [name, comment])),
  };
}

test('imports follow the way of a call, and nothing imports in a circle', () => {
  const { violations, modules, remedies } = cruise();
  const told = violations.map(({ from, to, rule }) => `${from} → ${to}\n  ${rule.name}: ${remedies.get(rule.name) ?? ''}`);
  expect(told).toEqual([]);
  expect(modules).toBeGreaterThan(50);
});
