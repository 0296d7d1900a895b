/** What the desk asks of the rest of the hub. */
import type { ChoiceStore } from '../callers/choice-store.ts';
import { type ReadOptions, readNumber } from '../callers/phone-number.ts';
import type { CallerResolver } from '../callers/resolve-caller.ts';
import type { CallRecord, LiveCall } from '../calls/call.ts';
import type { Journal } from '../calls/journal.ts';
import type { Ledger } from '../calls/ledger-store.ts';
import type { CallBookPorts, DeskAgent, DeskPorts, EarlierCall } from '../desk/desk-ports.ts';
import type { DraftStore } from '../desk/draft-store.ts';
import { Problem } from '../http/problem.ts';
import type { Outcome } from '../mappings/outcomes.ts';
import type { Crms } from './crms.ts';

export interface DeskJointsDeps {
  readonly liveCalls: () => readonly LiveCall[];
  readonly ledger: Ledger;
  readonly journal: Pick<Journal, 'flush'>;
  readonly drafts: DraftStore;
  readonly choices: ChoiceStore;
  readonly resolver: () => CallerResolver;
  readonly outcomes: () => readonly Outcome[];
  readonly crms: Pick<Crms, 'connectors' | 'mappingOf'>;
  readonly agents: readonly DeskAgent[];
  readonly numbers: ReadOptions;
  readonly now: () => number;
}

const RECORD_AWAY = 'The chosen record is not found with this number just now: is its CRM away? Choose it again later.';
const LOOK_UP_TIMEOUT_MS = 10_000;
const MOST_WRITTEN = 10_000;

export function deskPorts(deps: DeskJointsDeps): DeskPorts & CallBookPorts {
  const { ledger, journal, drafts, choices, now } = deps;
  const lookUpCaller = (number: string) =>
    deps.resolver().resolve({ raw: number, number, withheld: false }, AbortSignal.timeout(LOOK_UP_TIMEOUT_MS));
  const read = (text: string) => {
    const found = readNumber(text, deps.numbers);
    return found.kind === 'number' ? found : null;
  };

  return {
    liveCalls: deps.liveCalls,
    callsWithoutOutcome: ledger.withoutOutcome,
    earlierCalls: async (number, limit) => (await ledger.earlierWith(number, limit)).map(earlierCall),
    connectors: () =>
      deps.crms.connectors.map(({ name, label }) => ({
        ...{ name, label },
        takesFollowUps: deps.crms.mappingOf(name)?.followUp !== undefined,
      })),
    outcomes: () =>
      deps
        .outcomes()
        .map(({ code, label, shortcut, directions, needsRecall }) => ({ code, label, shortcut, directions, needsRecall })),
    agents: () => deps.agents,
    lookUpCaller,
    async saveOutcome(callId, outcome, notes, by) {
      await journal.flush();
      await ledger.setOutcome(callId, { outcome, notes, by, at: now() });
    },
    async saveFollowUp(callId, followUp, by) {
      await journal.flush();
      // The draft keeps a blank at the end, behind which somebody may be about to write on.
      const note = followUp?.note.trim() ?? '';
      const promised = followUp && { dueAt: followUp.dueAt, note: note === '' ? null : note };
      await ledger.setFollowUp(callId, { followUp: promised, by, at: now() });
    },
    async chooseRecord(callId, connector, record, by) {
      await journal.flush();
      const call = await ledger.find(callId);
      const number = call?.customer?.number ?? null;
      if (number !== null && record !== null) await choices.remember({ number, connector, ...record, by });
      if (number !== null && record === null) await choices.forget(number, connector);
      const match = number === null ? nobody : await lookUpCaller(number);
      const chosen = record === null ? null : (match.records.find((one) => isSame(one, connector, record)) ?? null);
      // It was shown a moment ago. To write "nobody" instead would be the opposite of what the operator means.
      if (record !== null && chosen === null) throw new Problem(503, 'record-away', RECORD_AWAY);
      const named = chosen === null ? null : { object: chosen.object, id: chosen.id, name: chosen.name };
      await ledger.setMatch(callId, { connector, record: named, by, at: now() });
      return match;
    },
    readDrafts: drafts.recent,
    keepDraft: drafts.keep,
    nationalNumber: remembering((number) => read(number)?.national ?? number),
    listCalls: ledger.list,
    listFollowUps: ledger.followUps,
    findCall: ledger.find,
    readNumber: (text) => read(text)?.e164 ?? null,
  };
}

/** Every change of a call shows its numbers anew, at every desk it concerns; how they are written never changes. */
function remembering(write: (number: string) => string): (number: string) => string {
  const written = new Map<string, string>();
  return (number) => {
    const known = written.get(number);
    if (known !== undefined) return known;
    const [oldest] = written.keys();
    if (written.size >= MOST_WRITTEN && oldest !== undefined) written.delete(oldest);
    const text = write(number);
    written.set(number, text);
    return text;
  };
}

const nobody = { kind: 'unknown', records: [], chosen: {}, unasked: [] } as const;

function isSame(
  one: { readonly connector: string; readonly object: string; readonly id: string },
  connector: string,
  record: { readonly object: string; readonly id: string },
): boolean {
  return one.connector === connector && one.object === record.object && one.id === record.id;
}

function earlierCall(call: CallRecord): EarlierCall {
  return {
    callId: call.id,
    at: call.startedAt,
    direction: call.direction,
    agent: call.spokeWith.at(-1) ?? null,
    result: call.result,
    talkSeconds: call.talkSeconds,
    outcome: call.outcome,
    notes: call.notes,
  };
}
