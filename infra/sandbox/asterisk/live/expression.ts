/**
 * Asterisk's `$[…]`, as far as conditions need it: comparisons, `&`, `|`, `!`, parentheses, words and quoted text. Like there, what cannot
 * be read is empty, quotation marks are part of the text, and what was filled in before is read like everything else: a quotation
 * mark in it breaks the expression.
 */
export function evaluate(expression: string): string {
  const tokens = expression.match(/"[^"]*"|!=|<=|>=|[=<>&|!()]|[^\s"=<>&|!()]+|"/g) ?? [];
  let at = 0;
  let isReadable = true;

  function either(): string {
    let value = both();
    while (take('|')) {
      const other = both();
      value = isTrue(value) ? value : other;
    }
    return value;
  }

  function both(): string {
    let value = compared();
    while (take('&')) value = isTrue(compared()) && isTrue(value) ? value : '0';
    return value;
  }

  function compared(): string {
    let value = term();
    for (let compare = comparisons[tokens[at] ?? '']; compare !== undefined; compare = comparisons[tokens[at] ?? '']) {
      at += 1;
      value = compare(order(value, term())) ? '1' : '0';
    }
    return value;
  }

  function term(): string {
    if (take('!')) return isTrue(term()) ? '0' : '1';
    if (take('(')) {
      const value = either();
      isReadable &&= take(')');
      return value;
    }
    const token = tokens[at] ?? '"';
    at += 1;
    isReadable &&= token.length > 1 || !/["=<>&|)]/.test(token);
    return token;
  }

  function take(token: string): boolean {
    if (tokens[at] !== token) return false;
    at += 1;
    return true;
  }

  const value = tokens.length === 0 ? '' : either();
  return isReadable && at >= tokens.length ? value : '';
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (order) => order === 0,
  '!=': (order) => order !== 0,
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
};

/** Numbers by their size, everything else as text. */
function order(one: string, other: string): number {
  const areNumbers = [one, other].every((text) => /^-?\d+(\.\d+)?$/.test(text));
  if (areNumbers) return Number(one) - Number(other);
  return one === other ? 0 : one < other ? -1 : 1;
}

/** Of a condition, as `$[…]`, `ExecIf` and `GotoIf` take it. */
export function isTrue(condition: string): boolean {
  return condition !== '' && condition !== '0';
}
