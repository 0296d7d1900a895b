import type { AriRoute } from './ari-route.ts';

/**
 * What generic clients (ari-client) ask for before anything else: Swagger descriptions, made from the routes the sandbox has. Events
 * that are not named here would be unknown to such a client.
 */
export function describeResources(baseUrl: string, routes: readonly AriRoute[]) {
  const apis = resourcesOf(routes).map((name) => ({
    path: `/api-docs/${name}.{format}`,
    description: `${name} of the sandbox PBX`,
  }));
  return { apiVersion: '10.0.0', swaggerVersion: '1.1', basePath: baseUrl, apis };
}

/** null: there is no such resource. */
export function describeResource(baseUrl: string, name: string, routes: readonly AriRoute[]) {
  if (!resourcesOf(routes).includes(name)) return null;
  const own = routes.filter((route) => resourceOf(route) === name);
  const paths = [...new Set(own.map(({ path }) => path))];
  return {
    ...{ apiVersion: '2.0.0', swaggerVersion: '1.1', basePath: baseUrl, resourcePath: `/api-docs/${name}.{format}` },
    apis: paths.map((path) => ({
      ...{ path, description: '' },
      operations: own.filter((route) => route.path === path).map(operation),
    })),
    models: name === 'events' ? eventModels() : {},
  };
}

function resourcesOf(routes: readonly AriRoute[]): readonly string[] {
  return [...new Set([...routes.map(resourceOf), 'events'])];
}

function resourceOf({ path }: AriRoute): string {
  return path.split('/')[1] ?? '';
}

function operation({ method, path, nickname, answers, query = [], body }: AriRoute) {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => parameter(name, 'path', true));
  const inQuery = query.map((name) => parameter(name, 'query', false));
  const inBody = body === undefined ? [] : [{ ...parameter(body, 'body', false), dataType: 'containers' }];
  return { httpMethod: method, nickname, responseClass: answers, summary: '', parameters: [...inPath, ...inQuery, ...inBody] };
}

function parameter(name: string, paramType: string, required: boolean) {
  return { name, description: '', paramType, required, allowMultiple: false, dataType: 'string' };
}

function eventModels() {
  return Object.fromEntries(
    Object.entries(eventProperties).map(([id, properties]) => [
      id,
      { id, description: '', properties: Object.fromEntries(properties.split(' ').flatMap(property)) },
    ]),
  );
}

function property(text: string): [string, { type: string; required: boolean }][] {
  const [name = '', type = 'string'] = text.split(':');
  return name === '' ? [] : [[name, { type, required: false }]];
}

/** The events of Asterisk 22 and what in them is a thing of its own. */
const eventProperties: Readonly<Record<string, string>> = {
  ApplicationMoveFailed: 'channel:Channel',
  ApplicationRegistered: '',
  ApplicationReplaced: '',
  ApplicationUnregistered: '',
  BridgeAttendedTransfer:
    'transferer_first_leg:Channel transferer_second_leg:Channel transferee:Channel transfer_target:Channel transferer_first_leg_bridge:Bridge transferer_second_leg_bridge:Bridge',
  BridgeBlindTransfer: 'channel:Channel transferee:Channel bridge:Bridge exten context result',
  BridgeCreated: 'bridge:Bridge',
  BridgeDestroyed: 'bridge:Bridge',
  BridgeMerged: 'bridge:Bridge bridge_from:Bridge',
  BridgeVideoSourceChanged: 'bridge:Bridge',
  ChannelCallerId: 'channel:Channel',
  ChannelConnectedLine: 'channel:Channel',
  ChannelCreated: 'channel:Channel',
  ChannelDestroyed: 'channel:Channel cause:int cause_txt',
  ChannelDialplan: 'channel:Channel dialplan_app dialplan_app_data',
  ChannelDtmfReceived: 'channel:Channel digit duration_ms:int',
  ChannelEnteredBridge: 'bridge:Bridge channel:Channel',
  ChannelHangupRequest: 'channel:Channel cause:int soft:boolean',
  ChannelHold: 'channel:Channel musicclass',
  ChannelLeftBridge: 'bridge:Bridge channel:Channel',
  ChannelStateChange: 'channel:Channel',
  ChannelTalkingFinished: 'channel:Channel',
  ChannelTalkingStarted: 'channel:Channel',
  ChannelToneDetected: 'channel:Channel',
  ChannelTransfer: '',
  ChannelUnhold: 'channel:Channel',
  ChannelUserevent: 'channel:Channel bridge:Bridge endpoint:Endpoint eventname',
  ChannelVarset: 'channel:Channel variable value',
  ContactStatusChange: 'endpoint:Endpoint',
  DeviceStateChanged: 'device_state:DeviceState',
  Dial: 'caller:Channel peer:Channel forwarded:Channel dialstatus dialstring forward',
  EndpointStateChange: 'endpoint:Endpoint',
  PeerStatusChange: 'endpoint:Endpoint',
  PlaybackContinuing: 'playback:Playback',
  PlaybackFinished: 'playback:Playback',
  PlaybackStarted: 'playback:Playback',
  RESTResponse: '',
  RecordingFailed: 'recording:LiveRecording',
  RecordingFinished: 'recording:LiveRecording',
  RecordingStarted: 'recording:LiveRecording',
  StasisEnd: 'channel:Channel',
  StasisStart: 'args channel:Channel replace_channel:Channel',
  TextMessageReceived: 'endpoint:Endpoint',
};
