/**
 * `like` of the real service is a full-text index, no substring search. The sandbox comes near it: signs are dropped,
 * letters and digits of the Latin script match whole words only, other scripts match anywhere with two characters or more
 * (one only where it is the whole value), upper and lower case and widths are the same. Pure.
 */
export function fullTextSearch(keyword: string): (value: string) => boolean {
  const parts = partsOf(keyword);
  if (parts.length === 0) return () => false;
  return (value) => matches(value, parts);
}

function matches(value: string, parts: readonly string[]): boolean {
  const text = folded(value);
  const words = new Set(partsOf(value).filter(isLatin));
  return parts.every((part) => {
    if (isLatin(part)) return words.has(part);
    return [...part].length >= 2 ? text.includes(part) : text === part;
  });
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}

function partsOf(text: string): readonly string[] {
  return folded(text).match(/[a-z0-9]+|[^\sa-z0-9\p{P}\p{S}]+/gu) ?? [];
}

function isLatin(part: string): boolean {
  return /^[a-z0-9]/.test(part);
}
