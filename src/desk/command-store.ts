import type { Kysely, Transaction } from 'kysely';
import { z } from 'zod';
import type { CallId } from '../calls/call.ts';
import type { Database } from '../store/schema.ts';
import type { CommandEnd, CommandKind } from './command.ts';

/** A command as it was asked; noted before anything is sent. */
export interface NotedCommand {
  readonly key: string;
  /** The extension that asks. */
  readonly who: string;
  readonly kind: CommandKind;
  /** Of everything that was asked, and by whom. */
  readonly requestHash: string;
  readonly callId: CallId | null;
  /** The extension whose phone it rings; null when it rings none. */
  readonly dialling: string | null;
}

export interface KnownCommand extends NotedCommand {
  /** Null: noted, and nothing is known of its end. */
  readonly end: CommandEnd | null;
}

export type Noting =
  /** Noted now, by us and by nobody else: go on. */
  | { readonly kind: 'new' }
  /** The key is known. */
  | { readonly kind: 'known'; readonly command: KnownCommand }
  /** That phone is being rung, or was asked for the very same a moment ago. */
  | { readonly kind: 'dialling'; readonly command: KnownCommand };

/**
 * The memory that makes commands idempotent, over restarts and for any number of hubs on one database: of two who note the same
 * key, or dial for the same phone, at the same moment, exactly one is told `new`.
 */
export interface CommandStore {
  note(command: NotedCommand): Promise<Noting>;
  find(key: string): Promise<KnownCommand | null>;
  /** Keeps the first end it is given. */
  settle(key: string, end: CommandEnd): Promise<void>;
  /** Nothing came of it, and nothing was sent: the key is as if never used. */
  forget(key: string): Promise<void>;
  /** At the start of the hub: what was under way when it stopped keeps no phone from being rung, and old commands are forgotten. */
  restart(): Promise<void>;
}

/** Asking for the same again within this time is a double click. */
export const REPEAT_GUARD_MS = 3_000;
/** No command goes on for longer; see `longestOriginateMs`. */
const LONGEST_MS = 300_000;
const KEPT_FOR_MS = 30 * 24 * 3_600_000;

const endShape = z.union([
  z.object({ state: z.literal('done'), result: z.string(), slot: z.string().nullable() }),
  z.object({ state: z.literal('refused'), reason: z.string(), detail: z.string() }),
  z.object({ state: z.literal('unknown') }),
]);

export function createCommandStore(db: Kysely<Database>, now: () => number): CommandStore {
  async function note(tx: Transaction<Database>, command: NotedCommand): Promise<Noting> {
    const { key, who, kind, requestHash, callId, dialling } = command;
    if (dialling !== null) await freePhone(tx, dialling, requestHash);
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('commands')
      .values({
        ...{ key, who, kind, request_hash: requestHash, call_id: callId, state: 'noted', answer: null, dialling },
        ...{ noted_at: now(), settled_at: null },
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (Number(numInsertedOrUpdatedRows ?? 0) > 0) return { kind: 'new' };
    const known = await read(tx, 'key', key);
    if (known !== null) return { kind: 'known', command: known };
    const other = dialling === null ? null : await read(tx, 'dialling', dialling);
    if (other !== null) return { kind: 'dialling', command: other };
    throw new Error(`The command ${key} could be neither noted nor found.`);
  }

  /** What is over rings the phone no longer; only its repetition waits a moment. */
  function freePhone(tx: Transaction<Database>, dialling: string, requestHash: string): Promise<unknown> {
    const at = now();
    return tx
      .updateTable('commands')
      .set({ dialling: null })
      .where('dialling', '=', dialling)
      .where((where) =>
        where.or([
          where('noted_at', '<', at - LONGEST_MS),
          where.and([
            where('state', '!=', 'noted'),
            where.or([where('request_hash', '!=', requestHash), where('noted_at', '<=', at - REPEAT_GUARD_MS)]),
          ]),
        ]),
      )
      .execute();
  }

  return {
    note: (command) => db.transaction().execute((tx) => note(tx, command)),
    find: (key) => read(db, 'key', key),
    async settle(key, end) {
      await db
        .updateTable('commands')
        .set({ state: end.state, answer: JSON.stringify(end), settled_at: now() })
        .where('key', '=', key)
        .where('state', '=', 'noted')
        .execute();
    },
    async forget(key) {
      await db.deleteFrom('commands').where('key', '=', key).where('state', '=', 'noted').execute();
    },
    async restart() {
      await db
        .deleteFrom('commands')
        .where('noted_at', '<', now() - KEPT_FOR_MS)
        .execute();
      await db.updateTable('commands').set({ dialling: null }).where('dialling', 'is not', null).execute();
    },
  };
}

async function read(db: Kysely<Database>, by: 'key' | 'dialling', value: string): Promise<KnownCommand | null> {
  const row = await db.selectFrom('commands').selectAll().where(by, '=', value).executeTakeFirst();
  if (row === undefined) return null;
  return {
    key: row.key,
    who: row.who,
    kind: row.kind as CommandKind,
    requestHash: row.request_hash,
    callId: row.call_id as CallId | null,
    dialling: row.dialling,
    end: row.answer === null ? null : (endShape.parse(JSON.parse(row.answer)) as CommandEnd),
  };
}
