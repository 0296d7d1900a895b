function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  let beforePrevious: number[] = [];
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1];
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      if (swapped) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

function bare(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/__c$/u, '')
    .replaceAll(/[_\s-]/gu, '');
}

/** The known name a person most likely meant, or null when none is near. Case, width and underscores hardly count. */
export function nearest(name: string, known: readonly string[]): string | null {
  const wanted = bare(name).slice(0, 80);
  let best: { name: string; off: number } | null = null;
  for (const candidate of known) {
    const bareCandidate = bare(candidate).slice(0, 80);
    const ending = bareCandidate.endsWith(`.${wanted}`) ? 1 : Number.POSITIVE_INFINITY;
    const off = Math.min(distance(wanted, bareCandidate), ending);
    if (best === null || off < best.off) best = { name: candidate, off };
  }
  return best !== null && best.off <= Math.max(1, Math.floor(wanted.length / 3)) ? best.name : null;
}

/** Words for a problem's remedy: the nearest name, else the names there are (at most twelve). */
export function nearestNote(name: string, known: readonly string[]): { readonly meant: string; readonly meantJa: string } {
  const near = nearest(name, known);
  if (near !== null) return { meant: `Did you mean "${near}"?`, meantJa: `「${near}」ではありませんか。` };
  if (known.length === 0) return { meant: 'Remove it.', meantJa: '削除してください。' };
  const some = known.slice(0, 12).join(', ') + (known.length > 12 ? ', …' : '');
  return { meant: `Use one of: ${some}.`, meantJa: `使えるもの: ${some}` };
}
