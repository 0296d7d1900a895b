import { type AriClient, type AriClientFactory, type AriSettings, ariDefaults } from '../../src/telephony/ari/ari-client.ts';
import { createHandClock, type HandClock } from './ami-clock.ts';
import { ariUser } from './ari-peer.ts';

/** A client under test and all that it said. */
export interface AriConnection {
  readonly client: AriClient;
  readonly events: unknown[];
  readonly arrivals: number[];
  readonly clock: HandClock;
  /** Resolves with the first event, heard or to come, of this type. */
  hears(type: string): Promise<unknown>;
  /** Resolves when the client tells that the connection ended. */
  readonly ended: Promise<Error>;
  readonly endings: Error[];
}

export function openAriConnection(make: AriClientFactory, settings: Partial<AriSettings> & { url: string }): AriConnection {
  const clock = createHandClock();
  const events: unknown[] = [];
  const arrivals: number[] = [];
  const endings: Error[] = [];
  let waiting: { readonly type: string; readonly tell: (event: unknown) => void }[] = [];
  let tellEnded: (reason: Error) => void = () => {};
  const ended = new Promise<Error>((resolve) => {
    tellEnded = resolve;
  });
  const client = make(
    { ...ariDefaults, ...ariUser, app: 'toritsugi', ...settings },
    { now: clock.now, after: clock.after },
    {
      onEvent(event, at) {
        events.push(event);
        arrivals.push(at);
        const met = waiting.filter(({ type }) => type === typeOf(event));
        waiting = waiting.filter((wait) => !met.includes(wait));
        for (const { tell } of met) tell(event);
      },
      onClose(reason) {
        endings.push(reason);
        tellEnded(reason);
      },
    },
  );
  return {
    ...{ client, events, arrivals, clock, ended, endings },
    hears(type) {
      const heard = events.find((event) => typeOf(event) === type);
      if (heard !== undefined) return Promise.resolve(heard);
      return new Promise((tell) => {
        waiting.push({ type, tell });
      });
    },
  };
}

export function typeOf(event: unknown): unknown {
  return typeof event === 'object' && event !== null ? Reflect.get(event, 'type') : undefined;
}
