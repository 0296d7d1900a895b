/** How fast a reading goes, from two looks at it. Pure. */

export interface ReadingSample {
  readonly read: number;
  /** When that page was written, milliseconds since 1970. */
  readonly at: number;
}

/** Null as long as nothing can be said. */
export function restOf(
  first: ReadingSample,
  now: ReadingSample,
  total: number | null,
): { readonly perSecond: number; readonly seconds: number } | null {
  if (total === null || now.at <= first.at || now.read <= first.read) return null;
  const perSecond = ((now.read - first.read) * 1_000) / (now.at - first.at);
  return { perSecond, seconds: Math.max(0, total - now.read) / perSecond };
}
