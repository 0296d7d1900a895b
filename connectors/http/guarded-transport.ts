/**
 * The only way to the service. Every connection is judged by the address it really goes to — after DNS, for redirects, too —, an
 * answer has an end in size and time, and credentials leave for no other host than the one they are meant for.
 */
import dns from 'node:dns';
import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { rootCertificates } from 'node:tls';
import { addressKind } from './address-ranges.ts';
import type { SettingNames } from './setting-names.ts';

export interface OutgoingRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface IncomingAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

export interface AnswerLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  /** Called once for each request that went out, redirects too, with the headers of its answer; null when none came. */
  readonly onRequest?: (headers: Readonly<Record<string, string>> | null) => void;
}

export interface GuardedTransport {
  /** @throws TransportFailure, or what the network says */
  send(request: OutgoingRequest, limits: AnswerLimits): Promise<IncomingAnswer>;
  close(): void;
}

export interface TransportSettings {
  readonly allowsPrivate: boolean;
  readonly ca: string | null;
  readonly names: SettingNames;
  /** `dns.lookup` unless a test says otherwise. */
  readonly lookup?: LookupFunction;
}

/** Nothing was sent, or what came is no answer: the reason, for people. */
export class TransportFailure extends Error {
  override readonly name = 'TransportFailure';
}

const MOST_REDIRECTS = 3;
const MOST_SOCKETS = 32;

export function openTransport(settings: TransportSettings): GuardedTransport {
  const lookup = guardedLookup(settings);
  const certificates = settings.ca === null ? {} : { ca: [...rootCertificates, settings.ca] };
  const plain = new http.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS, lookup: lookup('http:') });
  const secure = new https.Agent({ keepAlive: true, maxSockets: MOST_SOCKETS, lookup: lookup('https:'), ...certificates });

  const once = async (request: OutgoingRequest, limits: AnswerLimits): Promise<IncomingAnswer> => {
    const { url } = request;
    // A host that is an address already is never looked up.
    if (isIP(url.hostname.replace(/^\[|\]$/gu, '')) !== 0) demandAddress(url.hostname, url, settings);
    try {
      return await exchange(request, url.protocol === 'https:' ? secure : plain, limits);
    } catch (error) {
      // The other side may hang up an idle connection at the very moment it is used again; only reading is harmless to repeat.
      if (request.method !== 'GET' || !isReset(error) || limits.signal.aborted) throw error;
      return exchange(request, url.protocol === 'https:' ? secure : plain, limits);
    }
  };
  return {
    send: async (request, given) => {
      const limits = { ...given, signal: AbortSignal.any([given.signal, AbortSignal.timeout(given.timeoutMs)]) };
      let current = request;
      for (let redirects = 0; ; redirects += 1) {
        const answer = await once(current, limits);
        const target = redirectTarget(answer, current);
        if (target === null) return answer;
        if (redirects === MOST_REDIRECTS) throw new TransportFailure('it sent us from one address to the next too often');
        current = { ...current, url: target };
      }
    },
    close: () => {
      plain.destroy();
      secure.destroy();
    },
  };
}

/** Of the same scheme, host and port, or not at all: the credentials are in the headers. */
function redirectTarget({ status, headers }: IncomingAnswer, { method, url }: OutgoingRequest): URL | null {
  if (status < 300 || status > 399 || status === 304) return null;
  const location = headers.location ?? '';
  if (!URL.canParse(location, url.href)) throw new TransportFailure(`it sent us elsewhere (HTTP ${status}) without saying where`);
  const target = new URL(location, url);
  if (target.origin !== url.origin) {
    throw new TransportFailure(
      `it sent us to another host (HTTP ${status} to ${target.origin}), where our credentials do not belong`,
    );
  }
  if (method !== 'GET' && status !== 307 && status !== 308) {
    throw new TransportFailure(`it answered a ${method} with a redirect (HTTP ${status}) that would lose what was sent`);
  }
  return target;
}

function exchange(request: OutgoingRequest, agent: http.Agent, limits: AnswerLimits): Promise<IncomingAnswer> {
  const { signal, maxBytes, onRequest = () => undefined } = limits;
  const { url, method, body } = request;
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const headers = { ...request.headers, 'accept-encoding': 'identity', ...length };
  return new Promise((resolve, reject) => {
    const options = { method, headers, agent, signal };
    const sent = url.protocol === 'https:' ? https.request(url, options) : http.request(url, options);
    const left = whetherItLeft(sent);
    let isTold = false;
    sent.once('error', (error) => {
      if (left() && !isTold) onRequest(null);
      reject(error);
    });
    sent.once('response', (response) => {
      isTold = true;
      onRequest(plainHeaders(response));
      readText(response, maxBytes).then(
        (text) => resolve({ status: response.statusCode ?? 0, headers: plainHeaders(response), text }),
        (error: unknown) => {
          sent.destroy();
          reject(error);
        },
      );
    });
    sent.end(body ?? undefined);
  });
}

/** A host that cannot be reached, or must not be, was asked nothing. */
function whetherItLeft(sent: http.ClientRequest): () => boolean {
  let isConnected = false;
  sent.once('socket', (socket) => {
    const connected = sent.protocol === 'https:' ? 'secureConnect' : 'connect';
    if (socket.connecting) socket.once(connected, () => (isConnected = true));
    else isConnected = true;
  });
  return () => isConnected;
}

async function readText(response: IncomingMessage, maxBytes: number): Promise<string> {
  const encoding = response.headers['content-encoding'] ?? 'identity';
  if (encoding !== 'identity')
    throw new TransportFailure(`its answer is packed as ${encoding.slice(0, 20)}, which we did not ask for`);
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new TransportFailure(`its answer is larger than ${maxBytes} bytes: ask for smaller pages`);
    chunks.push(chunk);
  }
  if (!response.complete) throw new TransportFailure('its answer broke off');
  return Buffer.concat(chunks).toString('utf8');
}

function plainHeaders(response: IncomingMessage): Record<string, string> {
  const entries = Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]);
  return Object.fromEntries(entries);
}

function isReset(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

/** Node's own lookup, whose result is what is connected to: between judging and connecting nothing is asked again. */
function guardedLookup(settings: TransportSettings) {
  const { lookup = dns.lookup as LookupFunction } = settings;
  return (protocol: 'http:' | 'https:'): LookupFunction =>
    (hostname, options, callback) => {
      lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error !== null) return callback(error, []);
        const addresses = Array.isArray(found) ? found : [];
        try {
          // One that is refused is enough: a name that leads to us and elsewhere is no honest one.
          for (const { address } of addresses) demandAddress(address, { protocol, hostname }, settings);
        } catch (refusal) {
          return callback(refusal as NodeJS.ErrnoException, []);
        }
        const [first] = addresses;
        if (options.all === true) return callback(null, addresses);
        return callback(null, first?.address ?? '', first?.family ?? 4);
      });
    };
}

/** @throws TransportFailure */
function demandAddress(
  address: string,
  { protocol, hostname }: Pick<URL, 'protocol' | 'hostname'>,
  { allowsPrivate, names }: TransportSettings,
): void {
  const kind = addressKind(address);
  if (kind === 'forbidden') throw new TransportFailure(`${hostname} leads to an address where no service may stand`);
  if (kind === 'private' && !allowsPrivate) {
    throw new TransportFailure(
      `${hostname} leads into our own network: set ${names.of('HTTP_ALLOW_PRIVATE')}=on if that is meant`,
    );
  }
  if (kind === 'public' && protocol === 'http:') {
    throw new TransportFailure(`${hostname} is outside our network, and without https everybody on the way could read along`);
  }
}
