import { type AriAnswer, type AriRequest, type AriRoute, type AriWorld, noContent, ok, refusal } from './ari-route.ts';
import { bridgeText } from './live/announce.ts';
import { type Bridge, stasisHolding, stasisMixing } from './live/bridge.ts';
import type { Channel } from './live/channel.ts';
import { change, createBridge, destroyBridge, enterBridge, type LivePbx, takeOut } from './live/live-pbx.ts';

const bridgeNotFound = refusal(404, 'Not found', 'Bridge not found');

/** Only bridges that ARI has made may be worked on. */
function withBridge(run: (pbx: LivePbx, bridge: Bridge, request: AriRequest) => AriAnswer): AriRoute['handle'] {
  return (world, request) => {
    const pbx = world.live();
    const bridge = pbx.bridges.get(request.part('bridgeId'));
    if (bridge?.kind.creator === 'Stasis') return run(pbx, bridge, request);
    if (bridge === undefined && world.state().bridge(request.part('bridgeId')) === null) return bridgeNotFound;
    return refusal(409, 'Conflict', 'Bridge not in Stasis application');
  };
}

export const bridgeCommands: readonly AriRoute[] = [
  {
    ...{ method: 'POST', path: '/bridges', nickname: 'create', answers: 'Bridge', query: ['type', 'bridgeId', 'name'] },
    handle: (world, request) => create(world, request, request.parameter('bridgeId')),
  },
  {
    ...{ method: 'POST', path: '/bridges/{bridgeId}', nickname: 'createWithId', answers: 'Bridge', query: ['type', 'name'] },
    handle: (world, request) => create(world, request, request.part('bridgeId')),
  },
  {
    ...{ method: 'DELETE', path: '/bridges/{bridgeId}', nickname: 'destroy', answers: 'void' },
    handle: withBridge((pbx, bridge) => {
      destroyBridge(pbx, bridge);
      return noContent;
    }),
  },
  {
    ...{ method: 'POST', path: '/bridges/{bridgeId}/addChannel', nickname: 'addChannel', answers: 'void' },
    query: ['channel', 'role'],
    handle: withBridge(addChannels),
  },
  {
    ...{
      method: 'POST',
      path: '/bridges/{bridgeId}/removeChannel',
      nickname: 'removeChannel',
      answers: 'void',
      query: ['channel'],
    },
    handle: withBridge(removeChannels),
  },
  {
    ...{ method: 'POST', path: '/bridges/{bridgeId}/moh', nickname: 'startMoh', answers: 'void', query: ['mohClass'] },
    handle: withBridge(() => noContent),
  },
  {
    ...{ method: 'DELETE', path: '/bridges/{bridgeId}/moh', nickname: 'stopMoh', answers: 'void' },
    handle: withBridge(() => noContent),
  },
];

function create(world: AriWorld, request: AriRequest, id: string | null): AriAnswer {
  const types = request.parameter('type')?.split(',') ?? ['mixing'];
  if (id !== null && world.state().bridge(id) !== null) {
    return refusal(409, 'Conflict', `Bridge with id '${id}' already exists`);
  }
  if (!types.every((type) => ['mixing', 'holding', 'dtmf_events', 'proxy_media', 'video_sfu', 'video_single'].includes(type))) {
    return refusal(500, 'Internal Error', `Unable to create bridge. Possible duplicate bridge id '${id ?? '(null)'}'`);
  }
  const kind = types.includes('holding') ? stasisHolding : stasisMixing;
  const named = { name: request.parameter('name') ?? '', ...(id === null ? {} : { id }) };
  return ok(bridgeText(createBridge(world.live(), kind, named)));
}

/** The text says what Asterisk has against them. */
function channelsIn(pbx: LivePbx, request: AriRequest): readonly Channel[] | AriAnswer {
  const named = request.parameter('channel');
  if (named === null) return refusal(400, 'Bad Request', 'Missing parameter channel');
  const channels: Channel[] = [];
  for (const id of named.split(',')) {
    const channel = pbx.channels.get(id);
    if (channel === undefined && pbx.state.channel(id) === null) return refusal(400, 'Bad Request', 'Channel not found');
    if (channel?.stasis == null) return refusal(422, 'Unprocessable Entity', 'Channel not in Stasis application');
    channels.push(channel);
  }
  return channels;
}

function addChannels(pbx: LivePbx, bridge: Bridge, request: AriRequest): AriAnswer {
  const channels = channelsIn(pbx, request);
  if ('status' in channels) return channels;
  for (const channel of channels) {
    takeOut(pbx, channel);
    enterBridge(pbx, bridge, channel, () => {});
    const [one, two, ...more] = bridge.channels;
    if (one === undefined || two === undefined || more.length > 0) continue;
    change(pbx, one, { connected: two.caller });
    change(pbx, two, { connected: one.caller });
  }
  return noContent;
}

function removeChannels(pbx: LivePbx, bridge: Bridge, request: AriRequest): AriAnswer {
  const channels = channelsIn(pbx, request);
  if ('status' in channels) return channels;
  if (!channels.every((channel) => channel.bridge === bridge)) {
    return refusal(422, 'Unprocessable Entity', 'Channel not in this bridge');
  }
  for (const channel of channels) takeOut(pbx, channel);
  return noContent;
}
