import { socketCode, socketRemedies } from '../socket-remedies.ts';
import { AriRefused, type AriSettings, AriUnreachable } from './ari-client.ts';
import { AriRequestRefused } from './ari-request.ts';

/** The one place where what went wrong with ARI, or Asterisk's status, becomes an error that says what to do next. */
type Place = Pick<AriSettings, 'url' | 'username' | 'app'>;

/** @throws AriRefused */
export function refuseWrongAddress(url: string): void {
  const given = URL.parse(url);
  const isGood = given !== null && /^https?:$/.test(given.protocol) && given.username === '' && given.pathname === '/';
  if (isGood) return;
  throw new AriRefused(`"${withoutSecrets(url)}" is no address of an ARI.`, 'Write it as http://host:8088 or https://host:8089.');
}

export function refusedLogin({ url, username }: Place): AriRefused {
  return new AriRefused(`ARI at ${url} refused the log-in of "${username}".`, 'Check user and password in ari.conf.');
}

/** ARI answers 403 to a user with `read_only = yes` who wants to change something, and to an address outside the user's ACL. */
export function refusedRight({ url, username }: Place, words: string, reason: string): AriRefused {
  return new AriRefused(
    `ARI at ${url} does not let "${username}" do ${words}: ${reason}.`,
    'Give the user the right in ari.conf (read_only, permit).',
  );
}

export function refusedSocket(place: Place, status: number): AriRefused | AriUnreachable {
  if (status === 401) return refusedLogin(place);
  if (status === 403) return refusedRight(place, 'GET /events', 'Forbidden');
  const detail = `${place.url} answered ${status} when it was asked for ARI events.`;
  if (status < 500) return new AriUnreachable(detail, 'Check host and port, and "enabled = yes" in ari.conf and http.conf.');
  return new AriUnreachable(detail, 'See the log of Asterisk.');
}

export function replaced({ url, app }: Place): AriRefused {
  return new AriRefused(
    `Another client has taken over the ARI application "${app}" at ${url}.`,
    'Give every hub, and everything else that uses ARI, an application name of its own.',
  );
}

export function closedByPeer({ url }: Place): AriUnreachable {
  return new AriUnreachable(`${url} closed the connection.`);
}

export function closedByUs(): AriUnreachable {
  return new AriUnreachable('The ARI connection was closed.', 'Make a new one.');
}

export function usedAlready(): AriUnreachable {
  return new AriUnreachable('This ARI connection was used already.', 'Make a new one.');
}

export function notConnected(words: string): AriUnreachable {
  return new AriUnreachable(`Not connected to ARI; ${words} was not sent.`);
}

export function silentAtLogin({ url }: Place, timeoutMs: number): AriUnreachable {
  return new AriUnreachable(
    `${url} did not open the event socket within ${timeoutMs} ms.`,
    'Check that it is the HTTP server of an Asterisk (8088, or 8089 with TLS).',
  );
}

export function noAnswer({ url }: Place, words: string, timeoutMs: number): AriUnreachable {
  return new AriUnreachable(`No answer of ${url} to ${words} in ${timeoutMs} ms.`);
}

export function failedRequest({ url }: Place, words: string, status: number): AriUnreachable {
  return new AriUnreachable(`${url} answered ${words} with ${status}.`, 'See the log of Asterisk.');
}

export function tooLarge({ url }: Place, what: string, maxBytes: number): AriUnreachable {
  return new AriUnreachable(`${what} of ${url} is larger than ${maxBytes} bytes.`, 'Check that it is an Asterisk.');
}

export function brokenSocket(place: Place, cause: Error): AriUnreachable {
  const code = socketCode(cause);
  return new AriUnreachable(`No connection to ${place.url}: ${code}.`, remedies[code], { cause });
}

export function asAriError(error: unknown): AriRefused | AriUnreachable {
  if (error instanceof AriRefused || error instanceof AriUnreachable) return error;
  if (error instanceof AriRequestRefused) return new AriRefused(error.message, 'Correct the ARI user of the hub.');
  return new AriUnreachable(error instanceof Error ? error.message : 'The ARI connection failed.', undefined, { cause: error });
}

function withoutSecrets(url: string): string {
  return url.replace(/\/\/[^/@]*@/, '//').slice(0, 100);
}

const remedies: Readonly<Record<string, string>> = {
  ...socketRemedies,
  ECONNREFUSED: 'Check host and port, that Asterisk runs, and "enabled = yes" in http.conf.',
  EPROTO: 'That port does not speak TLS; tlsenable and tlsbindaddr in http.conf open one that does.',
};
