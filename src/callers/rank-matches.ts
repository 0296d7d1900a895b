/** Orders what was found for a number and says which record of each connector is meant. Pure. */
import type { CallerRecord } from '../../connectors/connector.ts';
import type { CallerMatch, MatchedRecord } from './caller-match.ts';
import type { DirectoryRecord } from './directory-entry.ts';

/** A connector's objects in the mapping's order; the connectors themselves in the order of the configuration. */
export interface SourceOrder {
  readonly connector: string;
  readonly objects: readonly string[];
}

/** The record the operators meant by this number the last time, in one connector. */
export interface RememberedChoice {
  readonly connector: string;
  readonly object: string;
  readonly id: string;
}

export interface Findings {
  readonly records: readonly DirectoryRecord[];
  readonly choices: readonly RememberedChoice[];
  readonly unasked: readonly string[];
}

/**
 * Connectors in their order; within one the remembered choice, then the mapping's order of objects, then the most recently modified,
 * then the id, so that the same findings always give the same match. Records of objects that the mapping no longer names are left
 * out, and so is a remembered choice whose record is gone.
 */
export function rankMatches(
  findings: Findings,
  order: readonly SourceOrder[],
  present: (connector: string, record: CallerRecord) => MatchedRecord,
): CallerMatch {
  const records: MatchedRecord[] = [];
  const chosen: Record<string, MatchedRecord> = {};
  let isAmbiguous = false;
  for (const source of order) {
    const choice = findings.choices.find(({ connector }) => connector === source.connector);
    const ranked = rankWithin(findings.records, source, choice);
    const shown = ranked.map((record) => present(source.connector, record));
    const [best] = shown;
    records.push(...shown);
    if (best === undefined) continue;
    const isMeant = choice !== undefined && ranked[0] !== undefined && isSame(ranked[0], choice);
    if (shown.length === 1 || isMeant) chosen[source.connector] = best;
    else isAmbiguous = true;
  }
  const kind = records.length === 0 ? 'unknown' : isAmbiguous ? 'ambiguous' : 'known';
  return { kind, records, chosen, unasked: findings.unasked };
}

function rankWithin(records: readonly DirectoryRecord[], source: SourceOrder, choice: RememberedChoice | undefined) {
  const place = (record: DirectoryRecord) =>
    choice !== undefined && isSame(record, choice) ? -1 : source.objects.indexOf(record.object);
  return records
    .filter(({ connector, object }) => connector === source.connector && source.objects.includes(object))
    .filter((record, index, all) => all.findIndex((other) => isSame(other, record)) === index)
    .sort((a, b) => place(a) - place(b) || compareText(b.modifiedAt ?? '', a.modifiedAt ?? '') || compareText(a.id, b.id));
}

function isSame(
  record: { readonly object: string; readonly id: string },
  other: { readonly object: string; readonly id: string },
) {
  return record.object === other.object && record.id === other.id;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
