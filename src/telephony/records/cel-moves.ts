import { endpointOfDevice } from '../numbering.ts';
import { tellWhoEnds } from './cel-endings.ts';
import { factsOf, type Leg, textIn } from './cel-legs.ts';
import { queueLeft } from './cel-queues.ts';
import { type CelStory, stateOf } from './cel-story.ts';
import type { CelRow } from './record-rows.ts';

/** Coming together and parting, holding, parking, being handed on. */

const sameMoveMs = 2_000;
/** As long as it takes to dial a feature code and a number. */
const diallingMs = 15_000;

export function bridgeEntered(story: CelStory, leg: Leg, row: CelRow): void {
  const state = stateOf(story, leg);
  state.isUp = true;
  queueLeft(story, leg, row.at);
  const { bridgeId, kind } = story.bridges.enter(leg, row, state.isParked);
  story.told.push({ type: 'bridgeEntered', at: row.at, bridgeId, kind, channel: factsOf(leg, row, true) });
}

export function bridgeLeft(story: CelStory, leg: Leg, row: CelRow): void {
  tellWhoEnds(story, leg, row);
  const company = story.bridges.companyOf(leg.id);
  if (company.length > 0) stateOf(story, leg).lastCompany = company;
  for (const one of company) stateOf(story, one).lastCompany = [leg];
  const bridgeId = story.bridges.leave(leg.id);
  if (bridgeId !== null) story.told.push({ type: 'bridgeLeft', at: row.at, bridgeId, channelId: leg.id });
}

/** Music to one who is in conversation: the others have put him on hold. Nothing else in CEL says so. */
export function streamBegun(story: CelStory, leg: Leg, row: CelRow): void {
  if (row.extra !== null && !('class' in row.extra)) return;
  const holders = story.bridges.companyOf(leg.id).filter(({ endpoint }) => endpoint.party !== 'helper');
  stateOf(story, leg).holders = holders;
  for (const { id } of holders) story.told.push({ type: 'holdStarted', at: row.at, channelId: id });
}

export function streamEnded(story: CelStory, leg: Leg, row: CelRow): void {
  const state = stateOf(story, leg);
  for (const { id } of state.holders) story.told.push({ type: 'holdEnded', at: row.at, channelId: id });
  state.holders = [];
}

export function parkStarted(story: CelStory, leg: Leg, row: CelRow): void {
  stateOf(story, leg).isParked = true;
  const device = textIn(row.extra, 'parker_dial_string');
  const byExtension = device === null ? null : endpointOfDevice(story.context.numbering, device).extension;
  story.told.push({ type: 'parked', at: row.at, channelId: leg.id, byExtension });
}

export function blindTransferred(story: CelStory, leg: Leg, row: CelRow): void {
  const present = story.bridges.companyOf(leg.id);
  const transferee = (present.length > 0 ? present : stateOf(story, leg).lastCompany)[0];
  // Parking by REFER or by feature code is a transfer to the parking extension as well.
  if (transferee?.rows.some(({ event, at }) => event === 'PARK_START' && Math.abs(at - row.at) < sameMoveMs)) return;
  const to = textIn(row.extra, 'extension') ?? (transferee === undefined ? null : nextExten(transferee, row.at));
  if (to === null || to === '') return;
  story.told.push({ type: 'blindTransferred', at: row.at, transfererId: leg.id, to, byPhone: !dialledCode(leg, row.at) });
}

/** Where the dialplan goes on with it. */
function nextExten(leg: Leg, at: number): string | null {
  const after = leg.rows.filter((row) => row.at >= at);
  return (after.find(({ event }) => event === 'APP_START') ?? after[0])?.exten ?? null;
}

function dialledCode(leg: Leg, at: number): boolean {
  return leg.rows.some(
    (row) => (row.event === 'DTMF' || row.event === 'STREAM_BEGIN') && at >= row.at && at - row.at < diallingMs,
  );
}

export function attendedTransferred(story: CelStory, leg: Leg, row: CelRow): void {
  const second = story.legs.get(textIn(row.extra, 'channel2_uniqueid') ?? '') ?? secondLegOf(story, leg, row.at) ?? leg;
  story.told.push({
    type: 'attendedTransferred',
    at: row.at,
    firstLegId: leg.id,
    secondLegId: second.id,
    transfereeId: textIn(row.extra, 'transferee_channel_uniqueid') || null,
    targetId: textIn(row.extra, 'transfer_target_channel_uniqueid') || null,
  });
}

/** The same phone's other line, which ends with the transfer. */
function secondLegOf(story: CelStory, leg: Leg, at: number): Leg | null {
  for (const other of story.legs.values()) {
    if (other === leg || other.endpoint.extension === null || other.endpoint.extension !== leg.endpoint.extension) continue;
    const { isKnown, isOver } = stateOf(story, other);
    if (isKnown && !isOver && other.end !== null && other.end.at - at < sameMoveMs) return other;
  }
  return null;
}
