import { createRestartDetector } from '../ari/ari-restart.ts';
import { endedDialStatus, numberInDialString } from '../asterisk-dial.ts';
import { endpointOfDevice, type Numbering } from '../numbering.ts';
import type { DialStatus, TelephonyEvent } from '../telephony-event.ts';
import { createCelBridges } from './cel-bridges.ts';
import {
  causeOf,
  dispositionOf,
  endsAfter,
  factsOf,
  hungUpItself,
  isLeavingAt,
  isOriginated,
  type Leg,
  legsOf,
  textIn,
} from './cel-legs.ts';
import type { CdrRow, CelRow, QueueLogRow } from './record-rows.ts';

/** What CEL rows are read together with. */
export interface CelContext {
  readonly numbering: Numbering;
  /** By the Uniqueid of the first party, in the order of their start. */
  readonly cdr: ReadonlyMap<string, readonly CdrRow[]>;
  /** By the Uniqueid of the caller, in order. */
  readonly queueLog: ReadonlyMap<string, readonly QueueLogRow[]>;
}

/** Applications that call others on behalf of the channel. */
const diallingApps = new Set(['Dial', 'Queue', 'FollowMe', 'Page', 'RetryDial', 'BridgeCall']);
const sameMoveMs = 2_000;

/** An application at work on a channel. */
interface AtWork {
  readonly leg: Leg;
  readonly row: CelRow;
}

/** CEL rows in the order of their time, told as the events that were heard, or would have been. */
export function translateCel(rows: readonly CelRow[], context: CelContext): TelephonyEvent[] {
  const legs = legsOf(rows, context.numbering);
  const bridges = createCelBridges(legs);
  const restarts = createRestartDetector();
  const told: TelephonyEvent[] = [];
  const up = new Set<string>();
  const over = new Set<string>();
  const known = new Set<string>();
  const parked = new Set<string>();
  const callers = new Map<string, Leg | null>();
  const requested = new Set<string>();
  const queueOf = new Map<string, string>();
  const queuesEntered = new Map<string, number>();
  const lastCompany = new Map<string, readonly Leg[]>();
  const heldBy = new Map<string, readonly Leg[]>();
  const reported = new Set<string>();
  let atWork: readonly AtWork[] = [];
  let lastAt = 0;

  function legOf(row: CelRow): Leg | null {
    return legs.get(row.channelId) ?? null;
  }

  function started(leg: Leg, row: CelRow): void {
    const bootedAt = restarts.bootOf(leg.id);
    if (bootedAt !== null) told.push({ type: 'pbxBooted', at: lastAt, bootedAt });
    known.add(leg.id);
    const { party, localHalf } = leg.endpoint;
    const isCalled = leg.outgoing && localHalf !== 2 && (party !== 'helper' || localHalf !== null);
    if (isCalled) dialBegun(leg, row);
    else told.push({ type: 'channelCreated', at: row.at, channel: factsOf(leg, row, false) });
    for (const { did, recording } of context.cdr.get(leg.id) ?? []) {
      if (did !== null) told.push({ type: 'didLearned', at: row.at, channelId: leg.id, number: did });
      if (recording !== null) told.push({ type: 'recordingStarted', at: row.at, channelId: leg.id, file: recording });
    }
  }

  function dialBegun(leg: Leg, row: CelRow): void {
    const caller = callerOf(leg, row);
    callers.set(leg.id, caller?.leg ?? null);
    const shown = caller === null ? leg.rows.find(({ app }) => app === 'AppDial2') : undefined;
    const target = { ...factsOf(leg, row, false), ...(shown !== undefined && { callerNumber: shown.callerNumber }) };
    const source = caller === null ? null : factsOf(caller.leg, caller.row, up.has(caller.leg.id));
    told.push({ type: 'channelCreated', at: row.at, channel: target });
    told.push({ type: 'dialBegun', at: row.at, source, target, number: numberSent(leg, caller) });
  }

  /** Who calls somebody with this new channel; null when the PBX itself does. */
  function callerOf(leg: Leg, row: CelRow): AtWork | null {
    if (isOriginated(leg)) return null;
    const device = row.channel.replace(/-[0-9a-f]+(;\d)?$/, '');
    const candidates = atWork.filter((work) => diallingApps.has(work.row.app) && linkedNow(work) === row.linkedId);
    const named = candidates.findLast((work) => work.row.appData?.includes(device));
    const likely = named ?? candidates.at(-1);
    if (likely !== undefined) return likely;
    const first = legs.get(row.linkedId);
    const firstRow = first?.rows[0];
    return first === undefined || firstRow === undefined || first === leg ? null : { leg: first, row: firstRow };
  }

  function linkedNow({ leg, row }: AtWork): string {
    return leg.rows.findLast(({ at }) => at <= lastAt)?.linkedId ?? row.linkedId;
  }

  function numberSent(leg: Leg, caller: AtWork | null): string | null {
    if (leg.endpoint.party !== 'line') return null;
    const device = (caller?.row.appData ?? '').split(',')[0] ?? '';
    const inData = device === '' ? null : numberInDialString(device.split('&')[0] ?? '');
    return inData ?? leg.rows.find(({ app }) => app === 'AppDial')?.callerNumber ?? null;
  }

  function answered(leg: Leg, row: CelRow): void {
    up.add(leg.id);
    told.push({ type: 'channelAnswered', at: row.at, channelId: leg.id });
  }

  /** Before what follows from it. */
  function hangupRequested(leg: Leg, at: number): void {
    if (requested.has(leg.id)) return;
    requested.add(leg.id);
    told.push({ type: 'hangupRequested', at, channelId: leg.id });
  }

  function appStarted(leg: Leg, row: CelRow): void {
    atWork = [...atWork.filter((work) => work.leg !== leg), { leg, row }];
    if (isOriginated(leg) && up.has(leg.id)) originateReported(leg, row);
    if (row.app === 'Queue') queueJoined(leg, row);
    if (/^voicemail$/i.test(row.app)) told.push({ type: 'voicemailReached', at: row.at, channelId: leg.id });
    if (row.app === 'MixMonitor') recordingStarted(leg, row);
  }

  function originateReported(leg: Leg, row: CelRow): void {
    if (reported.has(leg.id)) return;
    reported.add(leg.id);
    const { extension } = leg.endpoint;
    told.push({ type: 'originateReported', at: row.at, channelId: leg.id, extension, number: row.exten || null });
  }

  function recordingStarted(leg: Leg, { at, appData }: CelRow): void {
    const path = (appData ?? '').split(',')[0] ?? '';
    const file = path.slice(path.lastIndexOf('/') + 1).slice(0, 255);
    if (file !== '') told.push({ type: 'recordingStarted', at, channelId: leg.id, file });
  }

  function queueJoined(leg: Leg, row: CelRow): void {
    const entries = (context.queueLog.get(leg.id) ?? []).filter(({ event }) => queueEntries.has(event));
    const nth = queuesEntered.get(leg.id) ?? 0;
    queuesEntered.set(leg.id, nth + 1);
    const entry = entries[nth];
    if (entry !== undefined && entry.event !== 'ENTERQUEUE') return;
    const inCdr = context.cdr.get(leg.id)?.filter(({ lastApp }) => lastApp === 'Queue') ?? [];
    const queue = entry?.queue ?? nameIn(row.appData) ?? nameIn(inCdr[nth]?.lastData ?? inCdr.at(-1)?.lastData ?? null);
    if (queue === null) return;
    queueOf.set(leg.id, queue);
    told.push({ type: 'queueJoined', at: row.at, channel: factsOf(leg, row, up.has(leg.id)), queue });
  }

  function queueLeft(leg: Leg, at: number): void {
    const queue = queueOf.get(leg.id);
    if (queue === undefined) return;
    queueOf.delete(leg.id);
    const type = requested.has(leg.id) ? 'queueAbandoned' : 'queueLeft';
    told.push({ type, at, channelId: leg.id, queue });
  }

  function appEnded(leg: Leg, row: CelRow): void {
    atWork = atWork.filter((work) => work.leg !== leg || work.row.app !== row.app);
    if (!bridges.companyOf(leg.id).length && endsAfter(leg, row) && gaveUp(leg)) hangupRequested(leg, row.at);
    if (row.app === 'Queue') queueLeft(leg, row.at);
  }

  function bridgeEntered(leg: Leg, row: CelRow): void {
    up.add(leg.id);
    queueLeft(leg, row.at);
    const { bridgeId, kind } = bridges.enter(leg, row, parked.has(leg.id));
    told.push({ type: 'bridgeEntered', at: row.at, bridgeId, kind, channel: factsOf(leg, row, true) });
  }

  function bridgeLeft(leg: Leg, row: CelRow): void {
    const company = bridges.companyOf(leg.id);
    for (const one of [leg, ...company]) if (endsConversation(one, leg, row)) hangupRequested(one, row.at);
    if (company.length > 0) lastCompany.set(leg.id, company);
    for (const { id } of company) lastCompany.set(id, [leg]);
    const bridgeId = bridges.leave(leg.id);
    if (bridgeId !== null) told.push({ type: 'bridgeLeft', at: row.at, bridgeId, channelId: leg.id });
  }

  /** Whoever hangs up leaves first; where `extra` names who did, that counts. */
  function endsConversation(one: Leg, leaving: Leg, row: CelRow): boolean {
    const itself = hungUpItself(one);
    if (itself !== null && one.end?.extra) return itself && endsSoon(one, row.at);
    const isMoving = one.rows.some(({ event, at }) => transfers.has(event) && Math.abs(at - row.at) < sameMoveMs);
    return one === leaving && !isMoving && bridges.companyOf(one.id).length > 0 && endsAfter(one, row);
  }

  function endsSoon({ end }: Leg, at: number): boolean {
    return end !== null && end.at - at < sameMoveMs;
  }

  function hungUp(leg: Leg, row: CelRow): void {
    if (over.has(leg.id)) return;
    const caller = callers.get(leg.id) ?? null;
    const cause = causeOf(row);
    const isUnanswered = leg.outgoing && !up.has(leg.id) && callers.has(leg.id);
    if (!isUnanswered) callerGone(leg, row);
    else if (caller === null && hungUpItself(leg) === true) hangupRequested(leg, row.at);
    else if (caller !== null && !failsByItself(caller, leg) && isLeavingAt(caller, row.at) && gaveUp(caller)) {
      hangupRequested(caller, row.at);
    }
    queueLeft(leg, row.at);
    if (isUnanswered && cause === null)
      told.push({ type: 'dialEnded', at: row.at, targetId: leg.id, status: failureOf(leg, caller) });
    bridges.leave(leg.id);
    atWork = atWork.filter((work) => work.leg !== leg);
    over.add(leg.id);
    told.push({ type: 'channelHungUp', at: row.at, channelId: leg.id, cause });
  }

  function callerGone(leg: Leg, row: CelRow): void {
    const cdr = context.cdr.get(leg.id)?.at(-1);
    if (/^voicemail$/i.test(cdr?.lastApp ?? '')) told.push({ type: 'voicemailReached', at: row.at, channelId: leg.id });
    if (gaveUp(leg)) hangupRequested(leg, row.at);
  }

  /** The called end refused: that the caller is soon gone too does not mean that the caller gave up. */
  function failsByItself(caller: Leg, called: Leg): boolean {
    const itself = hungUpItself(called);
    if (itself !== null) return itself;
    const disposition = dispositionOf(context.cdr, caller, called);
    return disposition === 'BUSY' || disposition === 'FAILED' || disposition === 'CONGESTION';
  }

  /** The one who had called hung up, as far as any of the sources tells. */
  function gaveUp(leg: Leg): boolean {
    if (leg.end === null || requested.has(leg.id)) return requested.has(leg.id);
    if (wasToldBusy(leg.end)) return false;
    const itself = hungUpItself(leg);
    if (itself !== null) return itself;
    if (context.queueLog.get(leg.id)?.at(-1)?.event === 'ABANDON') return true;
    const cdr = context.cdr.get(leg.id)?.at(-1);
    return !up.has(leg.id) && cdr?.disposition === 'NO ANSWER' && cdr.dstChannel === '';
  }

  /** The PBX played the busy tone; that the channel then hung up is nobody's giving up. */
  function wasToldBusy({ channelId, extra }: CelRow): boolean {
    return busyStatuses.has(textIn(extra, 'dialstatus') ?? '') || busyApps.has(context.cdr.get(channelId)?.at(-1)?.lastApp ?? '');
  }

  function failureOf(leg: Leg, caller: Leg | null): DialStatus {
    if (caller !== null && requested.has(caller.id)) return 'cancelled';
    const disposition = dispositionOf(context.cdr, caller, leg);
    if (disposition === 'BUSY') return 'busy';
    if (disposition === 'FAILED' || disposition === 'CONGESTION') return 'unreachable';
    const said = caller === null ? null : saidStatus(caller, leg.end?.at ?? 0);
    return said === null || said === 'answered' || said === 'cancelled' ? 'noAnswer' : said;
  }

  /** The customary dialplan goes on at `s-${DIALSTATUS}`; `extra` has the status of the last dial. */
  function saidStatus(caller: Leg, at: number): DialStatus | null {
    const after = caller.rows.find((row) => row.at >= at && /^s-[A-Z]+$/.test(row.exten));
    const status = after?.exten.slice(2) ?? textIn(caller.end?.extra ?? null, 'dialstatus');
    return status === null || status === '' ? null : endedDialStatus(status);
  }

  function blindTransferred(leg: Leg, row: CelRow): void {
    const company = bridges.companyOf(leg.id);
    const transferee = (company.length > 0 ? company : (lastCompany.get(leg.id) ?? []))[0];
    const isParking = transferee?.rows.some(({ event, at }) => event === 'PARK_START' && Math.abs(at - row.at) < sameMoveMs);
    if (isParking) return;
    const to = textIn(row.extra, 'extension') ?? (transferee === undefined ? null : nextExten(transferee, row.at));
    if (to === null || to === '') return;
    told.push({ type: 'blindTransferred', at: row.at, transfererId: leg.id, to, byPhone: !dialledCode(leg, row.at) });
  }

  function nextExten(leg: Leg, at: number): string | null {
    const after = leg.rows.filter((row) => row.at >= at);
    return (after.find(({ event }) => event === 'APP_START') ?? after[0])?.exten ?? null;
  }

  function dialledCode(leg: Leg, at: number): boolean {
    return leg.rows.some(
      (row) => (row.event === 'DTMF' || row.event === 'STREAM_BEGIN') && at - row.at >= 0 && at - row.at < 15_000,
    );
  }

  function attendedTransferred(leg: Leg, row: CelRow): void {
    const second = legs.get(textIn(row.extra, 'channel2_uniqueid') ?? '') ?? secondLegOf(leg, row.at) ?? leg;
    const transfereeId = textIn(row.extra, 'transferee_channel_uniqueid');
    const targetId = textIn(row.extra, 'transfer_target_channel_uniqueid');
    told.push({
      type: 'attendedTransferred',
      at: row.at,
      firstLegId: leg.id,
      secondLegId: second.id,
      transfereeId: transfereeId || null,
      targetId: targetId || null,
    });
  }

  /** The same phone's other line, which ends with the transfer. */
  function secondLegOf(leg: Leg, at: number): Leg | null {
    for (const other of legs.values()) {
      if (other === leg || other.endpoint.extension === null || other.endpoint.extension !== leg.endpoint.extension) continue;
      if (known.has(other.id) && !over.has(other.id) && other.end !== null && other.end.at - at < sameMoveMs) return other;
    }
    return null;
  }

  /** Music to one who is in conversation: the others have put him on hold. */
  function streamBegun(leg: Leg, row: CelRow): void {
    if (row.extra !== null && !('class' in row.extra)) return;
    const holders = bridges.companyOf(leg.id).filter(({ endpoint }) => endpoint.party !== 'helper');
    if (holders.length === 0) return;
    heldBy.set(leg.id, holders);
    for (const { id } of holders) told.push({ type: 'holdStarted', at: row.at, channelId: id });
  }

  function streamEnded(leg: Leg, row: CelRow): void {
    for (const { id } of heldBy.get(leg.id) ?? []) told.push({ type: 'holdEnded', at: row.at, channelId: id });
    heldBy.delete(leg.id);
  }

  function parkStarted(leg: Leg, row: CelRow): void {
    parked.add(leg.id);
    const device = textIn(row.extra, 'parker_dial_string');
    const byExtension = device === null ? null : endpointOfDevice(context.numbering, device).extension;
    told.push({ type: 'parked', at: row.at, channelId: leg.id, byExtension });
  }

  for (const row of rows) {
    const leg = legOf(row);
    if (leg === null || over.has(leg.id)) continue;
    bridges.noteName(leg, row.channel);
    if (!known.has(leg.id)) started(leg, row);
    lastAt = row.at;
    switch (row.event) {
      case 'ANSWER':
        answered(leg, row);
        break;
      case 'APP_START':
        appStarted(leg, row);
        break;
      case 'APP_END':
        appEnded(leg, row);
        break;
      case 'BRIDGE_ENTER':
        bridgeEntered(leg, row);
        break;
      case 'BRIDGE_EXIT':
        bridgeLeft(leg, row);
        break;
      case 'BLINDTRANSFER':
        blindTransferred(leg, row);
        break;
      case 'ATTENDEDTRANSFER':
        attendedTransferred(leg, row);
        break;
      case 'PARK_START':
        parkStarted(leg, row);
        break;
      case 'PARK_END':
        parked.delete(leg.id);
        break;
      case 'STREAM_BEGIN':
        streamBegun(leg, row);
        break;
      case 'STREAM_END':
        streamEnded(leg, row);
        break;
      case 'HANGUP':
      case 'CHAN_END':
        hungUp(leg, row);
        break;
      default:
    }
  }
  return told;
}

const busyStatuses = new Set(['BUSY', 'CONGESTION']);
const busyApps = new Set(['Busy', 'Congestion']);
const transfers = new Set(['BLINDTRANSFER', 'ATTENDEDTRANSFER']);
const queueEntries = new Set(['ENTERQUEUE', 'JOINEMPTY', 'JOINUNAVAIL', 'FULL']);

function nameIn(data: string | null): string | null {
  const name = (data ?? '').split(',')[0] ?? '';
  return name === '' ? null : name;
}
