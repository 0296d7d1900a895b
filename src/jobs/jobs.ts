/**
 * The Jobs port: runs work later, again and again, and never twice at once for the same key. Two implementations: in-process
 * (default) and Bull on Redis; one contract suite. Queues are no system of record: a lost Redis loses nothing, because every job
 * only says "look at the database", and start-up adds what is due again.
 */
export interface JobDefinition<Payload> {
  /** Unique; `[a-z-]+`. */
  readonly name: string;
  /** Jobs of this name at once, over all processes that share the queue. */
  readonly concurrency: number;
  /** Tries in all before `failed` is told. */
  readonly attempts: number;
  /** Wait before the next try, after `attempt` tries (1 = after the first). */
  readonly backoffMs: (attempt: number) => number;
  run(payload: Payload, context: { readonly signal: AbortSignal; readonly attempt: number }): Promise<void>;
  /** Told once when the last try failed. */
  failed?(payload: Payload, error: unknown): void;
}

export interface Jobs {
  /** Must be called for every job before `start`. */
  define<Payload>(definition: JobDefinition<Payload>): void;
  start(): Promise<void>;
  /**
   * Runs it once, now or after `delayMs`. While a job with the same `key` is waiting, adding it again changes nothing; while one is
   * running, it runs once more afterwards.
   */
  add<Payload>(name: string, payload: Payload, options: { readonly key: string; readonly delayMs?: number }): Promise<void>;
  /** Runs it every `everyMs` from now on; a run that is still going is not doubled. Scheduling the same key again replaces it. */
  schedule<Payload>(name: string, payload: Payload, options: { readonly key: string; readonly everyMs: number }): Promise<void>;
  /** For metrics and doctor. */
  counts(): Promise<{ readonly waiting: number; readonly running: number; readonly delayed: number; readonly failed: number }>;
  /** Stops taking work, aborts the signal of what runs, waits for it at most `graceMs`. */
  close(graceMs: number): Promise<void>;
}
