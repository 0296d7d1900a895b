import { randomUUID } from 'node:crypto';
import type { SandboxAsterisk } from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { type AmiClientFactory, type AmiSettings, amiDefaults } from '../../src/telephony/ami/ami-client.ts';
import { createOwnAmiClient } from '../../src/telephony/ami/own-ami-client.ts';
import { createPbxListener, type PbxEars, type PbxListener, type PbxListenerOptions } from '../../src/telephony/pbx-listener.ts';
import type { PbxState } from '../../src/telephony/pbx-state.ts';
import type { TelephonyEvent, TelephonyEventType } from '../../src/telephony/telephony-event.ts';
import { createHandClock, type HandClock } from './ami-clock.ts';
import { hubUser } from './ami-connection.ts';

/** A listener under test, and all that it said. */
export interface Listening {
  readonly listener: PbxListener;
  readonly events: TelephonyEvent[];
  readonly states: PbxState[];
  readonly lines: { readonly level: string; readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
  readonly clock: HandClock;
  /** Resolves with the next state of this name. */
  becomes(state: PbxState['state']): Promise<PbxState>;
  /** Resolves with the first event, told or to come, of this type (and for which `is` holds). */
  hears(type: TelephonyEventType, is?: (event: TelephonyEvent) => boolean): Promise<TelephonyEvent>;
}

export interface ListeningOptions extends Partial<Pick<PbxListenerOptions, 'onEvent' | 'queueLimit' | 'now'>> {
  readonly settings?: Partial<AmiSettings>;
  readonly clientFactory?: AmiClientFactory;
}

/** A listener that hears a PBX by AMI. */
export function prepareListener(
  pbx: Pick<SandboxAsterisk, 'port'>,
  { settings, clientFactory, ...options }: ListeningOptions = {},
): Listening {
  const user = { username: hubUser.name, secret: hubUser.secret };
  const ami = {
    settings: { ...amiDefaults, host: '127.0.0.1', port: pbx.port, ...user, ...settings },
    clientFactory: clientFactory ?? createOwnAmiClient,
  };
  return prepareEars({ ami, ari: null }, options);
}

export function prepareEars(ears: PbxEars, options: Partial<PbxListenerOptions> = {}): Listening {
  const clock = createHandClock();
  const events: TelephonyEvent[] = [];
  const states: PbxState[] = [];
  const lines: Listening['lines'] = [];
  const stateWaits: { readonly name: string; readonly tell: (state: PbxState) => void }[] = [];
  const eventWaits: { readonly is: (event: TelephonyEvent) => boolean; readonly tell: (event: TelephonyEvent) => void }[] = [];
  const listener = createPbxListener({
    name: 'main',
    ears,
    ...{ now: clock.now, after: clock.after, newId: randomUUID, random: () => 0.5 },
    onEvent(event) {
      events.push(event);
      settle(eventWaits, ({ is }) => is(event)).forEach(({ tell }) => void tell(event));
    },
    onState(state) {
      states.push(state);
      settle(stateWaits, ({ name }) => name === state.state).forEach(({ tell }) => void tell(state));
    },
    log: (level, message, fields = {}) => void lines.push({ level, message, fields }),
    ...options,
  });
  return {
    ...{ listener, events, states, lines, clock },
    becomes: (name) => new Promise((tell) => void stateWaits.push({ name, tell })),
    hears(type, is = () => true) {
      const wanted = (event: TelephonyEvent) => event.type === type && is(event);
      const heard = events.find(wanted);
      return heard === undefined ? new Promise((tell) => void eventWaits.push({ is: wanted, tell })) : Promise.resolve(heard);
    },
  };
}

function settle<Wait>(waits: Wait[], isMet: (wait: Wait) => boolean): Wait[] {
  const met = waits.filter(isMet);
  for (const wait of met) waits.splice(waits.indexOf(wait), 1);
  return met;
}
