/** Who is calling, as far as the connected CRMs know. Pure shapes. */
import type { InBothLanguages } from '../../connectors/connector.ts';

export interface CardLine {
  /** As rules name it: the mapping's only word, or the one in the language of what is written into the CRMs. */
  readonly label: string;
  /** For the reader's language; left out where the mapping has one word for all. */
  readonly labels?: InBothLanguages;
  readonly value: string;
}

/** A customer record offered for a number. */
export interface MatchedRecord {
  readonly connector: string;
  readonly object: string;
  readonly id: string;
  readonly name: string;
  /** The page on which a person sees the record in the CRM. */
  readonly url: string;
  /** What the operator sees, in the mapping's order. */
  readonly card: readonly CardLine[];
  /** The mapping's links (`who`, `what`, …) to be used in the call log. */
  readonly link: Readonly<Record<string, string | null>>;
  /** The users who own the record, as the CRM's API names them; absent where the mapping names no field for it. */
  readonly owners?: readonly string[];
}

/**
 * `records` are best first, each connector's together. A number may be known to several CRMs at once: it is `known` when no
 * connector offers more than one record, or the operator has chosen among them; `chosen` then names the record of each connector.
 */
export interface CallerMatch {
  readonly kind: 'known' | 'ambiguous' | 'unknown' | 'withheld';
  readonly records: readonly MatchedRecord[];
  /** By connector: the one record this call belongs to there. */
  readonly chosen: Readonly<Record<string, MatchedRecord>>;
  /** Connectors that could not be asked just now; the answer may be incomplete. */
  readonly unasked: readonly string[];
}
