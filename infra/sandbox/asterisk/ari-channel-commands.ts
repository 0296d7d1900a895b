import { type Controlled, channelNotFound, inStasis } from './ari-controlled.ts';
import { type AriAnswer, type AriRequest, type AriRoute, type AriWorld, noContent, ok, refusal } from './ari-route.ts';
import { parseDestination } from './live/call-out.ts';
import { playedValue, variableValue } from './live/expand.ts';
import { change, endChannel, findChannel, requestHangup, say, setVariable } from './live/live-pbx.ts';

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

/** What ARI can do with a channel. */
export const channelCommands: readonly AriRoute[] = [
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
  mute('POST', 'mute'),
  mute('DELETE', 'unmute'),
  {
    ...{ method: 'POST', path: '/channels/{channelId}/dtmf', nickname: 'sendDTMF', answers: 'void' },
    query: ['dtmf', 'before', 'between', 'duration', 'after'],
    handle: inStasis((_, request) =>
      request.parameter('dtmf') === null ? refusal(400, 'Bad Request', 'DTMF is required') : noContent,
    ),
  },
  music('POST', 'hold', 'hold', 'MusicOnHoldStart'),
  music('DELETE', 'hold', 'unhold', 'MusicOnHoldStop'),
  music('POST', 'moh', 'startMoh', 'MusicOnHoldStart'),
  music('DELETE', 'moh', 'stopMoh', 'MusicOnHoldStop'),
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
];

function mute(method: 'POST' | 'DELETE', nickname: string): AriRoute {
  return {
    ...{ method, path: '/channels/{channelId}/mute', nickname, answers: 'void', query: ['direction'] },
    handle: inStasis((_, request) => {
      const direction = request.parameter('direction');
      if (direction === null) return refusal(400, 'Bad Request', 'Direction is required');
      if (['in', 'out', 'both'].includes(direction)) return noContent;
      return refusal(400, 'Bad Request', 'Invalid direction specified');
    }),
  };
}

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
