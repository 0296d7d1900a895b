import type { AmiClientFactory, AmiSettings, AmiWorld } from './ami/ami-client.ts';
import { asAmiError } from './ami/ami-failures.ts';
import { AmiProtocolError } from './ami/ami-parser.ts';
import { snapshotActions } from './ami/ami-snapshot.ts';

/** One line of `doctor`. */
export interface PbxCheck {
  readonly ok: boolean;
  readonly detail: string;
  /** Null when all is well. */
  readonly remedy: string | null;
}

/** Connects once, logs in and asks for everything the listener asks for. Never throws. */
export async function checkPbx(settings: AmiSettings, makeClient: AmiClientFactory, world: AmiWorld): Promise<PbxCheck> {
  const client = makeClient(settings, world, { onMessage: () => undefined, onClose: () => undefined });
  try {
    await client.connect();
    for (const { Action } of snapshotActions) {
      const { ok, text } = await client.act({ name: Action });
      if (!ok)
        return { ok: false, detail: `${Action} was answered: ${text}`, remedy: 'Load the module it belongs to in modules.conf.' };
    }
    return { ok: true, detail: `Logged in at ${settings.host}:${settings.port} as "${settings.username}".`, remedy: null };
  } catch (cause) {
    const error = asAmiError(cause);
    if (error instanceof AmiProtocolError) return { ok: false, detail: error.message, remedy: 'Check host and port.' };
    return { ok: false, detail: error.detail, remedy: error.remedy };
  } finally {
    await client.close();
  }
}
