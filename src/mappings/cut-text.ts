const mark = '…';
const graphemes = new Intl.Segmenter('ja', { granularity: 'grapheme' });

/**
 * Length as the strictest CRM counts: UTF-16 units, so that an emoji counts two, and a line break two, because Salesforce keeps it
 * as CR LF in long text. Never less than what the CRM finds.
 */
export function countedLength(text: string): number {
  return text.length + (text.match(/\n/gu)?.length ?? 0);
}

/** Text of at most `limit` as counted above. What is too long ends in `…`; no character is cut in two. */
export function cutText(text: string, limit: number): string {
  if (countedLength(text) <= limit) return text;
  let kept = '';
  let length = mark.length;
  for (const { segment } of graphemes.segment(text.slice(0, limit + 1))) {
    length += countedLength(segment);
    if (length > limit) break;
    kept += segment;
  }
  return limit < mark.length ? '' : kept.trimEnd() + mark;
}

/** What every CRM can store: whole characters, one kind of line break, no control characters. */
export function storableText(text: string): string {
  const lines = text.toWellFormed().replace(/\r\n?/gu, '\n');
  return lines.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufffe\uffff]/gu, '');
}
