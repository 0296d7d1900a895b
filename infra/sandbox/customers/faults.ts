/** Accidents on request: how such services fail, as often as it is asked to. */

export const FAULT_KINDS = [
  /** 500 with the service's error body. */
  'serverError',
  /** 503 with a page. */
  'htmlUnavailable',
  /** 200 with a body that is no JSON. */
  'notJson',
  /** 200 with JSON that is something else altogether. */
  'otherJson',
  'unauthorized',
  'forbidden',
  /** 429 with `Retry-After`. */
  'tooManyRequests',
  /** The request is taken and never answered. */
  'stall',
  /** The work is done, then the connection is cut before the answer. */
  'commitThenCut',
  /** The connection is cut in the middle of the answer. */
  'cutMidBody',
  /** 302 to another host. */
  'redirect',
  /** An answer that does not end. */
  'endless',
  /** Every write to `field` is refused with 422. */
  'refuseField',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** How many requests it strikes; left out: all from now on. */
  readonly times?: number;
  /** Only requests whose `METHOD /path` contains this. */
  readonly on?: string;
  /** For `refuseField`. */
  readonly field?: string;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault that strikes this request, already counted. */
  strike(line: string): FaultKind | null;
  refusedFields(): readonly string[];
}

export function openFaults(initial: readonly Fault[]): Faults {
  let waiting: readonly Fault[] = initial;
  return {
    add: (fault) => {
      waiting = [...waiting, fault];
    },
    clear: () => {
      waiting = [];
    },
    list: () => waiting,
    strike: (line) => {
      const fault = waiting.find(({ kind, on }) => kind !== 'refuseField' && (on === undefined || line.includes(on)));
      if (fault === undefined) return null;
      waiting = waiting.flatMap((each) => (each === fault ? rest(each) : [each]));
      return fault.kind;
    },
    refusedFields: () => waiting.flatMap(({ kind, field }) => (kind === 'refuseField' && field !== undefined ? [field] : [])),
  };
}

function rest(fault: Fault): readonly Fault[] {
  if (fault.times === undefined) return [fault];
  return fault.times <= 1 ? [] : [{ ...fault, times: fault.times - 1 }];
}

/**
 * `serverError:3,refuseField=notes` — kind, field, how often.
 * @throws Error that lists the kinds
 */
export function parseFaults(text: string): readonly Fault[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFault);
}

function parseFault(part: string): Fault {
  const found = /^(\w+)(?:=([^:@]+))?(?::(\d+))?$/.exec(part);
  const kind = FAULT_KINDS.find((each) => each === found?.[1]);
  if (found === null || kind === undefined) {
    throw new Error(`Unknown fault "${part}". Write kind[=field][:times]; kinds: ${FAULT_KINDS.join(', ')}.`);
  }
  const [, , field, times] = found;
  return { kind, ...(field === undefined ? {} : { field }), ...(times === undefined ? {} : { times: Number(times) }) };
}
