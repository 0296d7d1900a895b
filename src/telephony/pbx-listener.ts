import type { After } from './after.ts';
import type { AmiAction } from './ami/ami-action.ts';
import { type AmiClientFactory, type AmiResponse, type AmiSettings, AmiUnreachable } from './ami/ami-client.ts';
import { createAmiEar } from './ami/ami-ear.ts';
import { type AriClientFactory, type AriRequest, type AriResponse, type AriSettings, AriUnreachable } from './ari/ari-client.ts';
import { createAriEar } from './ari/ari-ear.ts';
import type { EarKind } from './ear.ts';
import { createEarListener, type EarListener, type ListenerLog } from './ear-listener.ts';
import { createFaultNotes } from './faults.ts';
import { createFirstSnapshot } from './first-snapshot.ts';
import { createEarJoiner } from './join-ears.ts';
import type { Numbering } from './numbering.ts';
import type { PbxState } from './pbx-state.ts';
import type { TelephonyEvent } from './telephony-event.ts';

/** How one PBX is heard; one of the two at least. */
export interface PbxEars {
  readonly ami: { readonly settings: AmiSettings; readonly clientFactory: AmiClientFactory } | null;
  readonly ari: {
    readonly settings: AriSettings;
    readonly clientFactory: AriClientFactory;
    /** Everything its event socket says, as it comes, for those who have business of their own with it (`StasisStart`). May throw: that is logged. */
    readonly onAriEvent?: (event: unknown) => void;
  } | null;
}

/** What both translators must be told about a PBX. */
export interface PbxTranslation {
  readonly numbering?: Numbering;
  /** Channel variables that hold the number the customer dialled. */
  readonly didVariables?: readonly string[];
  /** Channel variables that hold the path of a recording. */
  readonly recordingVariables?: readonly string[];
}

export interface PbxListenerOptions {
  /** The PBX's name. */
  readonly name: string;
  readonly ears: PbxEars;
  readonly translator?: PbxTranslation;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable; makes the ActionIDs. */
  readonly newId: () => string;
  readonly after: After;
  readonly random: () => number;
  /** In order, each thing once, however many ears heard it. May throw: that event is then lost and logged, the listening goes on. */
  readonly onEvent: (event: TelephonyEvent) => void;
  /** Of one ear. */
  readonly onState: (state: PbxState) => void;
  readonly log: ListenerLog;
  /** The most that may wait between a socket and `onEvent`. */
  readonly queueLimit?: number;
}

/** What commands and routing need of a PBX: its open connections, whichever it has. */
export interface PbxLines {
  /** @throws AmiUnreachable while not connected by AMI, and as `AmiClient.act`. */
  act(action: AmiAction): Promise<AmiResponse>;
  /** @throws AriUnreachable while not connected by ARI, and as `AriClient.request`. */
  request(request: AriRequest): Promise<AriResponse>;
}

/** Listens to one PBX for ever, by AMI, by ARI, or by both at once as one story. */
export interface PbxListener extends PbxLines {
  start(): void;
  /** One for each ear. */
  readonly states: readonly PbxState[];
  /** Final. What has come in by then is still told. */
  stop(): Promise<void>;
}

const defaultQueueLimit = 100_000;

export function createPbxListener(options: PbxListenerOptions): PbxListener {
  const { name, ears, now, newId, after, log } = options;
  const noteFault = createFaultNotes(name, now, log);
  const translator = options.translator ?? {};
  const beginning = createFirstSnapshot(createEarJoiner());
  const isAlone = ears.ami === null || ears.ari === null;

  const ami = ears.ami === null ? null : listenerOf(createAmiEar({ ...ears.ami, translator, now, newId, after }), openSecondEar);
  const ari = ears.ari === null ? null : listenerOf(createAriEar({ ...ears.ari, translator, now, after }), () => undefined);
  const [first, second] = [ami, ari].filter((ear) => ear !== null);
  let isSecondOpen = false;

  function listenerOf<Client>(kind: EarKind<Client>, onState: (state: PbxState) => void): EarListener<Client> {
    const { ear } = kind;
    return createEarListener({
      ...{ pbx: name, kind, now, after, random: options.random, log },
      onEvent: (event) => (isAlone ? tell(event) : tellAll(beginning.hear(ear, event))),
      onOpened: () => (isAlone ? undefined : tellAll(beginning.opened(ear))),
      onFault: noteFault,
      onState: (state) => {
        options.onState(state);
        onState(state);
      },
      queueLimit: options.queueLimit ?? defaultQueueLimit,
    });
  }

  /** It would begin with a snapshot that is not needed; and where the first cannot hear, the second is the first. */
  function openSecondEar({ state }: PbxState): void {
    if (second === undefined || isSecondOpen || state === 'connecting' || state === 'stopped') return;
    isSecondOpen = true;
    second.start();
  }

  function tellAll(events: readonly TelephonyEvent[]): void {
    for (const event of events) tell(event);
  }

  function tell(event: TelephonyEvent): void {
    try {
      options.onEvent(event);
    } catch (error) {
      noteFault(error);
    }
  }

  return {
    start: () => first?.start(),
    get states() {
      return [first, second].flatMap((ear) => ear?.state ?? []);
    },
    async act(action) {
      const client = ami?.client ?? null;
      if (client === null) throw new AmiUnreachable(`The PBX ${name} is not connected by AMI.`, ami?.state.detail);
      return client.act(action);
    },
    async request(request) {
      const client = ari?.client ?? null;
      if (client === null) throw new AriUnreachable(`The PBX ${name} is not connected by ARI.`, ari?.state.detail);
      return client.request(request);
    },
    async stop() {
      await Promise.all([first?.stop(), second?.stop()]);
    },
  };
}
