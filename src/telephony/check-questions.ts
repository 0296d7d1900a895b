import { type AmiAction, AmiActionRefused } from './ami/ami-action.ts';
import { type AmiClient, AmiRefused, type AmiResponse, type AmiWorld } from './ami/ami-client.ts';
import type { AmiMessage } from './ami/ami-message.ts';

/** What the PBX made of one question. */
export type Reply =
  | { readonly kind: 'told'; readonly response: AmiResponse; readonly askedAt: number; readonly toldAt: number }
  /** The user lacks the right. */
  | { readonly kind: 'refused' }
  /** Not understood, or answered with an error, in the PBX's words. */
  | { readonly kind: 'declined'; readonly text: string };

/** What came by itself: classes of events, and the traces of our own questions. */
export interface Heard {
  readonly classes: ReadonlySet<string>;
  /** Seconds since the PBX was started; null when it did not say. */
  readonly uptime: number | null;
  /** Our own event, back from the PBX. */
  readonly echo: AmiMessage | null;
}

export interface PbxAnswers {
  readonly replies: Readonly<Record<QuestionName, Reply>>;
  /** By name of the context. */
  readonly contexts: ReadonlyMap<string, Reply>;
  /** Classes of which we could cause an event. */
  readonly provoked: readonly string[];
  readonly heard: Heard;
}

/** All of them only read. */
const questions = {
  ping: { name: 'Ping' },
  commands: { name: 'ListCommands' },
  core: { name: 'CoreSettings' },
  channels: { name: 'CoreShowChannels' },
  queues: { name: 'QueueStatus' },
  parkedCalls: { name: 'ParkedCalls' },
  bridges: { name: 'BridgeList' },
  status: { name: 'Status' },
  parkingLots: { name: 'Parkinglots' },
  devices: { name: 'DeviceStateList' },
} as const satisfies Readonly<Record<string, AmiAction>>;

type QuestionName = keyof typeof questions;

/** How long the provoked events are waited for. */
const echoMs = 3_000;
const probeVariable = 'TORITSUGI_DOCTOR';
/** No such technology exists: the order to dial fails before there is a channel. */
const probeTechnology = 'ToritsugiDoctor';

/** Hears what comes by itself while the questions are asked. Give it every message of the connection. */
export function createHearing(nonce: string) {
  const classes = new Set<string>();
  let uptime: number | null = null;
  let echo: AmiMessage | null = null;
  let onNews: () => void = () => undefined;

  function hear(message: AmiMessage): void {
    const privilege = message.get('Privilege');
    if (message.event === null || privilege === undefined) return;
    for (const name of privilege.split(',')) if (name !== 'all' && name !== '<none>') classes.add(name);
    if (message.event === 'FullyBooted') uptime = Number(message.get('Uptime') ?? Number.NaN);
    if (message.event === 'UserEvent' && message.get('Nonce') === nonce) echo = message;
    onNews();
  }

  return {
    hear,
    heard: (): Heard => ({ classes, uptime: Number.isFinite(uptime) ? uptime : null, echo }),
    /** Resolves when every class was heard, or after `ms`. */
    untilHeard(wanted: readonly string[], ms: number, { after }: AmiWorld): Promise<void> {
      return new Promise((resolve) => {
        const cancel = after(ms, resolve);
        onNews = () => {
          if (!wanted.every((name) => classes.has(name))) return;
          cancel();
          resolve();
        };
        onNews();
      });
    },
  };
}

export type Hearing = ReturnType<typeof createHearing>;

/** Asks everything, one after the other. @throws AmiUnreachable, AmiProtocolError when the connection ends meanwhile */
export async function askPbx(
  client: AmiClient,
  world: AmiWorld,
  { nonce, hearing, contexts }: { nonce: string; hearing: Hearing; contexts: readonly string[] },
): Promise<PbxAnswers> {
  const ask = (action: AmiAction) => askOne(client, world, action);
  const replies: Partial<Record<QuestionName, Reply>> = {};
  for (const [name, action] of Object.entries(questions)) replies[name as QuestionName] = await ask(action);
  const shown = new Map<string, Reply>();
  for (const context of contexts) shown.set(context, await ask({ name: 'ShowDialPlan', headers: [['Context', context]] }));
  const provoked = await provokeEvents(ask, nonce);
  await hearing.untilHeard(provoked, echoMs, world);
  return { replies: replies as Record<QuestionName, Reply>, contexts: shown, provoked, heard: hearing.heard() };
}

/** One event of each class that can be had without a call; says which of them are to be expected. */
async function provokeEvents(ask: (action: AmiAction) => Promise<Reply>, nonce: string): Promise<string[]> {
  const userEvent = await ask({
    name: 'UserEvent',
    headers: [
      ['UserEvent', probeTechnology],
      ['Nonce', nonce],
    ],
  });
  const setVariable = (value: string) =>
    ask({
      name: 'Setvar',
      headers: [
        ['Variable', probeVariable],
        ['Value', value],
      ],
    });
  const variable = await setVariable('1');
  if (variable.kind === 'told') await setVariable('');
  const channel: [string, string] = ['Channel', `${probeTechnology}/${nonce}`];
  const dial = await ask({ name: 'Originate', headers: [channel, ['Application', 'NoOp'], ['Async', 'true']] });
  const isTold = ({ kind }: Reply) => kind === 'told';
  return [...(isTold(userEvent) ? ['user'] : []), ...(isTold(variable) ? ['dialplan'] : []), ...(isTold(dial) ? ['call'] : [])];
}

async function askOne(client: AmiClient, { now }: AmiWorld, action: AmiAction): Promise<Reply> {
  const askedAt = now();
  try {
    const response = await client.act(action);
    return response.ok ? { kind: 'told', response, askedAt, toldAt: now() } : { kind: 'declined', text: response.text };
  } catch (error) {
    if (error instanceof AmiRefused) return { kind: 'refused' };
    // The vendor's client cannot send every action.
    if (error instanceof AmiActionRefused) return { kind: 'declined', text: error.message };
    throw error;
  }
}
