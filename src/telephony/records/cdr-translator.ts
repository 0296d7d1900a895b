import { endpointOfChannel, isOutsideNumber, type Numbering } from '../numbering.ts';
import type { ChannelFacts, DialStatus, TelephonyEvent } from '../telephony-event.ts';
import { hasGivenUp, lastOf } from './cdr-endings.ts';
import type { CdrRow, QueueLogRow } from './record-rows.ts';
import { each, groupedBy, sorted, type Unhurried } from './unhurried.ts';

export interface CdrContext {
  readonly numbering: Numbering;
  /** By the Uniqueid of the caller, in order. */
  readonly queueLog: ReadonlyMap<string, readonly QueueLogRow[]>;
}

/** A party that is only named, as the other end of a row. */
interface Called {
  readonly id: string;
  readonly name: string;
  readonly until: number;
}

/**
 * What CDR rows alone tell, where there is no CEL: who called whom, for how long, to the second. A row says `ANSWERED` of whatever the
 * PBX connected, an announcement too: only a row with two parties was a conversation.
 */
export function* translateCdr(
  rows: readonly CdrRow[],
  { numbering, queueLog }: CdrContext,
): Unhurried<readonly TelephonyEvent[]> {
  const told: TelephonyEvent[] = [];
  const idOfName = new Map<string, string>();
  /** They retrieve or pick up; nobody called them. */
  const callsByItself = new Set<string>();
  yield* each(rows, ({ channel, channelId, lastApp }) => {
    idOfName.set(channel, channelId);
    if (!lastApp.startsWith('App')) callsByItself.add(channelId);
  });
  const called = new Map<string, Called>();
  const bothEnds = new Set<string>();
  yield* each(rows, ({ dstChannel: name, channelId, endAt }) => {
    if (name === '') return;
    const known = called.get(name);
    const id = known?.id ?? idOfName.get(name) ?? `${channelId}>${name}`;
    called.set(name, { id, name, until: Math.max(known?.until ?? 0, endAt) });
    bothEnds.add(id);
  });

  function facts(id: string, name: string, row: CdrRow, own: Partial<ChannelFacts>): ChannelFacts {
    const linkedId = row.linkedId ?? (id === row.channelId ? null : row.channelId);
    const { party, extension, localPair, localHalf } = endpointOfChannel(numbering, name);
    const none = { callerNumber: null, callerName: null, dialled: null, outgoing: false, up: false };
    return { id, linkedId: linkedId ?? id, party, extension, localPair, localHalf, ...none, ...own };
  }

  function callerFacts(row: CdrRow): ChannelFacts {
    const { party } = endpointOfChannel(numbering, row.channel);
    const isNumber = party !== 'line' || isOutsideNumber(numbering, row.dst);
    return facts(row.channelId, row.channel, row, {
      outgoing: row.lastApp === 'AppDial2' || bothEnds.has(row.channelId),
      callerNumber: row.src === '' ? null : row.src,
      callerName: nameIn(row.clid),
      dialled: row.did ?? (isNumber && row.dst !== '' ? row.dst : null),
    });
  }

  function tellChannel(own: readonly CdrRow[]): void {
    const [first] = own;
    const last = lastOf(own);
    if (first === undefined || last === undefined) return;
    const channel = callerFacts(first);
    if (first.lastApp === 'AppDial2' && first.dstChannel === '') {
      told.push({ type: 'dialBegun', at: first.startAt, source: null, target: channel, number: null });
    } else told.push({ type: 'channelCreated', at: first.startAt, channel });
    const answerAt = own.find((row) => row.answerAt !== null)?.answerAt ?? null;
    if (answerAt !== null) told.push({ type: 'channelAnswered', at: answerAt, channelId: channel.id });
    tellQueues(own, channel);
    for (const row of own) tellRow(own, row, channel);
    if (bothEnds.has(channel.id)) return;
    const isCancelled = hasGivenUp(own);
    if (isCancelled) told.push({ type: 'hangupRequested', at: last.endAt - 1, channelId: channel.id });
    if (last.lastApp === 'AppDial2' && last.disposition !== 'ANSWERED') {
      told.push({ type: 'dialEnded', at: last.endAt, targetId: channel.id, status: statusOf(last, false) });
    }
    told.push({ type: 'channelHungUp', at: last.endAt, channelId: channel.id, cause: null });
  }

  function tellQueues(own: readonly CdrRow[], channel: ChannelFacts): void {
    const log = queueLog.get(channel.id) ?? [];
    const inQueue = own.filter(({ lastApp }) => lastApp === 'Queue');
    const firstStart = inQueue[0]?.startAt;
    if (log.length === 0 && firstStart !== undefined) {
      const queue = (inQueue[0]?.lastData ?? '').split(',')[0] ?? '';
      if (queue !== '') told.push({ type: 'queueJoined', at: firstStart, channel, queue });
    }
    for (const { at, event, queue } of log) {
      // The log's second begins before the channel's own first moment may have been written.
      const when = Math.max(at, own[0]?.startAt ?? at);
      if (event === 'ENTERQUEUE') told.push({ type: 'queueJoined', at: when, channel, queue });
      else if (event === 'CONNECT' || event.startsWith('EXIT'))
        told.push({ type: 'queueLeft', at: when, channelId: channel.id, queue });
      else if (event === 'ABANDON') {
        told.push({ type: 'hangupRequested', at: when, channelId: channel.id });
        told.push({ type: 'queueAbandoned', at: when, channelId: channel.id, queue });
      }
    }
  }

  function tellRow(own: readonly CdrRow[], row: CdrRow, channel: ChannelFacts): void {
    if (row.recording !== null) {
      told.push({ type: 'recordingStarted', at: row.startAt, channelId: channel.id, file: row.recording });
    }
    if (/^voicemail$/i.test(row.lastApp)) told.push({ type: 'voicemailReached', at: row.endAt - 1, channelId: channel.id });
    if (row.lastApp === 'Park') told.push({ type: 'parked', at: row.startAt, channelId: channel.id, byExtension: null });
    const other = called.get(row.dstChannel);
    if (other === undefined) return;
    const target = facts(other.id, other.name, row, { outgoing: true });
    const number = target.party === 'line' ? numberSent(row) : null;
    const isAnswered = row.disposition === 'ANSWERED';
    const answeredAt = isAnswered ? connectedAt(own, row) : row.endAt;
    const queuedAt = queueLog.get(row.channelId)?.find(({ event, at }) => event === 'ENTERQUEUE' && isWithin(row, at))?.at ?? 0;
    const at = row.lastApp === 'Queue' ? Math.max(row.startAt, queuedAt) : row.startAt;
    if (!callsByItself.has(other.id)) {
      told.push({ type: 'dialBegun', at: Math.min(at, answeredAt), source: channel, target, number });
    }
    if (!isAnswered) {
      told.push({ type: 'dialEnded', at: row.endAt, targetId: other.id, status: failureOf(own, row) });
    } else {
      const bridgeId = `cdr-${other.id}-${row.startAt}`;
      told.push({ type: 'channelAnswered', at: answeredAt, channelId: other.id });
      told.push({ type: 'bridgeEntered', at: answeredAt, bridgeId, kind: 'conversation', channel: { ...target, up: true } });
      told.push({ type: 'bridgeEntered', at: answeredAt, bridgeId, kind: 'conversation', channel: { ...channel, up: true } });
      tellWhoEnded(row, channel, other);
      told.push({ type: 'bridgeLeft', at: row.endAt, bridgeId, channelId: channel.id });
      told.push({ type: 'bridgeLeft', at: row.endAt, bridgeId, channelId: other.id });
    }
    if (row.endAt >= other.until) told.push({ type: 'channelHungUp', at: row.endAt, channelId: other.id, cause: null });
  }

  function tellWhoEnded(row: CdrRow, channel: ChannelFacts, other: Called): void {
    const end = queueLog.get(channel.id)?.findLast(({ event }) => event.startsWith('COMPLETE'));
    if (end === undefined || Math.abs(end.at - row.endAt) > 1_500) return;
    const channelId = end.event === 'COMPLETEAGENT' ? other.id : channel.id;
    told.push({ type: 'hangupRequested', at: row.endAt, channelId });
  }

  /** The row's own answer is that of the PBX; a queue's log, or those who rang in vain beside, know when a person answered. */
  function connectedAt(own: readonly CdrRow[], row: CdrRow): number {
    const connect = queueLog.get(row.channelId)?.find(({ event, at }) => event === 'CONNECT' && isWithin(row, at));
    if (connect !== undefined && row.lastApp === 'Queue') return Math.min(Math.max(connect.at, row.startAt), row.endAt);
    const answerAt = row.answerAt ?? row.startAt;
    if (answerAt > row.startAt) return answerAt;
    const losers = own.filter(
      (one) => one !== row && one.disposition !== 'ANSWERED' && Math.abs(one.startAt - row.startAt) < 1_500,
    );
    return Math.min(Math.max(answerAt, ...losers.map(({ endAt }) => endAt)), row.endAt);
  }

  const byChannel = yield* groupedBy(rows, ({ channelId }) => channelId);
  yield* each(byChannel.values(), (own) => tellChannel(own.toSorted((a, b) => a.startAt - b.startAt || a.endAt - b.endAt)));
  return yield* sorted(told, (a, b) => a.at - b.at);
}

function isWithin({ startAt, endAt }: CdrRow, at: number): boolean {
  return at >= startAt - 1_000 && at <= endAt + 1_000;
}

/** The customary dialplan goes on at `s-${DIALSTATUS}`, in a row of its own. */
function failureOf(own: readonly CdrRow[], row: CdrRow): DialStatus {
  const status = statusOf(row, hasGivenUp(own));
  const said = own[own.indexOf(row) + 1]?.dst;
  return status === 'noAnswer' && said !== undefined && /^s-(?:CHANUNAVAIL|CONGESTION)$/.test(said) ? 'unreachable' : status;
}

function statusOf({ disposition }: CdrRow, isCancelled: boolean): DialStatus {
  if (disposition === 'BUSY') return 'busy';
  if (disposition === 'FAILED' || disposition === 'CONGESTION') return 'unreachable';
  return isCancelled ? 'cancelled' : 'noAnswer';
}

/** `PJSIP/0901…@trunk,15` or, failing that, what was dialled. */
function numberSent({ lastApp, lastData, dst }: CdrRow): string | null {
  const inData = lastApp === 'Dial' ? /^[^/]+\/([+\d*#]{3,40})(?:@|,|$)/.exec(lastData)?.[1] : undefined;
  return inData ?? (/^[+\d*#]{3,40}$/.test(dst) ? dst : null);
}

/** `"Name" <number>` → Name. */
function nameIn(clid: string): string | null {
  const name = /^"(.*)"\s*(?:<.*>)?$/.exec(clid)?.[1] ?? '';
  return name === '' ? null : name.replace(/\\(["\\])/g, '$1');
}
