import type { InBothLanguages } from '../../connectors/connector.ts';

/** What `doctor` says about one thing, as data; how it is shown is the command's. */
export interface Finding {
  readonly name: InBothLanguages;
  /** `warning`: it works, and somebody should know; `unchecked`: we may not see it from here. Only a `failure` is one. */
  readonly verdict: 'fine' | 'warning' | 'failure' | 'unchecked';
  readonly detail: InBothLanguages;
  /** Null when there is nothing to do. */
  readonly remedy: InBothLanguages | null;
}

export const words = (en: string, ja: string): InBothLanguages => ({ en, ja });
/** Names of files, endpoints and the like, and the PBX's own words. */
export const asTheyAre = (text: string): InBothLanguages => ({ en: text, ja: text });

export function fine(name: InBothLanguages, detail: InBothLanguages): Finding {
  return { name, verdict: 'fine', detail, remedy: null };
}

export function warning(name: InBothLanguages, detail: InBothLanguages, remedy: InBothLanguages): Finding {
  return { name, verdict: 'warning', detail, remedy };
}

export function failure(name: InBothLanguages, detail: InBothLanguages, remedy: InBothLanguages): Finding {
  return { name, verdict: 'failure', detail, remedy };
}

export function unchecked(name: InBothLanguages, detail: InBothLanguages, remedy: InBothLanguages | null = null): Finding {
  return { name, verdict: 'unchecked', detail, remedy };
}

/** A list short enough for a line: `1001, 1002 … (30)`. */
export function someOf(items: readonly string[], most = 12): string {
  return items.length <= most ? items.join(', ') : `${items.slice(0, most).join(', ')} … (${items.length})`;
}
