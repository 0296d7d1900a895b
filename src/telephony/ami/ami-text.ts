const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
};

/**
 * Undoes the C-style escaping Asterisk applies to caller names, connected names, channel variables and VarSet values (and to
 * nothing else). Source: main/manager.c and `ast_escape_c` in main/utils.c of Asterisk 22.
 */
export function unescapeC(value: string): string {
  return value.includes('\\') ? value.replace(/\\(.)/gsu, (_, escaped: string) => escapes[escaped] ?? escaped) : value;
}

/** What the manager interface writes where it knows nothing, as null. */
export function knownOrNull(value: string | undefined): string | null {
  return value === undefined || value === '' || value === '<unknown>' || value === 'unknown' ? null : value;
}

export function integerOrNull(value: string | undefined): number | null {
  return value !== undefined && /^-?\d{1,15}$/.test(value) ? Number(value) : null;
}
