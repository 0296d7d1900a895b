/** kintone's query language, as far as it is asked: everything that stands between quotes goes through `quoted`. Pure. */

/** A raw line break or tab inside a literal is a syntax error; other control characters stand in no field. */
export function quoted(value: string): string {
  const escaped = value
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\t/g, '\\t')
    .replace(/[\u0000-\u001f\u007f]/g, '');
  return `"${escaped}"`;
}

/** `in` fits single values and the cells of tables, where `=` is refused. */
export function isOneOf(field: string, values: readonly string[]): string {
  return `${field} in (${values.map(quoted).join(', ')})`;
}

export function anyOf(conditions: readonly string[]): string {
  return `(${conditions.join(' or ')})`;
}

/** Pages by seek: an offset beyond 10,000 is refused, and records that change do not shift the pages. */
export function afterId(condition: string | null, id: number, limit: number): string {
  const seek = `$id > ${id}`;
  return `${condition === null ? seek : `${condition} and ${seek}`} order by $id asc limit ${limit}`;
}
