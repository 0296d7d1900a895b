import { type Controlled, inStasis } from './ari-controlled.ts';
import { type AriAnswer, type AriRequest, type AriRoute, type AriWorld, noContent, ok, refusal } from './ari-route.ts';
import { channelText } from './live/announce.ts';
import { createCallee, parseDestination, startCall } from './live/call-out.ts';
import type { Channel } from './live/channel.ts';
import { tellDial } from './live/dial.ts';
import { change, createChannel, endChannel, findChannel, type LivePbx, setVariable } from './live/live-pbx.ts';
import { originate, parseCallerId } from './live/originate.ts';
import { type Outcome, runDialplan } from './live/run-dialplan.ts';
import { spyOn } from './live/spying.ts';
import { enterStasis } from './live/stasis.ts';

const allocationFailed: AriAnswer = { status: 500, reason: 'Internal Server Error', body: { error: 'Allocation failed' } };

/** Asterisk's own limit on an id that is asked for. */
const maxIdLength = 149;

const originateQuery = [
  ...['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout'],
  ...['channelId', 'otherChannelId', 'originator', 'formats'],
];

/** Calls that ARI makes, and ears on calls that there are. */
export const makingChannels: readonly AriRoute[] = [
  {
    ...{ method: 'POST', path: '/channels', nickname: 'originate', answers: 'Channel', query: originateQuery, body: 'variables' },
    handle: (world, request) => originateBy(world, request, request.parameter('channelId')),
  },
  {
    ...{ method: 'POST', path: '/channels/create', nickname: 'create', answers: 'Channel', body: 'variables' },
    query: ['endpoint', 'app', 'appArgs', 'channelId', 'otherChannelId', 'originator', 'formats'],
    handle: createBy,
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}', nickname: 'originateWithId', answers: 'Channel', body: 'variables' },
    query: originateQuery,
    handle: (world, request) => originateBy(world, request, request.part('channelId')),
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/dial', nickname: 'dial', answers: 'void', query: ['caller', 'timeout'] },
    handle: inStasis(dialBy),
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/snoop', nickname: 'snoopChannel', answers: 'Channel' },
    query: ['spy', 'whisper', 'app', 'appArgs', 'snoopId'],
    handle: (world, request) => snoopBy(world, request, request.parameter('snoopId')),
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/snoop/{snoopId}', nickname: 'snoopChannelWithId', answers: 'Channel' },
    query: ['spy', 'whisper', 'app', 'appArgs'],
    handle: (world, request) => snoopBy(world, request, request.part('snoopId')),
  },
];

function variablesIn({ body }: AriRequest): readonly (readonly [string, string])[] {
  const given = body.variables;
  if (typeof given !== 'object' || given === null) return [];
  return Object.entries(given).map(([name, value]) => [name, String(value)] as const);
}

function argumentsIn(request: AriRequest): readonly string[] {
  return request.parameter('appArgs')?.split(',') ?? [];
}

function originateBy(world: AriWorld, request: AriRequest, channelId: string | null): AriAnswer {
  const pbx = world.live();
  const [endpoint, app, exten] = [request.parameter('endpoint'), request.parameter('app'), request.parameter('extension')];
  if ((channelId ?? '').length > maxIdLength) {
    return refusal(400, 'Bad Request', `Uniqueid length exceeds maximum of ${maxIdLength}`);
  }
  if (endpoint === null) return refusal(400, 'Bad Request', 'Endpoint must be specified');
  if (request.parameter('originator') !== null && request.parameter('formats') !== null) {
    return refusal(400, 'Bad Request', "Originator and formats can't both be specified");
  }
  const destination = parseDestination(endpoint);
  if (destination === null) return refusal(400, 'Bad Request', 'Invalid endpoint specified');
  if (app === null && exten === null) return refusal(400, 'Bad Request', 'Application or extension must be specified');
  const originator = originatorOf(pbx, request);
  if (originator === undefined) return refusal(400, 'Bad Request', 'Provided originator channel was not found');
  if (channelId !== null && world.state().channel(channelId) !== null) {
    return refusal(409, 'Conflict', 'Channel with given unique ID already exists');
  }
  const seconds = Number(request.parameter('timeout') ?? '30');
  let snapshot: unknown = null;
  const channel = originate(pbx, {
    whenCreated(made) {
      if (app !== null) pbx.stasis.subscribe(app, made.id);
      snapshot = channelText(made);
    },
    ...{ destination, originator, channelId, otherChannelId: request.parameter('otherChannelId') },
    timeoutMs: seconds < 0 ? 2_147_483_647 : seconds * 1_000,
    callerId: parseCallerId(request.parameter('callerId') ?? ''),
    variables: variablesIn(request),
    whenAnswered(answered) {
      if (app !== null) return stayIn(pbx, answered, app, argumentsIn(request));
      const priority = Number(request.parameter('priority') ?? '1');
      runDialplan(pbx, answered, { context: request.parameter('context') ?? 'default', exten: exten ?? '', priority });
    },
    whenFailed: () => {},
  });
  return channel === null ? allocationFailed : ok(snapshot);
}

/** undefined: named, but not there. */
function originatorOf(pbx: LivePbx, request: AriRequest): Channel | null | undefined {
  const id = request.parameter('originator');
  return id === null ? null : pbx.channels.get(id);
}

/** A channel without a dialplan in an application: when that lets it go, it goes into the dialplan or ends. */
function stayIn(pbx: LivePbx, channel: Channel, app: string, args: readonly string[]): void {
  if (pbx.stasis.isOpen(app)) {
    enterStasis(pbx, channel, app, args, (outcome) => goOn(pbx, channel, outcome));
    return;
  }
  change(pbx, channel, { application: 'Stasis', applicationData: [app, ...args].join(',') });
  setVariable(pbx, channel, 'STASISSTATUS', '');
  setVariable(pbx, channel, 'STASISSTATUS', 'FAILED');
  endChannel(pbx, channel, 0);
}

function goOn(pbx: LivePbx, channel: Channel, outcome: Outcome): void {
  if (typeof outcome === 'object' && 'goto' in outcome) runDialplan(pbx, channel, outcome.goto);
  else endChannel(pbx, channel, 16);
}

function createBy(world: AriWorld, request: AriRequest): AriAnswer {
  const pbx = world.live();
  const [endpoint, app] = [request.parameter('endpoint'), request.parameter('app')];
  const channelId = request.parameter('channelId');
  if (endpoint === null) return refusal(400, 'Bad Request', 'Endpoint must be specified');
  const destination = parseDestination(endpoint);
  if (destination === null) return refusal(400, 'Bad Request', 'Invalid endpoint specified');
  const originator = originatorOf(pbx, request);
  if (originator === undefined) return refusal(400, 'Bad Request', 'Provided originator channel was not found');
  if (channelId !== null && world.state().channel(channelId) !== null) {
    return refusal(409, 'Conflict', 'Channel with given unique ID already exists');
  }
  const callee = createCallee(pbx, destination, {
    ...(channelId === null ? {} : { id: channelId }),
    ...(originator === null ? {} : { parent: originator }),
  });
  if (callee === null) return allocationFailed;
  const snapshot = channelText(callee);
  for (const [name, value] of variablesIn(request)) setVariable(pbx, callee, name, value);
  created.set(callee, endpoint);
  stayIn(pbx, callee, app ?? '', argumentsIn(request));
  return ok(snapshot);
}

/** Whom a channel that was created is to call. */
const created = new WeakMap<Channel, string>();

function dialBy({ pbx, channel }: Controlled, request: AriRequest): AriAnswer {
  const destination = parseDestination(created.get(channel) ?? '');
  if (channel.state !== 'Down') return refusal(409, 'Conflict', "Channel is not in the 'Down' state");
  if (destination === null) return { status: 500, reason: 'Internal Server Error', body: { message: 'Failed to dial' } };
  const caller = pbx.channels.get(request.parameter('caller') ?? '') ?? null;
  tellDial(pbx, 'DialBegin', caller, channel, { dialString: destination.resource });
  const giveUp = startCall(pbx, channel, destination, {
    ringing: () => tellDial(pbx, 'DialState', caller, channel, { status: 'RINGING' }),
    answered() {
      callOffTimeout();
      tellDial(pbx, 'DialEnd', caller, channel, { status: 'ANSWER' });
    },
    failed(cause) {
      callOffTimeout();
      tellDial(pbx, 'DialEnd', caller, channel, { status: cause === 17 || cause === 21 ? 'BUSY' : 'CONGESTION' });
      endChannel(pbx, channel, cause);
    },
  });
  const seconds = Number(request.parameter('timeout') ?? '0');
  const callOffTimeout =
    seconds <= 0
      ? () => {}
      : pbx.after(seconds * 1_000, () => {
          giveUp();
          tellDial(pbx, 'DialEnd', caller, channel, { status: 'NOANSWER' });
          endChannel(pbx, channel, 0);
        });
  channel.atEnd.push(callOffTimeout);
  return noContent;
}

const directions = ['none', 'both', 'out', 'in'];

function snoopBy(world: AriWorld, request: AriRequest, snoopId: string | null): AriAnswer {
  const pbx = world.live();
  const [spy, whisper] = [request.parameter('spy') ?? 'none', request.parameter('whisper') ?? 'none'];
  const app = request.parameter('app');
  if (!directions.includes(spy)) return refusal(400, 'Bad Request', 'Invalid direction specified for spy');
  if (!directions.includes(whisper)) return refusal(400, 'Bad Request', 'Invalid direction specified for whisper');
  if (spy === 'none' && whisper === 'none') {
    return refusal(400, 'Bad Request', 'Direction must be specified for at least spy or whisper');
  }
  if (app === null) return refusal(400, 'Bad Request', 'Application name is required');
  const spied = findChannel(pbx, request.part('channelId'));
  if (spied === null) return refusal(404, 'Channel Not Found', 'Provided channel was not found');
  if (snoopId !== null && pbx.channels.has(snoopId)) {
    return refusal(500, 'Internal error', 'Snoop channel could not be created');
  }
  const snoop = createChannel(pbx, {
    device: `Snoop/${spied.id}`,
    state: 'Up',
    place: { context: 'default', exten: 's', priority: 1 },
    ...(snoopId === null ? {} : { id: snoopId }),
  });
  const snapshot = channelText(snoop);
  const stop = spyOn(pbx, snoop, spied, () => endChannel(pbx, snoop, 16));
  snoop.atEnd.push(stop);
  stayIn(pbx, snoop, app, argumentsIn(request));
  return ok(snapshot);
}
