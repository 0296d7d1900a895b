import type { After } from '../after.ts';
import type { EarConnection, EarHandlers, EarKind, EarTrouble } from '../ear.ts';
import { type AmiClient, type AmiClientFactory, AmiRefused, type AmiSettings } from './ami-client.ts';
import { asAmiError } from './ami-failures.ts';
import type { AmiMessage } from './ami-message.ts';
import { AmiProtocolError } from './ami-parser.ts';
import { snapshotActions } from './ami-snapshot.ts';
import { type AmiTranslatorSettings, createAmiTranslator } from './ami-translator.ts';

export interface AmiEarOptions {
  readonly settings: AmiSettings;
  readonly clientFactory: AmiClientFactory;
  readonly translator?: AmiTranslatorSettings;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable; makes the ActionIDs. */
  readonly newId: () => string;
  readonly after: After;
}

/** A PBX says `FullyBooted` right after the log-in, or, while it is still starting, when there is everything to see. */
const bootNewsMs = 1_000;

/** Hearing a PBX by AMI: one stream, in which also the lists of the snapshot come, so that nothing has to be put in order. */
export function createAmiEar(options: AmiEarOptions): EarKind<AmiClient> {
  const { settings, now, newId, after } = options;

  function connect({ onArrival, onClose }: EarHandlers): EarConnection<AmiClient> {
    const translator = createAmiTranslator(options.translator);
    let loggedInAt: number | null = null;
    const client = options.clientFactory(settings, { now, newId, after }, { onMessage, onClose });

    function onMessage(message: AmiMessage, at: number): void {
      onArrival(() => translator.translate(message, at));
      const isLateBoot = message.event === 'FullyBooted' && loggedInAt !== null && at - loggedInAt > bootNewsMs;
      if (isLateBoot) takeSnapshot().catch(onClose);
    }

    /** Every answer reaches the translator as it arrives. Tells what the user may not see; other failures are thrown. */
    async function takeSnapshot(): Promise<EarTrouble | null> {
      let lacking: EarTrouble | null = null;
      for (const { Action } of snapshotActions) {
        try {
          await client.act({ name: Action });
        } catch (error) {
          if (!(error instanceof AmiRefused)) throw error;
          lacking ??= troubleOf(error);
        }
      }
      return lacking;
    }

    return {
      client,
      async open() {
        await client.connect();
        loggedInAt = now();
      },
      takeSnapshot,
      ping: () => client.act({ name: 'Ping' }),
      close: () => client.close(),
    };
  }

  return {
    ear: 'ami',
    where: `${settings.host}:${settings.port}`,
    floodRemedy: 'Narrow the events of the AMI user.',
    connect,
    troubleOf,
  };
}

function troubleOf(cause: unknown): EarTrouble {
  const error = asAmiError(cause);
  if (!(error instanceof AmiProtocolError)) {
    return { isRefusal: error instanceof AmiRefused, detail: error.detail, remedy: error.remedy };
  }
  const remedy = 'Check host and port (AMI is 5038, or 5039 with TLS).';
  return { isRefusal: false, detail: error.message, remedy };
}
