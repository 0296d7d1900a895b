import { sql } from 'kysely';
import type { Settings } from '../config/read-settings.ts';
import { openJobs, openStore } from '../hub/open-parts.ts';
import { asTheyAre, type Finding, failure, fine, words } from '../telephony/check-finding.ts';
import { silent, wordsOf } from './doctor-silence.ts';

const answerMs = 10_000;

export async function examineDatabase(settings: Settings): Promise<Finding> {
  const name = words('database', 'データベース');
  try {
    const store = await openStore(settings, silent);
    await sql`select 1`.execute(store.db);
    await store.close();
    const kind = store.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL';
    return fine(name, words(`${kind} answers, schema up to date`, `${kind} が応答し、スキーマは最新です`));
  } catch (error) {
    const remedy = words(
      'Check DATABASE_URL and TORITSUGI_DATA_DIR (exists? writable? server running?).',
      'DATABASE_URL と TORITSUGI_DATA_DIR を確認してください(存在、書き込み権限、サーバーの起動)。',
    );
    return failure(name, asTheyAre(wordsOf(error)), remedy);
  }
}

export async function examineJobs(settings: Settings): Promise<Finding> {
  const name = words('jobs', 'ジョブ');
  const { jobs, jobsAreOnRedis } = openJobs(settings, silent);
  if (!jobsAreOnRedis) {
    return fine(name, words('in this process (no REDIS_URL)', 'ハブのプロセス内で実行します(REDIS_URL なし)'));
  }
  try {
    jobs.define({ name: 'doctor', concurrency: 1, attempts: 1, backoffMs: () => 0, run: async () => {} });
    await within(jobs.start().then(() => jobs.counts()));
    return fine(name, words('Redis answers', 'Redis が応答します'));
  } catch (error) {
    const remedy = words('Check REDIS_URL and that Redis is running.', 'REDIS_URL と Redis の起動を確認してください。');
    return failure(name, asTheyAre(wordsOf(error)), remedy);
  } finally {
    await jobs.close(1_000);
  }
}

async function within<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), answerMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
