/**
 * Values on their way into SOQL. The client library's own escaper leaves backslashes alone and lets text break out of its quotes,
 * so every literal goes through here. Names cannot be escaped at all: they are checked against the description.
 */

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
};

/** A text in single quotes. Control characters, which no stored text holds, become spaces. */
export function soqlString(text: string): string {
  const escaped = text
    .replace(/[\\'\n\r\t\b\f]/g, (character) => ESCAPES[character] ?? '')
    .replace(/[\u0000-\u001f\u007f]/g, ' ');
  return `'${escaped}'`;
}

/** An instant as SOQL takes it: without quotes, in UTC. */
export function soqlInstant(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** True for what can be the name of an object or a field. */
export function isApiName(name: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,79}$/.test(name);
}

/** Cuts the literals into lists that keep a GET's address short: `fixed` characters are spent already. */
export function chunkLiterals(literals: readonly string[], room: number): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let left = 0;
  for (const literal of literals) {
    const size = encodeURIComponent(literal).length + 3;
    const last = chunks.at(-1);
    if (last === undefined || size > left) {
      chunks.push([literal]);
      left = room - size;
    } else {
      last.push(literal);
      left -= size;
    }
  }
  return chunks;
}
