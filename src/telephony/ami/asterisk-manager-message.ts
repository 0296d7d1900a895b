import type { AmiMessage } from './ami-message.ts';

/**
 * What asterisk-manager made of a message, as an AmiMessage again. Its objects have a prototype, turn variables into an object of
 * their own and repeated headers into arrays that may begin with a function; only plain strings are taken over.
 */
export function messageFromManagerItem(item: unknown): AmiMessage {
  const headers = new Map<string, string[]>();
  if (typeof item === 'object' && item !== null) {
    const isVarSet = /^varset$/i.test(String(Reflect.get(item, 'event')));
    for (const [header, value] of Object.entries(item)) headers.set(header.toLowerCase(), stringsOf(value, isVarSet));
  }
  const event = headers.get('event')?.[0] ?? null;
  return {
    event,
    response: event === null ? (headers.get('response')?.[0] ?? null) : null,
    get: (header) => headers.get(header.toLowerCase())?.[0],
    all: (header) => headers.get(header.toLowerCase()) ?? [],
    *entries() {
      for (const [header, values] of headers) for (const value of values) yield [header, value] as const;
    },
  };
}

function stringsOf(value: unknown, isVarSet: boolean): string[] {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.filter((part): part is string => typeof part === 'string');
  if (typeof value !== 'object' || value === null) return [];
  // Variables: `NAME=value` lines; in a VarSet the one line is the bare name.
  return Object.entries(value).map(([name, text]) => (isVarSet ? name : `${name}=${String(text)}`));
}
