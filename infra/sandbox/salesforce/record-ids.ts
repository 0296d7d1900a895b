/** Record ids: 15 case-sensitive characters, of which 3 tell the object, and a suffix of 3 that makes them safe without case. */

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SUFFIX = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/** Ids of one prefix grow in plain string order, so that `ORDER BY Id` is the order of creation. */
export function makeRecordId(prefix: string, serial: number): string {
  let digits = '';
  for (let rest = serial; digits.length < 8; rest = Math.floor(rest / 62)) digits = (DIGITS[rest % 62] ?? '0') + digits;
  return to18(`${prefix}5g00${digits}`);
}

/** The 18-character form of a 15-character id: each suffix letter holds the capitals of five characters as bits. */
export function to18(id15: string): string {
  let suffix = '';
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0;
    for (let position = 0; position < 5; position++) if (/[A-Z]/.test(id15[chunk + position] ?? '')) bits |= 1 << position;
    suffix += SUFFIX[bits];
  }
  return id15 + suffix;
}

/** The 18-character form of what a client sent; null when it cannot be an id at all. */
export function normaliseId(sent: string): string | null {
  if (!/^[A-Za-z0-9]{15}([A-Za-z0-9]{3})?$/.test(sent)) return null;
  const id = to18(sent.slice(0, 15));
  return sent.length === 15 || id === sent ? id : null;
}
