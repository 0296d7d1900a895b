import type { AmiMessage } from './ami-message.ts';
import { createAmiPacket } from './ami-packet.ts';

/** What a peer may make us hold. Breaching one throws `AmiProtocolError`: close the connection and make a new one. */
export interface AmiLimits {
  readonly maxLineBytes: number;
  readonly maxMessageBytes: number;
  readonly maxHeaders: number;
}

export const defaultAmiLimits: AmiLimits = { maxLineBytes: 65_536, maxMessageBytes: 1_048_576, maxHeaders: 8_192 };

/** The peer does not speak AMI, or speaks it beyond the limits. The parser that threw it must not be used again. */
export class AmiProtocolError extends Error {
  override readonly name = 'AmiProtocolError';
  /** The complete messages that came before the breach in the same `push`. */
  readonly before: readonly AmiMessage[];

  constructor(message: string, before: readonly AmiMessage[] = []) {
    super(message);
    this.before = before;
  }
}

export interface AmiParser {
  /** The greeting (`Asterisk Call Manager/11.0.0`); null until it came, and for ever in a recording. */
  readonly banner: string | null;
  /** Complete messages in the order of the stream. Chunks may be cut anywhere. Throws `AmiProtocolError`. */
  push(chunk: Uint8Array): AmiMessage[];
}

const bannerStart = 'Asterisk Call Manager';
const carriageReturn = 13;

/**
 * Cuts the bytes of one AMI connection into messages; make a new one for each connection. Bytes become one-byte (latin1)
 * strings, so that a cut inside a UTF-8 character needs no care; a header is decoded as UTF-8 only when somebody asks for it.
 */
export function createAmiParser(limits: Partial<AmiLimits> = {}): AmiParser {
  const { maxLineBytes, maxMessageBytes, maxHeaders } = { ...defaultAmiLimits, ...limits };
  let banner: string | null = null;
  let expectsFirstLine = true;
  // The unfinished message of earlier chunks, and the unfinished line at its end.
  let head = '';
  let lineStartInHead = 0;
  let headers = 0;

  function push(chunk: Uint8Array): AmiMessage[] {
    const messages: AmiMessage[] = [];
    const text = latin1Of(chunk);
    let messageStart = 0;
    let lineStart = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', lineStart)) {
      // `carried` is what earlier chunks brought of this line; after the first line of a chunk it is 0.
      const carried = head.length - lineStartInHead;
      const lineBytes = carried + end - lineStart;
      if (lineBytes > maxLineBytes) throw new AmiProtocolError(lineTooLong(maxLineBytes), messages);
      if (isBlankLine(lineBytes, end === lineStart ? head.charCodeAt(head.length - 1) : text.charCodeAt(end - 1))) {
        if (headers > 0) messages.push(createAmiPacket(head + text.slice(messageStart, end)));
        messageStart = end + 1;
        forgetHead();
        headers = 0;
      } else if (expectsFirstLine) {
        expectsFirstLine = false;
        const line = (head.slice(lineStartInHead) + text.slice(lineStart, end)).trimEnd();
        if (line.startsWith(bannerStart)) {
          banner = line;
          messageStart = end + 1;
          forgetHead();
        } else if (line.includes(':')) {
          headers = 1;
        } else throw new AmiProtocolError(notAmi, messages);
      } else {
        headers += 1;
        if (headers > maxHeaders) throw new AmiProtocolError(tooManyHeaders(maxHeaders), messages);
      }
      lineStartInHead = head.length;
      lineStart = end + 1;
      if (head.length + lineStart - messageStart > maxMessageBytes) {
        throw new AmiProtocolError(messageTooLong(maxMessageBytes), messages);
      }
    }
    keepRest(text, messageStart, lineStart);
    if (head.length - lineStartInHead > maxLineBytes) throw new AmiProtocolError(lineTooLong(maxLineBytes), messages);
    if (head.length > maxMessageBytes) throw new AmiProtocolError(messageTooLong(maxMessageBytes), messages);
    return messages;
  }

  function forgetHead(): void {
    head = '';
    lineStartInHead = 0;
  }

  function keepRest(text: string, messageStart: number, lineStart: number): void {
    if (messageStart >= text.length) return;
    // When this chunk finished a line, the unfinished one begins in this chunk; otherwise still where it began before.
    if (lineStart > 0) lineStartInHead = head.length + lineStart - messageStart;
    head += text.slice(messageStart);
  }

  return {
    get banner() {
      return banner;
    },
    push,
  };
}

function latin1Of(chunk: Uint8Array): string {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
}

function isBlankLine(lineBytes: number, lastByte: number): boolean {
  return lineBytes === 0 || (lineBytes === 1 && lastByte === carriageReturn);
}

const notAmi =
  'The peer does not speak AMI: its first line is neither an Asterisk greeting nor a header. Check host and port (AMI is 5038, or 5039 with TLS).';

const lineTooLong = (limit: number) =>
  `The peer sent a line longer than ${limit} bytes. Check that host and port lead to an Asterisk manager interface.`;

const messageTooLong = (limit: number) =>
  `The peer sent a message longer than ${limit} bytes. Check host and port, or reduce channelvars in manager.conf.`;

const tooManyHeaders = (limit: number) =>
  `The peer sent a message of more than ${limit} headers. Check host and port, or reduce channelvars in manager.conf.`;
