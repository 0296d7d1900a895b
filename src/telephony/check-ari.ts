import type { AriClientFactory, AriSettings, AriWorld } from './ari/ari-client.ts';
import { asAriError } from './ari/ari-failures.ts';
import { readAriLists } from './ari/ari-lists.ts';
import type { PbxCheck } from './check-pbx.ts';
import { defaultNumbering } from './numbering.ts';

/**
 * Connects once and asks for everything the listener asks for; under a name of its own, because a second connection with that of a
 * running hub would deafen the hub. Never throws.
 */
export async function checkAri(settings: AriSettings, makeClient: AriClientFactory, world: AriWorld): Promise<PbxCheck> {
  const quiet = { onEvent: () => undefined, onClose: () => undefined };
  const client = makeClient({ ...settings, app: `${settings.app}-check` }, world, quiet);
  try {
    await client.connect();
    await readAriLists(client, defaultNumbering);
    await client.ping();
    return { ok: true, detail: `ARI at ${settings.url} lets "${settings.username}" in.`, remedy: null };
  } catch (cause) {
    const { detail, remedy } = asAriError(cause);
    return { ok: false, detail, remedy };
  } finally {
    await client.close();
  }
}
