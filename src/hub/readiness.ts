/** What the hub depends on, each by name, as `/readyz` and the admin page show it. */
import { sql } from 'kysely';
import type { Journal } from '../calls/journal.ts';
import type { Dependency } from '../http/health-routes.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import type { Store } from '../store/open-database.ts';
import type { PbxState } from '../telephony/pbx-state.ts';
import type { OwedAdmin } from '../write-back/owed-admin.ts';
import type { ConnectorHold } from '../write-back/owed-record.ts';
import type { Crms } from './crms.ts';

export interface ReadinessDeps {
  readonly store: Store;
  readonly jobs: Jobs;
  readonly jobsAreOnRedis: boolean;
  readonly crms: Crms;
  readonly mappings: MappingStore;
  readonly owedAdmin: Pick<OwedAdmin, 'holds'>;
  readonly journal: Pick<Journal, 'pending'>;
  readonly pbxStates: () => readonly PbxState[];
  readonly stasisStates: () => readonly Omit<PbxState, 'ear'>[];
}

export function createReadiness(deps: ReadinessDeps): () => Promise<readonly Dependency[]> {
  return async () => {
    const [database, queue, connectors] = await Promise.all([databaseOf(deps), queueOf(deps), connectorsOf(deps)]);
    const pbxStates = deps.pbxStates();
    const doors = deps.stasisStates().map(stasisOf);
    return [...pbxStates.map((state) => pbxOf(state, pbxStates)), ...doors, database, queue, ...connectors];
  };
}

const pbxWordsJa: Readonly<Record<PbxState['ear'], Readonly<Record<PbxState['state'], string>>>> = {
  ami: {
    connecting: '接続しています。',
    listening: '受信中です。',
    refused: 'PBX がログインを拒否しています。manager.conf のユーザーと AMI_USER・AMI_SECRET を確認してください。',
    unreachable: 'PBX に接続できません。自動で再接続しています。AMI_HOST・AMI_PORT とネットワークを確認してください。',
    stopped: '停止しました。',
  },
  ari: {
    connecting: 'ARI に接続しています。',
    listening: 'ARI で受信中です。',
    refused: 'PBX が ARI の接続を拒否しています。ari.conf のユーザー・パスワードとアプリケーション名を確認してください。',
    unreachable: 'PBX の ARI に接続できません。自動で再接続しています。URL、http.conf、ネットワークを確認してください。',
    stopped: 'ARI の受信を停止しました。',
  },
};

/** Where a PBX is heard by both, one ear is enough: the other is told of, and asked for by nobody. */
function pbxOf({ pbx, ear, state, detail, remedy }: PbxState, all: readonly PbxState[]): Dependency {
  const told = remedy === null ? detail : `${detail} ${remedy}`;
  const ok = state === 'listening';
  const words = pbxWordsJa[ear][state];
  const detailJa = ok && remedy === null ? words : `${words} (${told})`;
  const others = all.filter((other) => other.pbx === pbx && other.ear !== ear);
  const name = others.length === 0 ? pbx : `${pbx} (${ear.toUpperCase()})`;
  return { name, kind: 'pbx', ok, detail: told, detailJa, optional: others.some((other) => other.state === 'listening') };
}

/** The dialplan goes on without us. */
function stasisOf({ pbx, state, detail, remedy }: Omit<PbxState, 'ear'>): Dependency {
  const told = remedy === null ? detail : `${detail} ${remedy}`;
  const ok = state === 'listening';
  const detailJa = ok ? 'ダイヤルプランの問い合わせに応答しています。' : `${pbxWordsJa.ari[state]} (${told})`;
  return { name: `${pbx} (Stasis)`, kind: 'pbx', ok, detail: told, detailJa, optional: true };
}

/** Calls wait for the ledger for moments; when many do, it does not take them. */
const MANY_WAITING = 100;

async function databaseOf({ store, journal }: ReadinessDeps): Promise<Dependency> {
  const name = store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL';
  const problem = await sql`select 1`.execute(store.db).then(() => null, wordsOf);
  const { pending } = journal;
  const base = { name, kind: 'database', ok: problem === null && pending < MANY_WAITING, optional: false } as const;
  if (problem !== null) return { ...base, detail: problem, detailJa: `データベースが応答しません (${problem})` };
  if (base.ok) return { ...base, detail: 'Answers.', detailJa: '応答しています。' };
  const detail = `${pending} calls wait to be written: check the disk and what else uses the database.`;
  return { ...base, detail, detailJa: `${pending} 件の通話が書き込みを待っています。ディスクの空きと負荷を確認してください。` };
}

/** A lost Redis delays syncs and write-back, it loses nothing: pops go on. */
async function queueOf({ jobs, jobsAreOnRedis }: ReadinessDeps): Promise<Dependency> {
  const name = jobsAreOnRedis ? 'Redis' : 'jobs';
  const told = await jobs.counts().then(
    ({ waiting, running, delayed }) => ({
      ok: true,
      detail: `${running} running, ${waiting} waiting, ${delayed} later.`,
      detailJa: `ジョブ: 実行中 ${running}、待ち ${waiting}、予定 ${delayed}`,
    }),
    (error: unknown) => ({ ok: false, detail: wordsOf(error), detailJa: `Redis が応答しません (${wordsOf(error)})` }),
  );
  return { name, kind: 'queue', optional: true, ...told };
}

const heldJa: Readonly<Record<ConnectorHold['kind'], string>> = {
  unreachable: 'CRM に接続できません。',
  rateLimited: 'CRM の利用上限に達しました。',
  unauthorized: 'CRM の認証に失敗しました。',
  heldBack: '1 日の上限が近いため、着信時の検索に残りを取り置いています。',
};

async function connectorsOf({ crms, mappings, owedAdmin }: ReadinessDeps): Promise<readonly Dependency[]> {
  const holds = await owedAdmin.holds().catch(() => []);
  const files = mappings.problems();
  return crms.connectors.map(({ name }) => {
    const hold = holds.find(({ connector }) => connector === name);
    const broken = files.find(({ file }) => file === `${name}.yaml`);
    const [drift] = crms.drift(name);
    const found = [
      hold === undefined
        ? null
        : { en: `Writing is held: ${hold.reason}`, ja: `書き込みを保留しています: ${heldJa[hold.kind]} (${hold.reason})` },
      crms.mappingOf(name) !== null
        ? null
        : {
            en: 'No mapping is in force: run "toritsugi mappings check".',
            ja: '有効なマッピングがありません。toritsugi mappings check を実行してください。',
          },
      broken === undefined
        ? null
        : {
            en: `${broken.file} has ${broken.problems.length} problem(s); the last good version is in force.`,
            ja: `${broken.file} に問題が ${broken.problems.length} 件あります。最後の正しい版で動いています。`,
          },
      drift === undefined
        ? null
        : { en: `The mapping does not fit the CRM: ${drift.en}`, ja: `マッピングが CRM と合いません: ${drift.ja}` },
    ].filter((words) => words !== null);
    return {
      ...{ name, kind: 'connector', optional: true, ok: found.length === 0 },
      detail: found.map(({ en }) => en).join(' ') || 'Nothing is held.',
      detailJa: found.map(({ ja }) => ja).join(' ') || '保留中の書き込みはありません。',
    };
  });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
