import { endedDialStatus, numberInDialString } from '../asterisk-dial.ts';
import type { DialStatus } from '../telephony-event.ts';
import { dispositionOf, factsOf, isOriginated, type Leg, textIn } from './cel-legs.ts';
import { type AtWork, type CelStory, stateOf } from './cel-story.ts';
import type { CelRow } from './record-rows.ts';

/** Channels come to life: somebody called us on them, or we call somebody. */

/** Applications that call others on behalf of the channel. */
const diallingApps = new Set(['Dial', 'Queue', 'FollowMe', 'Page', 'RetryDial', 'BridgeCall']);

export function legStarted(story: CelStory, leg: Leg, row: CelRow): void {
  const { told, context } = story;
  stateOf(story, leg).isKnown = true;
  const { party, localHalf } = leg.endpoint;
  const isCalled = leg.outgoing && localHalf !== 2 && (party !== 'helper' || localHalf !== null);
  if (isCalled) dialBegun(story, leg, row);
  else told.push({ type: 'channelCreated', at: row.at, channel: factsOf(leg, row, false) });
  for (const { did, recording } of context.cdr.get(leg.id) ?? []) {
    if (did !== null) told.push({ type: 'didLearned', at: row.at, channelId: leg.id, number: did });
    if (recording !== null) told.push({ type: 'recordingStarted', at: row.at, channelId: leg.id, file: recording });
  }
}

function dialBegun(story: CelStory, leg: Leg, row: CelRow): void {
  const caller = callerOf(story, leg, row);
  stateOf(story, leg).caller = caller?.leg ?? null;
  // An originated leg is first seen with its own number; what it was shown stands in later rows.
  const shown = caller === null ? leg.rows.find(({ app }) => app === 'AppDial2') : undefined;
  const target = { ...factsOf(leg, row, false), ...(shown !== undefined && { callerNumber: shown.callerNumber }) };
  const source = caller === null ? null : factsOf(caller.leg, caller.row, stateOf(story, caller.leg).isUp);
  story.told.push({ type: 'channelCreated', at: row.at, channel: target });
  story.told.push({ type: 'dialBegun', at: row.at, source, target, number: numberSent(leg, caller) });
}

/** Who calls somebody with this new channel; null when the PBX itself does. */
function callerOf(story: CelStory, leg: Leg, row: CelRow): AtWork | null {
  if (isOriginated(leg)) return null;
  const device = row.channel.replace(/-[0-9a-f]+(;\d)?$/, '');
  const candidates = story.atWork.filter(
    (work) => diallingApps.has(work.row.app) && linkedIdOf(work, story.lastAt) === row.linkedId,
  );
  const likely = candidates.findLast((work) => work.row.appData?.includes(device)) ?? candidates.at(-1);
  if (likely !== undefined) return likely;
  const first = story.legs.get(row.linkedId);
  const firstRow = first?.rows[0];
  return first === undefined || firstRow === undefined || first === leg ? null : { leg: first, row: firstRow };
}

function linkedIdOf({ leg, row }: AtWork, at: number): string {
  return leg.rows.findLast((one) => one.at <= at)?.linkedId ?? row.linkedId;
}

function numberSent(leg: Leg, caller: AtWork | null): string | null {
  if (leg.endpoint.party !== 'line') return null;
  const device = (caller?.row.appData ?? '').split(/[,&]/)[0] ?? '';
  const inData = device === '' ? null : numberInDialString(device);
  return inData ?? leg.rows.find(({ app }) => app === 'AppDial')?.callerNumber ?? null;
}

/** Where an originated leg goes once it is up is what it was for. */
export function originateReported(story: CelStory, leg: Leg, row: CelRow): void {
  const state = stateOf(story, leg);
  if (state.isReported || !state.isUp || !isOriginated(leg)) return;
  state.isReported = true;
  const { extension } = leg.endpoint;
  story.told.push({
    type: 'originateReported',
    at: row.at,
    answered: true,
    channelId: leg.id,
    extension,
    number: row.exten || null,
  });
}

/** How the calling of a leg failed, where no hang-up cause says so. */
export function failureOf(story: CelStory, leg: Leg, caller: Leg | null): DialStatus {
  if (caller !== null && stateOf(story, caller).isRequested) return 'cancelled';
  const disposition = dispositionOf(story.context.cdr, caller, leg);
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
