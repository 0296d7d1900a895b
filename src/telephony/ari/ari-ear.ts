import type { After } from '../after.ts';
import type { EarConnection, EarHandlers, EarKind, EarTrouble } from '../ear.ts';
import { defaultNumbering } from '../numbering.ts';
import { type AriClient, type AriClientFactory, AriRefused, type AriSettings, AriUnreachable } from './ari-client.ts';
import { asAriError } from './ari-failures.ts';
import { readAriLists } from './ari-lists.ts';
import { type AriTranslatorSettings, createAriTranslator } from './ari-translator.ts';

export interface AriEarOptions {
  readonly settings: AriSettings;
  readonly clientFactory: AriClientFactory;
  readonly translator?: AriTranslatorSettings;
  /** Everything the event socket says, as it comes, for those who have business of their own with it (`StasisStart`). May throw: that is logged. */
  readonly onAriEvent?: (event: unknown) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly after: After;
}

/** Events that are held back while the lists come in. */
const mostWithheld = 20_000;

/**
 * Hearing a PBX by ARI: the events of a websocket, and lists that come beside it. Nobody can tell which events the lists already know
 * of, so all that comes while they are asked for is held back and told after them; told twice does no harm, told before would be undone.
 */
export function createAriEar(options: AriEarOptions): EarKind<AriClient> {
  const { settings, now, after } = options;
  const numbering = options.translator?.numbering ?? defaultNumbering;
  const translator = createAriTranslator(options.translator);

  function connect({ onArrival, onClose }: EarHandlers): EarConnection<AriClient> {
    let withheld: (() => void)[] | null = [];
    const client = options.clientFactory(settings, { now, after }, { onEvent: hear, onClose });

    function hear(event: unknown, at: number): void {
      handOn(event);
      const tell = () => onArrival(() => translator.translate(event, at));
      if (withheld === null) tell();
      else if (withheld.length < mostWithheld) withheld.push(tell);
      else onClose(new AriUnreachable(`${settings.url} sends more than can be kept until it has told what exists.`));
    }

    function handOn(event: unknown): void {
      try {
        options.onAriEvent?.(event);
      } catch (error) {
        // Told where all faults are told; thrown here it would go through the socket.
        onArrival(() => {
          throw error;
        });
      }
    }

    async function takeSnapshot(): Promise<EarTrouble | null> {
      const at = now();
      const lists = await readAriLists(client, numbering);
      onArrival(() => translator.startFrom(lists, at));
      const held = withheld ?? [];
      withheld = null;
      for (const tell of held) tell();
      return null;
    }

    return { client, open: () => client.connect(), takeSnapshot, ping: () => client.ping(), close: () => client.close() };
  }

  return {
    ear: 'ari',
    where: settings.url,
    floodRemedy: 'See what else keeps the hub busy.',
    connect,
    troubleOf,
  };
}

function troubleOf(cause: unknown): EarTrouble {
  const error = asAriError(cause);
  return { isRefusal: error instanceof AriRefused, detail: error.detail, remedy: error.remedy };
}
