import { fork } from 'node:child_process';
import { once } from 'node:events';
import { loadavg } from 'node:os';
import path from 'node:path';
import type { BenchResult } from './bench-result.ts';
import type { DirectorySyncRun, DirectorySyncWorld } from './directory-sync-run.ts';
import { firstAnswer } from './first-answer.ts';

const aim = 0.9;
/** A page of kintone takes a tenth of a second whatever we do: a part of the records says as much as all. */
const pacedPartOfKintone = 5;

type Crm = DirectorySyncWorld['crm'];

interface Compared {
  readonly ours: DirectorySyncRun;
  readonly alone: DirectorySyncRun;
  readonly ratio: number;
}

/**
 * A first load of so many customers out of each sandbox into a directory on SQLite, against the vendor's client alone reading the
 * same pages (bulk query parts, pages by `$id`) and keeping nothing. CRM, baseline and we have a process each. Both are measured at
 * a vendor's pace, where the slower CRM's ratio is judged, and against a CRM that takes no time, whose process then shares two cores
 * with us: whatever ours does besides reading is seen there.
 */
export async function benchDirectorySync({ records }: { readonly records: number }): Promise<BenchResult> {
  const atVendorsPace = {
    salesforce: await compare('salesforce', records, 'vendor'),
    kintone: await compare('kintone', Math.ceil(records / pacedPartOfKintone), 'vendor'),
  };
  const atOnce = {
    salesforce: await compare('salesforce', records, 'instant'),
    kintone: await compare('kintone', records, 'instant'),
  };
  const slower = slowerOf(atVendorsPace);
  return {
    name:
      `first load of ${records.toLocaleString('en')} customers at a vendor’s pace, the slower CRM ` +
      `(one that takes no time: ${slowerOf(atOnce).ratio.toFixed(2)} ×)`,
    ...{ ours: rateOf(slower.ours), baseline: rateOf(slower.alone), ratio: slower.ratio, unit: 'records/s' },
    aim: `≥ ${aim} × the speed of the vendor’s client alone reading the same pages`,
    passes: slower.ratio >= aim,
    detail: { atVendorsPace, atOnce, loadAverage: loadavg()[0] ?? 0 },
  };
}

async function compare(crm: Crm, records: number, pace: 'vendor' | 'instant'): Promise<Compared> {
  const server = fork(path.join(import.meta.dirname, 'directory-sync-server.ts'), [crm, String(records), pace]);
  try {
    const access = (await firstAnswer(server, `the sandbox ${crm}`)) as Omit<DirectorySyncWorld, 'crm'>;
    const alone = await run('alone', { crm, ...access });
    const ours = await run('ours', { crm, ...access });
    if (ours.records !== records || alone.records !== records) {
      throw new Error(`of ${records} records of ${crm} ${ours.records} and ${alone.records} were read`);
    }
    return { ours, alone, ratio: alone.ms / ours.ms };
  } finally {
    server.kill();
  }
}

async function run(side: 'ours' | 'alone', world: DirectorySyncWorld): Promise<DirectorySyncRun> {
  const child = fork(path.join(import.meta.dirname, 'directory-sync-run.ts'));
  const ended = once(child, 'exit');
  child.send({ side, world });
  const answer = (await firstAnswer(child, `the run of ${side}`)) as DirectorySyncRun;
  await ended;
  return answer;
}

function slowerOf(compared: Readonly<Record<Crm, Compared>>): Compared {
  const { salesforce, kintone } = compared;
  return salesforce.ratio < kintone.ratio ? salesforce : kintone;
}

function rateOf({ records, ms }: DirectorySyncRun): number {
  return Math.round((records * 1_000) / ms);
}
