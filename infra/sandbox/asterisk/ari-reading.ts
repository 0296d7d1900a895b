import { type AriApplication, applicationText, type EventFilter } from './ari-applications.ts';
import { type AriAnswer, type AriEndpoint, type AriRequest, type AriRoute, type AriWorld, ok, refusal } from './ari-route.ts';
import { ariBridge, ariChannel, ariTime, asteriskId } from './ari-text.ts';

const applicationNotFound = refusal(404, 'Not Found', 'Application not found');

/** What can be asked of the PBX, and what an application can say about itself. */
export const readingRoutes: readonly AriRoute[] = [
  {
    ...{ method: 'GET', path: '/asterisk/info', nickname: 'getInfo', answers: 'AsteriskInfo', query: ['only'] },
    handle: (world) => ok(asteriskInfo(world)),
  },
  {
    ...{ method: 'GET', path: '/asterisk/ping', nickname: 'ping', answers: 'AsteriskPing' },
    handle: ({ now }) => ok({ ping: 'pong', timestamp: ariTime(now()), asterisk_id: asteriskId }),
  },
  {
    ...{ method: 'GET', path: '/channels', nickname: 'list', answers: 'List[Channel]' },
    handle: ({ state }) => ok([...state().channels()].map(ariChannel)),
  },
  {
    ...{ method: 'GET', path: '/channels/{channelId}', nickname: 'get', answers: 'Channel' },
    handle: ({ state }, request) => {
      const channel = state().channel(request.part('channelId'));
      return channel === null ? refusal(404, 'Not Found', 'Channel not found') : ok(ariChannel(channel));
    },
  },
  {
    ...{ method: 'GET', path: '/bridges', nickname: 'list', answers: 'List[Bridge]' },
    handle: ({ state }) => ok([...state().bridges()].map(ariBridge)),
  },
  {
    ...{ method: 'GET', path: '/bridges/{bridgeId}', nickname: 'get', answers: 'Bridge' },
    handle: ({ state }, request) => {
      const bridge = state().bridge(request.part('bridgeId'));
      return bridge === null ? refusal(404, 'Not Found', 'Bridge not found') : ok(ariBridge(bridge));
    },
  },
  {
    ...{ method: 'GET', path: '/endpoints', nickname: 'list', answers: 'List[Endpoint]' },
    handle: (world) => ok(world.endpoints.map((endpoint) => endpointText(world, endpoint))),
  },
  {
    ...{ method: 'GET', path: '/endpoints/{tech}', nickname: 'listByTech', answers: 'List[Endpoint]' },
    handle: (world, request) => {
      const found = world.endpoints.filter(({ technology }) => technology === request.part('tech'));
      if (found.length > 0) return ok(found.map((endpoint) => endpointText(world, endpoint)));
      return refusal(404, 'Not Found', `No Endpoints found - invalid tech ${request.part('tech')}`);
    },
  },
  {
    ...{ method: 'GET', path: '/endpoints/{tech}/{resource}', nickname: 'get', answers: 'Endpoint' },
    handle: (world, request) => {
      const found = world.endpoints.find(
        ({ technology, resource }) => technology === request.part('tech') && resource === request.part('resource'),
      );
      return found === undefined ? refusal(404, 'Not Found', 'Endpoint not found') : ok(endpointText(world, found));
    },
  },
  {
    ...{ method: 'GET', path: '/applications', nickname: 'list', answers: 'List[Application]' },
    handle: ({ applications }) => ok([...applications.all()].map(applicationText)),
  },
  {
    ...{ method: 'GET', path: '/applications/{applicationName}', nickname: 'get', answers: 'Application' },
    handle: (world, request) => withApplication(world, request, (application) => ok(applicationText(application))),
  },
  {
    ...{ method: 'PUT', path: '/applications/{applicationName}/eventFilter', nickname: 'filter', answers: 'Application' },
    body: 'filter',
    handle: (world, request) => withApplication(world, request, (application) => setFilter(application, request.body)),
  },
  {
    ...{ method: 'POST', path: '/applications/{applicationName}/subscription', nickname: 'subscribe', answers: 'Application' },
    query: ['eventSource'],
    handle: (world, request) => withApplication(world, request, (application) => subscribe(world, application, request)),
  },
  {
    ...{
      method: 'DELETE',
      path: '/applications/{applicationName}/subscription',
      nickname: 'unsubscribe',
      answers: 'Application',
    },
    query: ['eventSource'],
    handle: (world, request) => withApplication(world, request, (application) => unsubscribe(application, request)),
  },
];

function asteriskInfo({ startedAt }: AriWorld) {
  const startup = ariTime(startedAt());
  return {
    build: {
      ...{ os: 'Linux', kernel: 'sandbox', machine: 'x86_64', options: 'OPTIONAL_API' },
      ...{ date: '2026-11-01 00:00:00 UTC', user: 'root' },
    },
    system: { version: '22.10.1', entity_id: asteriskId },
    config: { name: '', default_language: 'en', setid: { user: '', group: '' } },
    status: { startup_time: startup, last_reload_time: startup },
  };
}

function endpointText({ state }: AriWorld, { technology, resource, state: reachable }: AriEndpoint) {
  const name = `${technology}/${resource}-`;
  const own = [...state().channels()].filter(({ block }) => block.Channel.startsWith(name));
  return { technology, resource, state: reachable, channel_ids: own.map(({ block }) => block.Uniqueid) };
}

function withApplication(
  { applications }: AriWorld,
  request: AriRequest,
  answer: (application: AriApplication) => AriAnswer,
): AriAnswer {
  const application = applications.find(request.part('applicationName'));
  return application === null ? applicationNotFound : answer(application);
}

/** An empty filter takes both lists away; a list that is not named stays. */
function setFilter(application: AriApplication, filter: Readonly<Record<string, unknown>>): AriAnswer {
  const isEmpty = Object.keys(filter).length === 0;
  const allowed = isEmpty ? [] : (filter.allowed ?? application.allowed);
  const disallowed = isEmpty ? [] : (filter.disallowed ?? application.disallowed);
  if (!isFilterList(allowed) || !isFilterList(disallowed)) return refusal(400, 'Bad Request', 'Invalid format definition');
  Object.assign(application, { allowed, disallowed });
  return ok(applicationText(application));
}

function isFilterList(value: unknown): value is readonly EventFilter[] {
  return Array.isArray(value) && value.every((filter) => typeof filter?.type === 'string' && filter.type !== '');
}

const sourceLists = { channel: 'channels', bridge: 'bridges', endpoint: 'endpoints', deviceState: 'devices' } as const;

function subscribe(world: AriWorld, application: AriApplication, request: AriRequest): AriAnswer {
  const sources = sourcesOf(request);
  if ('status' in sources) return sources;
  if (!sources.every(({ scheme, id }) => exists(world, scheme, id))) {
    return refusal(422, 'Unprocessable Entity', 'Event source does not exist');
  }
  for (const { scheme, id } of sources) {
    // Without an id it is every one of the kind; the sandbox knows only all of everything.
    if (id === '') application.subscribesAll = true;
    else application[sourceLists[scheme]].add(id);
  }
  return ok(applicationText(application));
}

function unsubscribe(application: AriApplication, request: AriRequest): AriAnswer {
  const sources = sourcesOf(request);
  if ('status' in sources) return sources;
  if (!sources.every(({ scheme, id }) => application[sourceLists[scheme]].has(id))) {
    return refusal(422, 'Unprocessable Entity', 'Event source was not subscribed to');
  }
  for (const { scheme, id } of sources) application[sourceLists[scheme]].delete(id);
  return ok(applicationText(application));
}

interface EventSource {
  readonly scheme: keyof typeof sourceLists;
  readonly id: string;
}

function sourcesOf(request: AriRequest): readonly EventSource[] | AriAnswer {
  const wanted = request.parameter('eventSource');
  if (wanted === null) return refusal(400, 'Bad Request', 'Missing parameter eventSource');
  const sources = wanted.split(',').map((uri) => ({ scheme: uri.split(':', 1)[0] ?? '', id: uri.slice(uri.indexOf(':') + 1) }));
  const areKnown = sources.every(({ scheme }) => Object.hasOwn(sourceLists, scheme));
  return areKnown ? (sources as EventSource[]) : refusal(400, 'Bad Request', 'Invalid event source URI scheme');
}

function exists({ state, endpoints }: AriWorld, scheme: EventSource['scheme'], id: string): boolean {
  if (id === '' || scheme === 'deviceState') return true;
  if (scheme === 'channel') return state().channel(id) !== null;
  if (scheme === 'bridge') return state().bridge(id) !== null;
  return endpoints.some(({ technology, resource }) => id === `${technology}/${resource}`);
}
