import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import { bringDebianPackages } from './debian-packages.ts';
import { dependencyCommand, projectRoot } from './project-root.ts';
import { buildWebWhenStale } from './web-build.ts';

interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

const checks: readonly { name: string; command: readonly string[] }[] = [
  { name: 'formatting and lint', command: ['@biomejs/biome/bin/biome', 'ci', '--colors=off', '.'] },
  { name: 'types of the server', command: ['typescript/bin/tsc', '--noEmit'] },
  { name: 'types of the browser app', command: ['typescript/bin/tsc', '--noEmit', '-p', 'src/web/tsconfig.json'] },
  { name: 'unused files, exports and dependencies', command: ['knip/bin/knip.js', '--no-progress'] },
];

const jestResult = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

/** `test`: everything that must pass, on real servers and a real browser; ends with `N passed, N failed`. */
export function testCommand(): Command {
  return new Command('toritsugi test')
    .description(
      'Runs everything that must pass; installs Redis, PostgreSQL and Chromium from Debian’s packages when they are missing.',
    )
    .argument('[paths...]', 'only the tests whose path contains one of these; leaves the checks out')
    .addHelpText('after', '\nExamples:\n  $ ./toritsugi test\n  $ ./toritsugi test test/unit/calls')
    .action(async (paths: string[]) => {
      const say = (line: string) => process.stdout.write(`toritsugi test: ${line}\n`);
      bringDebianPackages(say);
      buildWebWhenStale(say);
      const tally: Tally = { passed: 0, failed: 0, skipped: 0 };
      if (paths.length === 0) for (const check of checks) await runCheck(check, tally, say);
      await runJest(paths, tally);
      const skipped = tally.skipped > 0 ? `, ${tally.skipped} skipped` : '';
      process.stdout.write(`\n${tally.passed} passed, ${tally.failed} failed${skipped}\n`);
      process.exitCode = tally.failed > 0 || tally.passed === 0 ? 1 : 0;
    });
}

async function runCheck({ name, command }: (typeof checks)[number], tally: Tally, say: (line: string) => void): Promise<void> {
  const [file = '', ...rest] = command;
  const code = await run([dependencyCommand(file), ...rest]);
  say(`${name}: ${code === 0 ? 'passed' : 'FAILED'}`);
  tally[code === 0 ? 'passed' : 'failed'] += 1;
}

async function runJest(paths: readonly string[], tally: Tally): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-test-'));
  const outputFile = path.join(folder, 'jest.json');
  try {
    const code = await run([dependencyCommand('jest/bin/jest.js'), '--ci', '--json', `--outputFile=${outputFile}`, ...paths]);
    const result = jestResult.parse(JSON.parse(readFileSync(outputFile, 'utf8')));
    const suitesThatDidNotRun = result.testResults.filter(
      (suite) => suite.status === 'failed' && suite.assertionResults.length === 0,
    ).length;
    tally.passed += result.numPassedTests;
    tally.failed += result.numFailedTests + suitesThatDidNotRun;
    tally.skipped += result.numPendingTests + result.numTodoTests;
    if (code !== 0 && result.numFailedTests + suitesThatDidNotRun === 0) tally.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tests must not depend on the machine's zone, nor on a shell's settings for the hub. */
function run(words: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...words], {
      cwd: projectRoot,
      // Jest's JSON goes to a file; its standard output would only repeat it.
      stdio: ['ignore', words[0]?.includes('jest') ? 'ignore' : 'inherit', 'inherit'],
      env: { ...process.env, TZ: 'UTC', NODE_ENV: 'test', FORCE_COLOR: '0' },
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
