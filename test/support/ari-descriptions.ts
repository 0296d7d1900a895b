/**
 * What an ARI says of itself at `/ari/api-docs` (Swagger 1.2): the few operations and events that the tests use. The package
 * ari-client learns from it what it may ask.
 */
const operations: readonly (readonly [
  method: string,
  path: string,
  nickname: string,
  query?: readonly string[],
  body?: string,
])[] = [
  ['GET', '/asterisk/info', 'getInfo', ['only']],
  ['GET', '/asterisk/ping', 'ping'],
  ['GET', '/channels', 'list'],
  ['POST', '/channels', 'originate', ['endpoint', 'extension', 'context', 'callerId'], 'variables'],
  ['GET', '/channels/{channelId}', 'get'],
  ['DELETE', '/channels/{channelId}', 'hangup', ['reason_code']],
  ['GET', '/channels/{channelId}/variable', 'getChannelVar', ['variable']],
  ['GET', '/bridges', 'list'],
  ['POST', '/bridges/{bridgeId}/addChannel', 'addChannel', ['channel']],
  ['GET', '/events', 'eventWebsocket', ['app', 'subscribeAll']],
];

const resources = ['asterisk', 'channels', 'bridges', 'events'];

/** `name` without its `.json`; null where there is no such description. */
export function ariDescription(name: string, url: string, eventTypes: readonly string[]): object | null {
  const base = { apiVersion: '10.0.0', swaggerVersion: '1.2', basePath: `${url}/ari` };
  if (name === 'resources')
    return { ...base, apis: resources.map((one) => ({ path: `/api-docs/${one}.{format}`, description: one })) };
  if (!resources.includes(name)) return null;
  const paths = [...new Set(operations.map(([, path]) => path))].filter((path) => path.split('/')[1] === name);
  const apis = paths.map((path) => ({ path, description: '', operations: operationsAt(path) }));
  const models = name === 'events' ? Object.fromEntries(eventTypes.map((type) => [type, eventModel(type)])) : {};
  return { ...base, basePath: `${url}/ari`, resourcePath: `/${name}`, apis, models };
}

function operationsAt(at: string): object[] {
  return operations
    .filter(([, path]) => path === at)
    .map(([httpMethod, path, nickname, query = [], body]) => ({
      ...{ httpMethod, nickname, summary: nickname, responseClass: 'object' },
      parameters: [
        ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => parameter(name ?? '', 'path', true)),
        ...query.map((name) => parameter(name, 'query', false)),
        ...(body === undefined ? [] : [parameter(body, 'body', false)]),
      ],
    }));
}

function parameter(name: string, paramType: string, required: boolean): object {
  return { name, paramType, required, description: name, allowMultiple: false, dataType: 'string' };
}

/** The package makes objects of its own out of properties of these types. */
function eventModel(id: string): object {
  const ofType = (type: string) => ({ type, required: false });
  // The peer of a `PeerStatusChange` is no channel.
  const channels = [...(id === 'Dial' ? ['caller', 'peer'] : []), 'channel', 'replace_channel', 'transferee', 'transfer_target'];
  const properties = Object.fromEntries(channels.map((name) => [name, ofType('Channel')]));
  return { id, description: id, properties: { ...properties, bridge: ofType('Bridge'), type: ofType('string') } };
}
