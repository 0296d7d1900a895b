/** Kysely on one SQLite file: what only reads is answered here and now, everything else goes to the writing thread, in turn. */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  SelectQueryNode,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDialectConfig,
} from 'kysely';
import type { SqliteWriter } from './sqlite-writer.ts';

export interface TwoLanes {
  /** Reads on this thread. */
  readonly read: <Row>(query: CompiledQuery) => QueryResult<Row>;
  readonly writer: SqliteWriter;
}

export class TwoLaneSqliteDialect extends SqliteDialect {
  readonly #lanes: TwoLanes;

  constructor(lanes: TwoLanes) {
    super({} as SqliteDialectConfig);
    this.#lanes = lanes;
  }

  override createAdapter(): SqliteAdapter {
    return new TwoLaneAdapter();
  }

  override createDriver(): Driver {
    return new TwoLaneDriver(this.#lanes);
  }
}

/** Otherwise Kysely lets one connection in at a time, and a read would wait for the transaction under way after all. */
class TwoLaneAdapter extends SqliteAdapter {
  override get supportsMultipleConnections(): boolean {
    return true;
  }
}

/**
 * Whoever writes holds the writing lane until the connection is given back: a transaction's statements must not mix with others'.
 * Reads outside a transaction never wait for it; they see what was committed last.
 */
class Connection implements DatabaseConnection {
  readonly #lanes: TwoLanes;
  readonly #enter: () => Promise<() => void>;
  #leave: (() => void) | null = null;

  constructor(lanes: TwoLanes, enter: () => Promise<() => void>) {
    this.#lanes = lanes;
    this.#enter = enter;
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    if (this.#leave === null && SelectQueryNode.is(query.query)) return this.#lanes.read<Row>(query);
    this.#leave ??= await this.#enter();
    return this.#lanes.writer.execute<Row>(query);
  }

  // biome-ignore lint/correctness/useYield: the port asks for a generator, and nothing of ours streams from SQLite
  async *streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('Streaming from SQLite is not supported: read in pages.');
  }

  release(): void {
    this.#leave?.();
    this.#leave = null;
  }
}

class TwoLaneDriver implements Driver {
  readonly #lanes: TwoLanes;
  #last: Promise<void> = Promise.resolve();

  constructor(lanes: TwoLanes) {
    this.#lanes = lanes;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<Connection> {
    return new Connection(this.#lanes, () => this.#enter());
  }

  /**
   * Transactions take the write lock at once: one that starts by reading and writes later would fail with "database is locked"
   * however long it waited, because its snapshot is old. https://www.sqlite.org/lang_transaction.html
   */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    if (connection instanceof Connection) connection.release();
  }

  async destroy(): Promise<void> {
    await this.#last;
    await this.#lanes.writer.close();
  }

  async #enter(): Promise<() => void> {
    const before = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = before.then(() => promise);
    await before;
    return resolve;
  }
}
