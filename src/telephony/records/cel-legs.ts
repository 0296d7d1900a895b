import { type Endpoint, endpointOfChannel, type Numbering } from '../numbering.ts';
import type { ChannelFacts } from '../telephony-event.ts';
import type { CdrRow, CelRow } from './record-rows.ts';
import { each, groupedBy, type Unhurried } from './unhurried.ts';

/** One channel's whole life as CEL wrote it, so that an early row can be read in the light of a later one. */
export interface Leg {
  readonly id: string;
  readonly endpoint: Endpoint;
  /** The PBX made it to call somebody. */
  readonly outgoing: boolean;
  readonly rows: readonly CelRow[];
  readonly names: ReadonlySet<string>;
  readonly end: CelRow | null;
}

const longestText = 256;
/** The applications Asterisk shows on a channel it calls somebody with. */
const outgoingApps = new Set(['AppDial', 'AppDial2', 'AppQueue']);

export function* legsOf(rows: readonly CelRow[], numbering: Numbering): Unhurried<ReadonlyMap<string, Leg>> {
  const legs = new Map<string, Leg>();
  yield* each(yield* groupedBy(rows, ({ channelId }) => channelId), ([id, own]) => {
    const [first] = own;
    if (first === undefined) return;
    const endpoint = endpointOfChannel(numbering, first.channel);
    // Whoever picks up another's call takes over its application later.
    const isCalled = first.linkedId !== id || outgoingApps.has(own.find(({ app }) => app !== '')?.app ?? '');
    legs.set(id, {
      id,
      endpoint,
      outgoing: endpoint.localHalf === null ? isCalled : endpoint.localHalf === 1,
      rows: own,
      names: new Set(own.map(({ channel }) => channel)),
      end: own.find(({ event }) => event === 'HANGUP') ?? own.find(({ event }) => event === 'CHAN_END') ?? null,
    });
  });
  return legs;
}

export function factsOf(leg: Leg, row: CelRow, up: boolean): ChannelFacts {
  return {
    id: leg.id,
    linkedId: row.linkedId === '' ? null : row.linkedId,
    party: leg.endpoint.party,
    extension: leg.endpoint.extension,
    localPair: leg.endpoint.localPair,
    localHalf: leg.endpoint.localHalf,
    outgoing: leg.outgoing,
    up,
    callerNumber: limited(row.callerNumber),
    callerName: limited(row.callerName?.replace(/\\(["\\])/g, '$1') ?? null),
    dialled: limited(row.exten === '' ? null : row.exten),
  };
}

function limited(text: string | null): string | null {
  return text === null || text.length <= longestText ? text : text.slice(0, longestText);
}

/** An originated leg is first seen with its own number; what it was shown stands in the rows of the application that called it. */
export function isOriginated(leg: Leg): boolean {
  return leg.rows.some(({ app }) => app === 'AppDial2');
}

export function textIn(extra: CelRow['extra'], key: string): string | null {
  const value = extra?.[key];
  return typeof value === 'string' ? value : null;
}

/** Q.850; null when nobody said why (Asterisk writes 0 then) or the source does not tell. */
export function causeOf({ extra }: CelRow): number | null {
  const cause = extra?.hangupcause;
  return typeof cause === 'number' && Number.isInteger(cause) && cause > 0 ? cause : null;
}

/** Nothing but the clearing up comes after it: the channel is at its end. */
export function endsAfter(leg: Leg, row: CelRow): boolean {
  const position = leg.rows.indexOf(row);
  return (
    leg.end !== null && leg.rows.slice(position + 1).every(({ event }) => clearingUp.has(event)) && leg.end.at - row.at < 1_500
  );
}

/** From that moment on it only leaves. */
export function isLeavingAt(leg: Leg, at: number): boolean {
  return leg.end !== null && leg.end.at - at < 1_500 && leg.rows.every((row) => row.at < at || clearingUp.has(row.event));
}

const clearingUp = new Set([
  'APP_END',
  'STREAM_END',
  'STREAM_BEGIN',
  'HANGUP',
  'CHAN_END',
  'LINKEDID_END',
  'BRIDGE_EXIT',
  'DTMF',
]);

/**
 * Whether the far end of the channel hung up, and not the PBX: null when the rows cannot tell. Asterisk names the source in `extra`;
 * without it, an application that ends in the very moment of the hang-up was cut off by it.
 */
export function hungUpItself(leg: Leg): boolean | null {
  if (leg.end === null) return null;
  // Every channel driver sets it when its far end hangs up: an empty one is nobody's, and so the PBX's.
  const source = textIn(leg.end.extra, 'hangupsource');
  if (source !== null) return leg.names.has(source);
  const lastAppEnd = leg.rows.findLast(({ event }) => event === 'APP_END');
  const lastApp = leg.rows.findLast(({ event }) => event === 'APP_START');
  if (lastAppEnd === undefined || lastApp === undefined || lastApp.at > lastAppEnd.at) return null;
  return lastAppEnd.at === leg.end.at && hasFractions(leg) ? true : null;
}

/** Of whole seconds nothing can be concluded. */
function hasFractions(leg: Leg): boolean {
  return leg.rows.some(({ at }) => at % 1000 !== 0);
}

/** The dial's result as CDR has it, for a leg that was called and did not answer. */
export function dispositionOf(cdr: ReadonlyMap<string, readonly CdrRow[]>, caller: Leg | null, called: Leg): string | null {
  const rows = cdr.get(caller?.id ?? called.id) ?? [];
  const own = caller === null ? rows : rows.filter(({ dstChannel }) => called.names.has(dstChannel));
  return own.at(-1)?.disposition ?? null;
}
