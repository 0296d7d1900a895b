/** Accidents on request: how the real service fails, as often as it is asked to. */

export const FAULT_KINDS = [
  /** 500 with the service's error body. */
  'error500',
  /** 520, the service's own "system error". */
  'error520',
  /** 503 with a text body: maintenance. */
  'maintenance503',
  /** 429 GAIA_TO04. */
  'tooManyRequests',
  /** 520 GAIA_DA02: others are writing. */
  'databaseLocked',
  /** The search is given up: half of the records, and a header that says so. */
  'searchAborted',
  /** The request is taken and never answered. */
  'stall',
  /** 401 CB_WA01. */
  'unauthorized',
  /** 403 CB_NO02. */
  'forbidden',
  /** 403 with a page: the asker's address is not among those that are let in. */
  'addressRefused',
  /** 200 with a page instead of JSON. */
  'notJson',
  /** The work is done, then the connection is cut before the answer. */
  'commitThenCut',
  /** Every write to `field` is refused with CB_VA01. */
  'refuseField',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** How many requests it strikes; left out: all from now on. */
  readonly times?: number;
  /** Only requests of this method, for example `PUT`. */
  readonly method?: string;
  /** Only paths that contain this, for example `records.json`. */
  readonly path?: string;
  /** For `refuseField`: the field code. */
  readonly field?: string;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  list(): readonly Fault[];
  /** The fault that strikes this request, already counted. */
  strike(method: string, path: string): FaultKind | null;
  refusedFields(): readonly string[];
}

export function openFaults(initial: readonly Fault[]): Faults {
  let waiting: readonly Fault[] = initial;
  const fits = (fault: Fault, method: string, path: string): boolean =>
    fault.kind !== 'refuseField' &&
    (fault.method === undefined || fault.method === method) &&
    (fault.path === undefined || path.includes(fault.path));
  return {
    add: (fault) => {
      waiting = [...waiting, fault];
    },
    clear: () => {
      waiting = [];
    },
    list: () => waiting,
    strike: (method, path) => {
      const fault = waiting.find((each) => fits(each, method, path));
      if (fault === undefined) return null;
      waiting = waiting.flatMap((each) => (each === fault ? rest(each) : [each]));
      return fault.kind;
    },
    refusedFields: () => waiting.flatMap((fault) => (fault.kind === 'refuseField' ? (fault.field ?? []) : [])),
  };
}

function rest(fault: Fault): readonly Fault[] {
  if (fault.times === undefined) return [fault];
  return fault.times <= 1 ? [] : [{ ...fault, times: fault.times - 1 }];
}

/**
 * `error500:3,commitThenCut:1@PUT,refuseField=メモ` — kind, how often, on which method.
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
  const found = /^(\w+)(?:=([^:@]+))?(?::(\d+))?(?:@([A-Za-z]+))?$/.exec(part);
  const kind = FAULT_KINDS.find((each) => each === found?.[1]);
  if (found === null || kind === undefined) {
    throw new Error(`Unknown fault "${part}". Write kind[=field][:times][@METHOD]; kinds: ${FAULT_KINDS.join(', ')}.`);
  }
  const [, , field, times, method] = found;
  return {
    kind,
    ...(field === undefined ? {} : { field }),
    ...(times === undefined ? {} : { times: Number(times) }),
    ...(method === undefined ? {} : { method: method.toUpperCase() }),
  };
}
