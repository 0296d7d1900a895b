import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import path from 'node:path';
import type { BenchResult } from './bench-result.ts';
import type { DirectorySyncRun, DirectorySyncWorld } from './directory-sync-run.ts';

const aim = 0.9;
export interface DirectorySyncSize {
  readonly records: number;
  /** What kintone takes for an answer besides its work: a real one takes some hundred milliseconds. */
  readonly latencyMs: number;
}

const crms = ['salesforce', 'kintone'] as const;

/**
 * A first load of so many customers out of each sandbox into a directory on SQLite, against the vendor's client alone reading the
 * same pages (bulk query parts, pages by `$id`) and keeping nothing. CRM, baseline and we have a process each; the ratio is the
 * slower CRM's. On a machine with two cores ours needs both: the CRM's process and the writing thread share them with us.
 */
export async function benchDirectorySync({ records, latencyMs }: DirectorySyncSize): Promise<BenchResult> {
  const measured: { crm: string; ours: DirectorySyncRun; alone: DirectorySyncRun }[] = [];
  for (const crm of crms) {
    const server = fork(path.join(import.meta.dirname, 'directory-sync-server.ts'), [crm, String(records), String(latencyMs)]);
    try {
      const access = (await answerOf(server, `the sandbox ${crm}`)) as Omit<DirectorySyncWorld, 'crm'>;
      const alone = await run('alone', { crm, ...access });
      const ours = await run('ours', { crm, ...access });
      if (ours.records !== records || alone.records !== records) {
        throw new Error(`of ${records} records of ${crm} ${ours.records} and ${alone.records} were read`);
      }
      measured.push({ crm, ours, alone });
    } finally {
      server.kill();
    }
  }
  const ratios = measured.map(({ ours, alone }) => alone.ms / ours.ms);
  const slowest = measured[ratios.indexOf(Math.min(...ratios))];
  const ratio = Math.min(...ratios);
  return {
    name: `first load of ${records.toLocaleString('en')} customers, the slower CRM`,
    ...{ ours: rateOf(slowest?.ours), baseline: rateOf(slowest?.alone), ratio, unit: 'records/s' },
    aim: `≥ ${aim} × the speed of the vendor’s client alone reading the same pages`,
    passes: ratio >= aim,
    detail: {
      ...Object.fromEntries(measured.map(({ crm, ...runs }, index) => [crm, { ratio: ratios[index], ...runs }])),
      latencyMs,
      loadAverage: loadavg()[0] ?? 0,
    },
  };
}

async function run(side: 'ours' | 'alone', world: DirectorySyncWorld): Promise<DirectorySyncRun> {
  const child = fork(path.join(import.meta.dirname, 'directory-sync-run.ts'));
  const ended = once(child, 'exit');
  child.send({ side, world });
  const answer = (await answerOf(child, `the run of ${side}`)) as DirectorySyncRun;
  await ended;
  return answer;
}

/** The first message of a process; an error when it ends without one. */
function answerOf(child: ChildProcess, who: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('exit', () => reject(new Error(`${who} ended without an answer`)));
  });
}

function rateOf(measured: DirectorySyncRun | undefined): number {
  return measured === undefined ? 0 : Math.round((measured.records * 1_000) / measured.ms);
}
