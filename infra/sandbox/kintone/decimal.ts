/** Numbers as kintone keeps them: decimal texts with more digits than a double tells apart. Pure. */

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;

/** Whether the text is a number of half-width signs and digits. */
export function isDecimal(text: string): boolean {
  return DECIMAL.test(text);
}

/** `+05.10` and `0.51e1` → `5.1`; one text for each number, `0` without a sign. For what `isDecimal` accepts. */
export function canonicalDecimal(text: string): string {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const at = Math.max(point, 1);
  const left = padded.slice(0, at).replace(/^0+(?=\d)/, '');
  const right = padded.slice(at).replace(/0+$/, '');
  const number = right === '' ? left : `${left}.${right}`;
  return number === '0' ? '0' : sign + number;
}

/** For canonical texts: doubles decide unless they cannot tell the two apart. */
export function compareDecimals(left: string, right: string): number {
  if (left === right) return 0;
  const difference = Number(left) - Number(right);
  if (difference !== 0) return difference;
  const scale = Math.max(fractionOf(left).length, fractionOf(right).length);
  return scaled(left, scale) < scaled(right, scale) ? -1 : 1;
}

function fractionOf(text: string): string {
  return text.split('.')[1] ?? '';
}

function scaled(text: string, scale: number): bigint {
  return BigInt(text.replace('.', '') + '0'.repeat(scale - fractionOf(text).length));
}
