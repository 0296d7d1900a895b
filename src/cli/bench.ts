import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, hostname } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { BenchResult } from '../../bench/bench-result.ts';
import { projectRoot } from './project-root.ts';

interface BenchOptions {
  readonly output: string;
  readonly numbers: string;
  readonly records: string;
  readonly json?: boolean;
}

const rows: Readonly<Record<string, (options: BenchOptions) => Promise<BenchResult>>> = {
  'ami-events': async () => (await import('../../bench/ami-events.ts')).benchAmiEvents(),
  'live-calls': async () => (await import('../../bench/live-calls.ts')).benchLiveCalls(),
  'ari-events': async () => (await import('../../bench/ari-events.ts')).benchAriEvents(),
  reconcile: async () => (await import('../../bench/reconcile.ts')).benchReconcile(),
  'cold-start': async () => (await import('../../bench/cold-start.ts')).benchColdStart(),
  'ring-to-pop': async ({ numbers }) => (await import('../../bench/ring-to-pop.ts')).benchRingToPop({ numbers: Number(numbers) }),
  'ring-to-pop-load': async ({ numbers, records }) =>
    (await import('../../bench/ring-to-pop-load.ts')).benchRingToPopLoad({ numbers: Number(numbers), records: Number(records) }),
  'caller-lookup': async ({ numbers }) =>
    (await import('../../bench/caller-lookup.ts')).benchCallerLookup({ numbers: Number(numbers) }),
  'write-back-salesforce': async () =>
    (await import('../../bench/write-back.ts')).benchWriteBack({ crm: 'salesforce', records: 10_000 }),
  'write-back-kintone': async () =>
    (await import('../../bench/write-back.ts')).benchWriteBack({ crm: 'kintone', records: 10_000 }),
  'directory-sync': async ({ records }) =>
    (await import('../../bench/directory-sync.ts')).benchDirectorySync({ records: Number(records) }),
};

/** `bench`: ratios against a baseline measured in the same run; figures go to a file with the machine's name. */
export function benchCommand(): Command {
  return new Command('toritsugi bench')
    .description(`Measures ${Object.keys(rows).join(', ')} against a baseline in the same run.`)
    .argument('[rows...]', 'which rows; all by default')
    .option('--numbers <n>', 'numbers in the directory', '1000000')
    .option('--records <n>', 'customers in each CRM of a first load', '1000000')
    .option('--output <file>', 'where the figures go', path.join(projectRoot, '.toritsugi/bench.json'))
    .option('--json', 'print the figures as JSON')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi bench ami-events')
    .action(async (chosen: string[], options: BenchOptions) => {
      const unknown = chosen.filter((name) => !(name in rows));
      if (unknown.length > 0)
        throw new Error(`there is no row ${unknown.join(', ')}; there are: ${Object.keys(rows).join(', ')}`);
      if (!/^[1-9]\d{2,7}$/u.test(options.numbers)) throw new Error('--numbers is a whole number from 100 to 99999999');
      if (!/^[1-9]\d{3,6}$/u.test(options.records)) throw new Error('--records is a whole number from 1000 to 9999999');
      const results: BenchResult[] = [];
      for (const name of chosen.length > 0 ? chosen : Object.keys(rows)) {
        process.stderr.write(`measuring ${name} …\n`);
        const result = await rows[name]?.(options);
        if (result === undefined) continue;
        results.push(result);
        if (!options.json) process.stdout.write(`${line(result)}\n`);
      }
      const report = {
        machine: hostname(),
        processor: cpus()[0]?.model ?? 'unknown',
        cores: cpus().length,
        node: process.version,
        results,
      };
      mkdirSync(path.dirname(options.output), { recursive: true });
      writeFileSync(options.output, `${JSON.stringify({ at: new Date().toISOString(), ...report }, null, 2)}\n`);
      if (options.json) process.stdout.write(`${JSON.stringify(report)}\n`);
      else
        process.stdout.write(
          `on ${report.machine} (${report.processor}, ${report.cores} cores, Node ${report.node}); saved to ${options.output}\n`,
        );
      process.exitCode = results.every(({ passes }) => passes) ? 0 : 1;
    });
}

function line({ name, ours, baseline, ratio, unit, aim, passes }: BenchResult): string {
  const figure = (value: number) => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
  return `${passes ? 'reached' : 'MISSED '}  ${name}: ${ratio.toFixed(2)} ×  (ours ${figure(ours)}, baseline ${figure(baseline)} ${unit}; aim ${aim})`;
}
