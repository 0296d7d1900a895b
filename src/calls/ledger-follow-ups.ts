import { agentOfCall } from './agent-of-call.ts';
import type { CallFollowUp, CallId, CallRecord } from './call.ts';
import { type Reader, readCalls } from './ledger-read.ts';
import { BadPageMark } from './page-mark.ts';

export interface FollowUpQuery {
  /** At most 200. */
  readonly limit: number;
  /** The `next` of the page before; null for the first to come due. */
  readonly after: string | null;
  /** The extension whose it is; null for everybody's. */
  readonly agent: string | null;
}

/** A call with an open follow-up. */
export type CallToFollowUp = CallRecord & { readonly followUp: CallFollowUp };

export interface FollowUpPage {
  /** The next due first. */
  readonly calls: readonly CallToFollowUp[];
  /** Where the next page begins; null at the end. With an agent a page can be short, or empty, before the end. */
  readonly next: string | null;
}

const MOST_FOLLOW_UPS = 200;

export async function listFollowUps(db: Reader, { limit, after, agent }: FollowUpQuery): Promise<FollowUpPage> {
  const most = Math.min(Math.max(1, limit), MOST_FOLLOW_UPS);
  let selection = db
    .selectFrom('calls')
    .select(['id', 'follow_up_due_at'])
    .where('follow_up_due_at', 'is not', null)
    .orderBy('follow_up_due_at')
    .orderBy('id')
    .limit(most + 1);
  if (agent !== null) {
    const withAgent = db.selectFrom('call_agents').select('call_id').where('extension', '=', agent);
    selection = selection.where('id', 'in', withAgent);
  }
  if (after !== null) {
    const mark = readMark(after);
    selection = selection.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('follow_up_due_at', 'id'), '>', tuple(mark.dueAt, mark.id)),
    );
  }
  const rows = await selection.execute();
  const page = rows.slice(0, most);
  const ids = page.map(({ id }) => id as CallId);
  const found = new Map((await readCalls(db, ids)).map((call) => [call.id, call]));
  const last = page.at(-1);
  return {
    calls: ids
      .flatMap((id) => found.get(id) ?? [])
      .filter(isToFollowUp)
      .filter((call) => agent === null || agentOfCall(call) === agent),
    next: rows.length > most && last !== undefined ? `${last.follow_up_due_at}~${last.id}` : null,
  };
}

function isToFollowUp(call: CallRecord): call is CallToFollowUp {
  return call.followUp?.state === 'open';
}

/** @throws BadPageMark */
function readMark(mark: string): { readonly dueAt: number; readonly id: string } {
  const [, dueAt, id] = /^(\d{1,15})~(.{1,200})$/.exec(mark) ?? [];
  if (dueAt === undefined || id === undefined) throw new BadPageMark('The mark of the page is not one this list gave out.');
  return { dueAt: Number(dueAt), id };
}
