import { isLoopback } from './ami/ami-failures.ts';
import {
  type AriClient,
  type AriClientFactory,
  AriRefused,
  type AriSettings,
  AriUnreachable,
  type AriWorld,
} from './ari/ari-client.ts';
import { asTheyAre, type Finding, failure, fine, unchecked, warning, words } from './check-finding.ts';

const loginName = words('ARI log-in', 'ARI ログイン');
const rightsName = words('ARI rights', 'ARI の権限');
const variablesName = words('ARI channelvars', 'ARI channelvars');

export interface AriExpectations {
  /** Whether the hub places calls by ARI, or answers those that wait in its application (routing): a read-only user cannot. */
  readonly mustCommand: boolean;
}

/** Opens one connection under a name of its own, looks around, and closes it. Changes nothing, never throws. */
export async function checkAri(
  settings: Omit<AriSettings, 'app' | 'subscribeAll'>,
  { makeClient, newId, ...world }: AriWorld & { readonly makeClient: AriClientFactory; readonly newId: () => string },
  expected: AriExpectations,
): Promise<readonly Finding[]> {
  const app = `toritsugi-doctor-${newId()}`;
  const client = makeClient({ ...settings, app, subscribeAll: false }, world, {
    onEvent: () => undefined,
    onClose: () => undefined,
  });
  const findings: Finding[] = [];
  try {
    await client.connect();
    findings.push(await loggedIn(client, settings), ...checkTransport(settings.url));
    findings.push(await checkRights(client, expected), await checkVariables(client));
  } catch (error) {
    findings.push(brokenOff(error));
  } finally {
    await client.close();
  }
  return findings;
}

async function loggedIn(client: AriClient, { url, username }: { url: string; username: string }): Promise<Finding> {
  const { body } = await client.request({ method: 'GET', path: '/asterisk/info', query: { only: 'system' } });
  const version = textIn(body, ['system', 'version']);
  const told = version === null ? '' : `, Asterisk ${version}`;
  return fine(loginName, words(`as "${username}" at ${url}${told}`, `${url} に "${username}" で接続しました${told}`));
}

function checkTransport(url: string): Finding[] {
  const { protocol, hostname } = new URL(url);
  if (protocol !== 'http:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))) return [];
  return [
    warning(
      words('ARI in the clear', 'ARI の暗号化'),
      words(`the password crosses the network to ${hostname} readable by others`, `${hostname} との通信が暗号化されていません`),
      words(
        'Open TLS in http.conf (tlsenable, port 8089) and set ARI_URL=https://… and ARI_CA_FILE.',
        'http.conf で TLS (tlsenable、8089 番) を開き、ARI_URL=https://… と ARI_CA_FILE を設定してください。',
      ),
    ),
  ];
}

/** Hanging up a channel that does not exist harms nobody; a read-only user is not even let try. */
async function checkRights(client: AriClient, { mustCommand }: AriExpectations): Promise<Finding> {
  const mayCommand = await client
    .request({ method: 'DELETE', path: '/channels/toritsugi-doctor' })
    .then(() => true)
    .catch((error: unknown) => {
      if (error instanceof AriRefused) return false;
      throw error;
    });
  if (mayCommand === mustCommand) {
    return fine(
      rightsName,
      mayCommand ? words('may give orders', '操作が許可されています') : words('reading only', '読み取り専用です'),
    );
  }
  if (mustCommand) {
    return failure(
      rightsName,
      words(
        'reading only: the hub can neither place calls nor answer the dialplan',
        '読み取り専用のため、発信もルーティングへの応答もできません',
      ),
      words('Set "read_only = no" for the user in ari.conf.', 'ari.conf のユーザーで read_only = no を設定してください。'),
    );
  }
  return warning(
    rightsName,
    words('may give orders, and none are given', '不要な操作の権限があります'),
    words('Set "read_only = yes" for the user in ari.conf.', 'ari.conf のユーザーで read_only = yes を設定してください。'),
  );
}

/** Only a live channel shows whether it carries its linked id. */
async function checkVariables(client: AriClient): Promise<Finding> {
  const { body } = await client.request({ method: 'GET', path: '/channels' });
  const [channel] = Array.isArray(body) ? (body as unknown[]) : [];
  if (channel === undefined) {
    return unchecked(
      variablesName,
      words('no channel to look at', '確認できる通話がありません'),
      words('Run doctor again during a call.', '通話中にもう一度 doctor を実行してください。'),
    );
  }
  if (textIn(channel, ['channelvars', 'CHANNEL(linkedid)']) !== null) {
    return fine(variablesName, words('channels tell which call they belong to', '通話のつながり (linkedid) が通知されます'));
  }
  return warning(
    variablesName,
    words('channels do not tell which call they belong to', '通話のつながり (linkedid) が通知されません'),
    words(
      'Set "channelvars = CHANNEL(linkedid)" in [general] of ari.conf, then "module reload res_ari.so".',
      'ari.conf の [general] に channelvars = CHANNEL(linkedid) を設定し、"module reload res_ari.so" を実行してください。',
    ),
  );
}

function textIn(body: unknown, [first, ...rest]: readonly string[]): string | null {
  if (first === undefined) return typeof body === 'string' ? body : null;
  if (typeof body !== 'object' || body === null) return null;
  return textIn((body as Readonly<Record<string, unknown>>)[first], rest);
}

function brokenOff(error: unknown): Finding {
  const ja = 'ARI_URL・証明書、http.conf の enabled、ari.conf のユーザーとパスワードを確認してください。';
  if (error instanceof AriRefused || error instanceof AriUnreachable) {
    return failure(loginName, asTheyAre(error.detail), words(error.remedy, `${ja} (${error.remedy})`));
  }
  const detail = error instanceof Error ? error.message : String(error);
  return failure(loginName, asTheyAre(detail), words('Check ARI_URL, http.conf and ari.conf.', ja));
}
