/** One AMI packet: header lines up to an empty line. Header names are case-insensitive and may repeat. */
export interface AmiMessage {
  /** The `Event` header; null for a response. */
  readonly event: string | null;
  /** The `Response` header; null for an event (OriginateResponse has both and counts as an event). */
  readonly response: string | null;
  /** First value of a header, as sent (not unescaped); undefined when absent. */
  get(header: string): string | undefined;
  /** Every value of a repeated header, in order. */
  all(header: string): readonly string[];
  entries(): Iterable<readonly [header: string, value: string]>;
}
