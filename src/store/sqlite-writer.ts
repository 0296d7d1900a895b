/** Our end of the thread that writes the SQLite file. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { CompiledQuery, QueryResult } from 'kysely';

export interface WriterRequest {
  readonly id: number;
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

export type WriterAnswer =
  | { readonly id: number; readonly rows: readonly unknown[] }
  | { readonly id: number; readonly changes: bigint; readonly lastInsertRowid: bigint }
  | { readonly id: number; readonly failed: { readonly code: string; readonly message: string } };

/** What SQLite said; `code` is its own, for example `SQLITE_BUSY`. */
export class SqliteFailed extends Error {
  override readonly name = 'SqliteFailed';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

export interface SqliteWriter {
  /** One statement after the other. @throws SqliteFailed */
  execute<Row>(query: CompiledQuery): Promise<QueryResult<Row>>;
  close(): Promise<void>;
}

interface Waiting {
  readonly resolve: (answer: WriterAnswer) => void;
  readonly reject: (error: Error) => void;
}

export function openSqliteWriter(file: string): SqliteWriter {
  const thread = new Worker(new URL('./sqlite-writer-thread.ts', import.meta.url), { workerData: file });
  const waiting = new Map<number, Waiting>();
  let nextId = 1;
  let ended: Error | null = null;

  // Nothing under way: the thread alone must not keep the process.
  thread.unref();
  thread.on('message', (answer: WriterAnswer) => {
    waiting.get(answer.id)?.resolve(answer);
    waiting.delete(answer.id);
    if (waiting.size === 0) thread.unref();
  });
  thread.on('error', (error: Error) => end(error));
  thread.on('exit', () => end(new SqliteFailed('SQLITE_CLOSED', 'The database is closed.')));

  function end(error: Error): void {
    ended ??= error;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  }

  return {
    async execute<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      if (ended !== null) throw ended;
      const id = nextId++;
      const answer = await new Promise<WriterAnswer>((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        thread.ref();
        thread.postMessage({ id, sql, parameters } satisfies WriterRequest);
      });
      if ('failed' in answer) throw new SqliteFailed(answer.failed.code, answer.failed.message);
      if ('rows' in answer) return { rows: answer.rows as Row[] };
      return { rows: [], numAffectedRows: answer.changes, insertId: answer.lastInsertRowid };
    },
    async close() {
      if (ended !== null) return;
      const gone = once(thread, 'exit');
      thread.ref();
      thread.postMessage('close');
      await gone;
    },
  };
}
