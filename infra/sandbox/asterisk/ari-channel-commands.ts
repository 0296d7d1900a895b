import { type AriAnswer, type AriRequest, type AriRoute, type AriWorld, noContent, ok, refusal } from './ari-route.ts';
import { channelText } from './live/announce.ts';
import { createCallee, parseDestination, startCall } from './live/call-out.ts';
import type { Channel, StasisStay } from './live/channel.ts';
import { tellDial } from './live/dial.ts';
import { playedValue, variableValue } from './live/expand.ts';
import {
  change,
  createChannel,
  endChannel,
  findChannel,
  type LivePbx,
  requestHangup,
  say,
  setVariable,
} from './live/live-pbx.ts';
import { originate, parseCallerId } from './live/originate.ts';
import { type Outcome, runDialplan } from './live/run-dialplan.ts';
import { spyOn } from './live/spying.ts';
import { enterStasis } from './live/stasis.ts';

const channelNotFound = refusal(404, 'Not Found', 'Channel not found');
const allocationFailed: AriAnswer = { status: 500, reason: 'Internal Server Error', body: { error: 'Allocation failed' } };

/** Asterisk's own limit on an id that is asked for. */
const maxIdLength = 149;

/** ARI's names of the causes a channel can be hung up with. */
const reasons: Readonly<Record<string, number>> = {
  ...{ normal: 16, busy: 17, congestion: 34, no_answer: 19, timeout: 102, rejected: 21, unallocated: 1 },
  ...{
    normal_unspecified: 31,
    number_incomplete: 28,
    codec_mismatch: 79,
    interworking: 127,
    failure: 38,
    answered_elsewhere: 26,
  },
};

interface Controlled {
  readonly pbx: LivePbx;
  readonly channel: Channel;
  readonly stay: StasisStay;
}

/** Most of it works only on channels that are in an application of ARI. */
function inStasis(run: (controlled: Controlled, request: AriRequest) => AriAnswer): AriRoute['handle'] {
  return (world, request) => {
    const pbx = world.live();
    const channel = pbx.channels.get(request.part('channelId'));
    if (channel?.stasis != null) return run({ pbx, channel, stay: channel.stasis }, request);
    const isThere = channel !== undefined || world.state().channel(request.part('channelId')) !== null;
    return isThere ? refusal(409, 'Conflict', 'Channel not in Stasis application') : channelNotFound;
  };
}

const originateQuery = [
  ...['endpoint', 'extension', 'context', 'priority', 'label', 'app', 'appArgs', 'callerId', 'timeout'],
  ...['channelId', 'otherChannelId', 'originator', 'formats'],
];

export const channelCommands: readonly AriRoute[] = [
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
    ...{ method: 'DELETE', path: '/channels/{channelId}', nickname: 'hangup', answers: 'void', query: ['reason_code', 'reason'] },
    handle: hangUpBy,
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/continue', nickname: 'continueInDialplan', answers: 'void' },
    query: ['context', 'extension', 'priority', 'label'],
    handle: inStasis(continueInDialplan),
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/redirect', nickname: 'redirect', answers: 'void', query: ['endpoint'] },
    handle: inStasis(redirectBy),
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/answer', nickname: 'answer', answers: 'void' },
    handle: inStasis(({ pbx, channel }) => {
      if (channel.state === 'Down') return refusal(412, 'Precondition Failed', 'Channel in invalid state');
      if (channel.state !== 'Up') change(pbx, channel, { state: 'Up' });
      return noContent;
    }),
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/ring', nickname: 'ring', answers: 'void' },
    handle: inStasis(() => noContent),
  },
  {
    ...{ method: 'DELETE', path: '/channels/{channelId}/ring', nickname: 'ringStop', answers: 'void' },
    handle: inStasis(() => noContent),
  },
  music('POST', 'hold', 'hold', 'MusicOnHoldStart'),
  music('DELETE', 'hold', 'unhold', 'MusicOnHoldStop'),
  music('POST', 'moh', 'startMoh', 'MusicOnHoldStart'),
  music('DELETE', 'moh', 'stopMoh', 'MusicOnHoldStop'),
  {
    ...{ method: 'POST', path: '/channels/{channelId}/dial', nickname: 'dial', answers: 'void', query: ['caller', 'timeout'] },
    handle: inStasis(dialBy),
  },
  {
    ...{
      method: 'GET',
      path: '/channels/{channelId}/variable',
      nickname: 'getChannelVar',
      answers: 'Variable',
      query: ['variable'],
    },
    handle: readVariable,
  },
  {
    ...{ method: 'POST', path: '/channels/{channelId}/variable', nickname: 'setChannelVar', answers: 'void' },
    query: ['variable', 'value'],
    handle(world, request) {
      if (request.parameter('variable') === null) return refusal(400, 'Bad Request', 'Variable name is required');
      return inStasis(({ pbx, channel }) => {
        setVariable(pbx, channel, request.parameter('variable') ?? '', request.parameter('value') ?? '');
        return noContent;
      })(world, request);
    },
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

function music(method: 'POST' | 'DELETE', word: string, nickname: string, event: string): AriRoute {
  return {
    ...{ method, path: `/channels/{channelId}/${word}`, nickname, answers: 'void' },
    ...(nickname === 'startMoh' ? { query: ['mohClass'] } : {}),
    handle: inStasis(({ pbx, channel }) => {
      say(pbx, channel, event, event === 'MusicOnHoldStart' ? [['Class', 'default']] : []);
      return noContent;
    }),
  };
}

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
  const channel = originate(pbx, {
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
  if (channel === null) return allocationFailed;
  if (app !== null) pbx.stasis.subscribe(app, channel.id);
  return ok(channelText(channel));
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

function hangUpBy(world: AriWorld, request: AriRequest): AriAnswer {
  const pbx = world.live();
  const channel = findChannel(pbx, request.part('channelId'));
  if (channel === null) return channelNotFound;
  const [reason, code] = [request.parameter('reason'), request.parameter('reason_code')];
  if (reason !== null && code !== null) {
    return refusal(400, 'Bad Request', "The reason and reason_code can't both be specified");
  }
  const cause = code !== null ? Number.parseInt(code, 10) : reason === null ? 16 : (reasons[reason] ?? Number.NaN);
  if (Number.isNaN(cause)) {
    return code !== null
      ? refusal(400, 'Invalid Reason Code', 'Invalid reason for hangup reason code provided')
      : refusal(400, 'Invalid Reason', 'Invalid reason for hangup reason provided');
  }
  requestHangup(pbx, channel, 32, { soft: true });
  endChannel(pbx, channel, cause);
  return noContent;
}

function continueInDialplan({ channel, stay }: Controlled, request: AriRequest): AriAnswer {
  const [context, exten, priority] = [
    request.parameter('context'),
    request.parameter('extension'),
    request.parameter('priority'),
  ];
  if (priority !== null && !(Number(priority) >= 1)) return refusal(400, 'Bad Request', 'Requested priority is illegal');
  const isNowhere = context === null && exten === null && priority === null;
  const { place } = channel;
  stay.leave(
    isNowhere ? null : { context: context ?? place.context, exten: exten ?? place.exten, priority: Number(priority ?? '1') },
  );
  return noContent;
}

/** Asterisk asks the phone to call somebody else instead; the phones of the sandbox do not. */
function redirectBy({ channel }: Controlled, request: AriRequest): AriAnswer {
  const endpoint = request.parameter('endpoint');
  if (endpoint === null) return refusal(400, 'Not Found', "Required parameter 'endpoint' not provided.");
  const destination = parseDestination(endpoint);
  const words = (text: string) => refusal(422, 'Unprocessable Entity', text);
  if (destination === null) return words(`Endpoint parameter '${endpoint}' does not contain tech/resource`);
  if (destination.resource === '') return words(`No resource provided in endpoint parameter '${endpoint}'`);
  const own = channel.name.slice(0, channel.name.indexOf('/'));
  if (destination.technology === own) return noContent;
  return words(`Endpoint technology '${destination.technology}' does not match channel technology '${own}'`);
}

function readVariable(world: AriWorld, request: AriRequest): AriAnswer {
  const name = request.parameter('variable');
  if (name === null) return refusal(400, 'Bad Request', 'Variable name is required');
  const pbx = world.live();
  const channel = pbx.channels.get(request.part('channelId'));
  const played = world.state().channel(request.part('channelId'));
  if (played === null) return refusal(404, 'Channel Not Found', 'Provided channel was not found');
  const value = channel === undefined ? playedValue(played, name) : variableValue(pbx, channel, name);
  return value === null ? refusal(404, 'Variable Not Found', 'Provided variable was not found') : ok({ value });
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
