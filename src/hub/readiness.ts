/** What the hub depends on, each by name, as `/readyz` and the admin page show it. */
import { sql } from 'kysely';
import type { Dependency } from '../http/health-routes.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import type { Store } from '../store/open-database.ts';
import type { PbxState } from '../telephony/pbx-state.ts';
import type { OwedAdmin } from '../write-back/owed-admin.ts';
import type { Crms } from './crms.ts';

export interface ReadinessDeps {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly jobsAreOnRedis: boolean;
  readonly crms: Crms;
  readonly mappings: MappingStore;
  readonly owedAdmin: Pick<OwedAdmin, 'holds'>;
  readonly pbxStates: () => readonly PbxState[];
}

export function createReadiness(deps: ReadinessDeps): () => Promise<readonly Dependency[]> {
  return async () => {
    const [database, queue, connectors] = await Promise.all([databaseOf(deps), queueOf(deps), connectorsOf(deps)]);
    return [...deps.pbxStates().map(pbxOf), database, queue, ...connectors];
  };
}

function pbxOf({ pbx, state, detail, remedy }: PbxState): Dependency {
  const told = remedy === null ? detail : `${detail} ${remedy}`;
  return { name: pbx, kind: 'pbx', ok: state === 'listening', detail: told, optional: false };
}

async function databaseOf({ store }: ReadinessDeps): Promise<Dependency> {
  const name = store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL';
  const problem = await sql`select 1`.execute(store.db).then(() => null, wordsOf);
  return { name, kind: 'database', ok: problem === null, detail: problem ?? 'Answers.', optional: false };
}

/** A lost Redis delays syncs and write-back, it loses nothing: pops go on. */
async function queueOf({ jobs, jobsAreOnRedis }: ReadinessDeps): Promise<Dependency> {
  const name = jobsAreOnRedis ? 'Redis' : 'jobs in this process';
  const told = await jobs.counts().then(
    ({ waiting, running, delayed }) => ({ ok: true, detail: `${running} running, ${waiting} waiting, ${delayed} later.` }),
    (error: unknown) => ({ ok: false, detail: wordsOf(error) }),
  );
  return { name, kind: 'queue', optional: true, ...told };
}

async function connectorsOf({ crms, mappings, owedAdmin }: ReadinessDeps): Promise<readonly Dependency[]> {
  const holds = await owedAdmin.holds().catch(() => []);
  const files = mappings.problems();
  return crms.connectors.map(({ name }) => {
    const hold = holds.find(({ connector }) => connector === name);
    const broken = files.find(({ file }) => file === `${name}.yaml`);
    const drift = crms.drift(name);
    const words = [
      ...(hold === undefined ? [] : [`Held since ${new Date(hold.since).toISOString()}: ${hold.reason}`]),
      ...(crms.mappingOf(name) === null ? ['No mapping is in force: run "toritsugi mappings check".'] : []),
      ...(broken === undefined
        ? []
        : [`${broken.file} has ${broken.problems.length} problem(s); the last good version is in force.`]),
      ...(drift.length === 0 ? [] : [`The mapping does not fit the CRM: ${drift[0]}`]),
    ];
    return { name, kind: 'connector', ok: words.length === 0, detail: words.join(' ') || 'Nothing is held.', optional: true };
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
