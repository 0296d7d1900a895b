import type { AriEvent } from './ari-text.ts';

/** The socket an application listens on. */
export interface AriListener {
  send(event: AriEvent): void;
}

export interface AriApplication {
  readonly name: string;
  readonly listener: AriListener;
  subscribesAll: boolean;
  readonly channels: Set<string>;
  readonly bridges: Set<string>;
  readonly endpoints: Set<string>;
  readonly devices: Set<string>;
  allowed: readonly EventFilter[];
  disallowed: readonly EventFilter[];
}

/** Asterisk looks at nothing but the type. */
export interface EventFilter {
  readonly type: string;
}

/** The Stasis applications at this moment: who listens, to what. An application lives as long as its socket. */
export interface AriApplications {
  /** One listener an application: whoever listened so far is told `ApplicationReplaced` and hears no more. */
  register(name: string, subscribesAll: boolean, listener: AriListener): void;
  /** Ends the applications that this listener still has. */
  leave(listener: AriListener): void;
  find(name: string): AriApplication | null;
  all(): Iterable<AriApplication>;
  /** To everyone who is subscribed to what it is about. */
  publish(event: AriEvent): void;
  /** To one application alone, as `StasisStart` and `StasisEnd` are. */
  tell(name: string, event: AriEvent): void;
}

export function createAriApplications(replaced: () => AriEvent): AriApplications {
  const applications = new Map<string, AriApplication>();

  function tellOne(application: AriApplication, event: AriEvent): void {
    const addressed = { ...event, application: application.name };
    if (isAllowed(application, addressed)) application.listener.send(addressed);
  }

  return {
    register(name, subscribesAll, listener) {
      const known = applications.get(name);
      if (known !== undefined) tellOne(known, replaced());
      applications.set(name, {
        ...{ name, listener, subscribesAll: subscribesAll || known?.subscribesAll === true },
        ...{ channels: known?.channels ?? new Set(), bridges: known?.bridges ?? new Set() },
        ...{ endpoints: known?.endpoints ?? new Set(), devices: known?.devices ?? new Set() },
        ...{ allowed: known?.allowed ?? [], disallowed: known?.disallowed ?? [] },
      });
    },
    leave(listener) {
      for (const application of applications.values()) {
        if (application.listener === listener) applications.delete(application.name);
      }
    },
    find: (name) => applications.get(name) ?? null,
    all: () => applications.values(),
    publish(event) {
      if (applications.size === 0) return;
      const about = subjectsOf(event);
      for (const application of applications.values()) {
        if (application.subscribesAll || isSubscribed(application, about)) tellOne(application, event);
        if (event.type === 'ChannelDestroyed') for (const id of about.channels) application.channels.delete(id);
        if (event.type === 'BridgeDestroyed') for (const id of about.bridges) application.bridges.delete(id);
      }
    },
    tell(name, event) {
      const application = applications.get(name);
      if (application !== undefined) tellOne(application, event);
    },
  };
}

/** Subscribed to everything, an application has these names of Asterisk's own topics in its lists. */
export function applicationText(application: AriApplication) {
  const list = (names: Set<string>, all: string) => (application.subscribesAll ? [all] : [...names]);
  return {
    name: application.name,
    channel_ids: list(application.channels, '__AST_CHANNEL_ALL_TOPIC'),
    bridge_ids: list(application.bridges, '__AST_BRIDGE_ALL_TOPIC'),
    endpoint_ids: list(application.endpoints, '__AST_ENDPOINT_ALL_TOPIC'),
    device_names: list(application.devices, '__AST_DEVICE_STATE_ALL_TOPIC'),
    events_allowed: application.allowed,
    events_disallowed: application.disallowed,
  };
}

interface Subjects {
  readonly channels: readonly string[];
  readonly bridges: readonly string[];
  readonly endpoint: string | null;
  readonly device: string | null;
}

const channelProperties = [
  'channel',
  'caller',
  'peer',
  'transferee',
  'transfer_target',
  'transferer_first_leg',
  'transferer_second_leg',
];
const bridgeProperties = ['bridge', 'bridge_from', 'transferer_first_leg_bridge', 'transferer_second_leg_bridge'];

function subjectsOf(event: AriEvent): Subjects {
  const idOf = (property: string) => textIn(event[property], 'id') ?? [];
  const endpoint = event.endpoint;
  const technology = textIn(endpoint, 'technology');
  return {
    channels: channelProperties.flatMap(idOf),
    bridges: bridgeProperties.flatMap(idOf),
    endpoint: technology === null ? null : `${technology}/${textIn(endpoint, 'resource')}`,
    device: textIn(event.device_state, 'name'),
  };
}

function textIn(value: unknown, property: string): string | null {
  if (typeof value !== 'object' || value === null) return null;
  const found = (value as Readonly<Record<string, unknown>>)[property];
  return typeof found === 'string' ? found : null;
}

function isSubscribed(application: AriApplication, about: Subjects): boolean {
  return (
    about.channels.some((id) => application.channels.has(id)) ||
    about.bridges.some((id) => application.bridges.has(id)) ||
    (about.endpoint !== null && application.endpoints.has(about.endpoint)) ||
    (about.device !== null && application.devices.has(about.device))
  );
}

function isAllowed({ allowed, disallowed }: AriApplication, event: AriEvent): boolean {
  const matches = (filter: EventFilter) => filter.type === event.type;
  return !disallowed.some(matches) && (allowed.length === 0 || allowed.some(matches));
}
