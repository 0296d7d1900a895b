import net from 'node:net';
import { socketCode, socketRemedies } from '../socket-remedies.ts';
import { AmiActionRefused } from './ami-action.ts';
import { AmiRefused, type AmiSettings, AmiUnreachable } from './ami-client.ts';
import { AmiProtocolError } from './ami-parser.ts';

/** The one place where what went wrong on a socket, or Asterisk's words, become an error that says what to do next. */
type Place = Pick<AmiSettings, 'host' | 'port' | 'username'>;

export function refusedLogin({ host, port, username }: Place, words: string): AmiRefused {
  return new AmiRefused(
    `The PBX at ${host}:${port} refused the log-in of "${username}": ${words}.`,
    'Check user, secret and permit lines in manager.conf.',
  );
}

export function closedByPeer({ host, port }: Place): AmiUnreachable {
  return new AmiUnreachable(`${host}:${port} closed the connection.`);
}

export function closedByUs(): AmiUnreachable {
  return new AmiUnreachable('The AMI connection was closed.', 'Make a new one.');
}

export function silentAtLogin({ host, port }: Place, timeoutMs: number): AmiUnreachable {
  return new AmiUnreachable(
    `${host}:${port} did not let us log in within ${timeoutMs} ms.`,
    'Check that it is an Asterisk manager interface (5038, or 5039 with TLS).',
  );
}

export function brokenSocket({ host, port }: Place, cause: Error): AmiUnreachable {
  const code = socketCode(cause);
  return new AmiUnreachable(`No connection to ${host}:${port}: ${code}.`, remedies[code], { cause });
}

export function asAmiError(error: unknown): AmiRefused | AmiUnreachable | AmiProtocolError {
  if (error instanceof AmiRefused || error instanceof AmiUnreachable || error instanceof AmiProtocolError) return error;
  if (error instanceof AmiActionRefused) return new AmiRefused(error.message, 'Correct the AMI user of the hub.');
  return new AmiUnreachable(error instanceof Error ? error.message : 'The AMI connection failed.', undefined, { cause: error });
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (net.isIPv4(host) && host.startsWith('127.'));
}

const remedies: Readonly<Record<string, string>> = {
  ...socketRemedies,
  ECONNREFUSED: 'Check host and port, that Asterisk runs, and "enabled = yes" in manager.conf.',
  ERR_SSL_WRONG_VERSION_NUMBER: 'That port does not speak TLS; tlsenable and tlsbindaddr in manager.conf open one that does.',
};
