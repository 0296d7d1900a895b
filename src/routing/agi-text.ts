/** The text of FastAGI: what Asterisk says at the beginning, and commands that hold whatever text they are given. Pure. */

/** The `agi_…` lines of a call. */
export type AgiHeaders = ReadonlyMap<string, string>;

/** `agi_callerid: 0312345678` → `callerid`. The first of several lines counts: one forged inside the caller's name comes after the caller's number. */
export function readAgiHeaders(lines: readonly string[]): AgiHeaders {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name, value] = /^agi_(\w{1,40}): ?(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !headers.has(name)) headers.set(name, value.trim());
  }
  return headers;
}

/** Asterisk's word for what it does not know. */
export function knownValue(headers: AgiHeaders, name: string): string | null {
  const value = headers.get(name) ?? '';
  return value === '' || value === 'unknown' ? null : value;
}

/** This machine may; another one when its dialplan brings the token as the second argument. */
export function mayAsk(address: string | undefined, headers: AgiHeaders, isToken: (given: string) => boolean): boolean {
  const isThisMachine = address !== undefined && /^(?:::ffff:)?127(?:\.\d{1,3}){3}$|^::1$/.test(address);
  return isThisMachine || isToken(headers.get('arg_2') ?? '');
}

/** A line ends a command and a quote a value: neither gets through, whatever the value. */
export function setVariable(name: string, value: string): string {
  const quoted = value.replace(/\p{Cc}+/gu, ' ').replace(/["\\]/g, (sign) => `\\${sign}`);
  return `SET VARIABLE ${name} "${quoted}"\n`;
}

export function isDone(reply: string): boolean {
  return reply.startsWith('200 ');
}
