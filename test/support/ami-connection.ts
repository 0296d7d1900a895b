import { randomUUID } from 'node:crypto';
import {
  type SandboxAsterisk,
  type SandboxAsteriskOptions,
  startSandboxAsterisk,
} from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { type AmiClient, type AmiClientFactory, type AmiSettings, amiDefaults } from '../../src/telephony/ami/ami-client.ts';
import type { AmiMessage } from '../../src/telephony/ami/ami-message.ts';
import { createHandClock, type HandClock } from './ami-clock.ts';

export const hubUser = { name: 'hub', secret: 'correct horse', read: ['all'], write: ['all'] };

/** A client under test and all that it said. */
export interface AmiConnection {
  readonly client: AmiClient;
  readonly messages: AmiMessage[];
  readonly arrivals: number[];
  readonly clock: HandClock;
  /** Resolves with the first message, heard or to come, for which `is` holds. */
  until(is: (message: AmiMessage) => boolean): Promise<AmiMessage>;
  /** Resolves when the client tells that the connection ended. */
  readonly ended: Promise<Error>;
  readonly endings: Error[];
}

export function openAmiConnection(make: AmiClientFactory, settings: Partial<AmiSettings> & { port: number }): AmiConnection {
  const clock = createHandClock();
  const messages: AmiMessage[] = [];
  const arrivals: number[] = [];
  const endings: Error[] = [];
  let waiting: { readonly is: (message: AmiMessage) => boolean; readonly tell: (message: AmiMessage) => void }[] = [];
  let tellEnded: (reason: Error) => void = () => {};
  const ended = new Promise<Error>((resolve) => {
    tellEnded = resolve;
  });
  const client = make(
    { ...amiDefaults, events: 'on', host: '127.0.0.1', username: hubUser.name, secret: hubUser.secret, ...settings },
    { now: clock.now, newId: randomUUID, after: clock.after },
    {
      onMessage(message, at) {
        messages.push(message);
        arrivals.push(at);
        const met = waiting.filter(({ is }) => is(message));
        waiting = waiting.filter((wait) => !met.includes(wait));
        for (const { tell } of met) tell(message);
      },
      onClose(reason) {
        endings.push(reason);
        tellEnded(reason);
      },
    },
  );
  return {
    ...{ client, messages, arrivals, clock, ended, endings },
    until(is) {
      const heard = messages.find(is);
      if (heard !== undefined) return Promise.resolve(heard);
      return new Promise((tell) => {
        waiting.push({ is, tell });
      });
    },
  };
}

export function startTestPbx(options: Partial<SandboxAsteriskOptions> = {}): Promise<SandboxAsterisk> {
  return startSandboxAsterisk({
    ...{ port: 0, host: '127.0.0.1', users: [hubUser], now: Date.now, newId: randomUUID, refusalDelayMs: 0 },
    ...options,
  });
}

export const named = (event: string) => (message: AmiMessage) => message.event === event;
