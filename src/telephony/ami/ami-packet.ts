import type { AmiMessage } from './ami-message.ts';

/**
 * A message over its own raw text. Only the name is read at once: most messages of a busy PBX are passed over, and those that
 * are not are asked for a few headers. What it returns is a copy and never pins the chunk that was read from the socket.
 */
export function createAmiPacket(rawLatin1: string): AmiMessage {
  return new AmiPacket(rawLatin1);
}

class AmiPacket implements AmiMessage {
  readonly event: string | null;
  readonly response: string | null;
  readonly #text: string;
  #lowered: string | null = null;

  constructor(text: string) {
    this.#text = text;
    if (text.startsWith('Event: ')) {
      this.event = text.slice(7, lineEnd(text, 7));
      this.response = null;
    } else {
      this.event = this.get('Event') ?? null;
      this.response = this.event === null ? (this.get('Response') ?? null) : null;
    }
  }

  get(header: string): string | undefined {
    const at = this.#find(header, 0);
    return at === -1 ? undefined : this.#valueAt(at);
  }

  all(header: string): readonly string[] {
    const values: string[] = [];
    for (let at = this.#find(header, 0); at !== -1; at = this.#find(header, at)) values.push(this.#valueAt(at));
    return values;
  }

  *entries(): Iterable<readonly [header: string, value: string]> {
    for (const line of this.#text.split('\n')) {
      const colon = line.indexOf(':');
      if (colon === -1) continue;
      yield [decoded(line.slice(0, colon)), decoded(withoutFrame(line, colon + 1, line.length))];
    }
  }

  /** Position behind the colon, or -1. Asterisk's own spelling is tried first; the rest of the world pays for a lowered copy. */
  #find(header: string, from: number): number {
    const exact = findIn(this.#text, header, from);
    if (exact !== -1) return exact;
    this.#lowered ??= this.#text.toLowerCase();
    return findIn(this.#lowered, header.toLowerCase(), from);
  }

  #valueAt(start: number): string {
    return decoded(withoutFrame(this.#text, start, lineEnd(this.#text, start)));
  }
}

function findIn(text: string, header: string, from: number): number {
  if (from === 0 && text.startsWith(header) && text.charCodeAt(header.length) === 58) return header.length + 1;
  const at = text.indexOf(`\n${header}:`, from);
  return at === -1 ? -1 : at + header.length + 2;
}

function lineEnd(text: string, from: number): number {
  const feed = text.indexOf('\n', from);
  const end = feed === -1 ? text.length : feed;
  return text.charCodeAt(end - 1) === 13 ? end - 1 : end;
}

/** Without the one space after the colon and the carriage return at the end. */
function withoutFrame(text: string, start: number, end: number): string {
  const first = text.charCodeAt(start) === 32 ? start + 1 : start;
  const last = end > first && text.charCodeAt(end - 1) === 13 ? end - 1 : end;
  return text.slice(first, last);
}

const beyondAscii = /[\x80-\xff]/;

/** V8 keeps the whole parent of a slice of 13 characters or more alive, so those are copied. */
function decoded(latin1: string): string {
  if (latin1.length < 13 && !beyondAscii.test(latin1)) return latin1;
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
