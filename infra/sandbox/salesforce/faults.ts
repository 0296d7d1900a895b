import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ApiError, errorBody, sessionExpired } from './api-error.ts';
import type { Row } from './record-store.ts';

/** Accidents of a whole request, in the service's own shapes where it has one. */
const REQUEST_FAULTS = [
  'serverError',
  'htmlUnavailable',
  'notJson',
  'unauthorized',
  'forbidden',
  'dailyLimit',
  'concurrentLimit',
  'tooManyRequests',
  'moved',
  'noSuchHost',
  'stall',
  'commitThenStall',
  'commitThenCut',
  'cutMidBody',
] as const;
/** Accidents of a single record of a save. */
const RECORD_FAULTS = ['refuseField', 'lockRow', 'triggerFails', 'maintenance'] as const;
/** An upsert that does not see the record another one is just creating: it makes a twin. */
const RACE = 'raceUpsert';
/** A bulk job that breaks down as a whole. */
const FAILED_JOB = 'failJob';

/** The app is no longer approved for the user: no token is given. */
const SIGN_IN = 'signInRefused';

/** Every fault there is, for help texts. */
export const FAULT_KINDS = [...REQUEST_FAULTS, ...RECORD_FAULTS, RACE, FAILED_JOB, SIGN_IN] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** How many requests (or records) it strikes; for ever when left out. */
  readonly times?: number;
  /** How many it lets pass first. */
  readonly after?: number;
  /** Only requests whose `METHOD /path` contains this text. */
  readonly on?: string;
  /** For `refuseField`: the field an admin's validation rule refuses. */
  readonly field?: string;
  /** For `lockRow`: strikes only what is saved into this record or below it, as if somebody held it. */
  readonly record?: string;
}

/** A record about to be saved. */
export interface StruckRecord {
  readonly values: Row;
  /** Null while it has none. */
  readonly id: string | null;
}

export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** Strikes requests below /services/data; also ends what stalls, when the sandbox stops. */
  readonly middleware: RequestHandler;
  /** @throws ApiError when a record fault strikes this save. */
  strikeRecord(record: StruckRecord): void;
  /** Why a bulk job breaks down as a whole; null when it is to work. */
  strikeJob(): string | null;
  /** True when this upsert is to overlook the record it should find. */
  strikeUpsert(): boolean;
  /** True when no token is to be given. */
  strikeSignIn(): boolean;
  close(): void;
}

interface Armed {
  readonly fault: Fault;
  left: number;
  toPass: number;
}

export function createFaults(initial: readonly Fault[]): Faults {
  let armed: Armed[] = [];
  const stalled = new Set<Response>();
  const add = (fault: Fault): void => {
    armed.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, toPass: fault.after ?? 0 });
  };
  const due = (matches: (fault: Fault) => boolean): Fault | null => {
    for (const each of armed) {
      if (each.left <= 0 || !matches(each.fault)) continue;
      if (each.toPass > 0) {
        each.toPass -= 1;
        continue;
      }
      each.left -= 1;
      return each.fault;
    }
    return null;
  };
  for (const fault of initial) add(fault);

  return {
    add,
    clear: () => {
      armed = [];
    },
    middleware: (request, response, next) => {
      const line = `${request.method} ${request.originalUrl}`;
      const fault = due(({ kind, on }) => isOneOf(REQUEST_FAULTS, kind) && (on === undefined || line.includes(on)));
      if (fault === null) next();
      else STRIKES[fault.kind as RequestFault]({ request, response, next, stalled });
    },
    strikeRecord: ({ values, id }) => {
      const touched = new Set([id, ...Object.values(values)]);
      const fault = due(
        ({ kind, field, record }) =>
          isOneOf(RECORD_FAULTS, kind) &&
          (field === undefined || field in values) &&
          (record === undefined || touched.has(record)),
      );
      if (fault !== null) throw recordError(fault);
    },
    strikeJob: () => (due(({ kind }) => kind === FAILED_JOB) === null ? null : 'InternalServerError : Unknown exception'),
    strikeUpsert: () => due(({ kind }) => kind === RACE) !== null,
    strikeSignIn: () => due(({ kind }) => kind === SIGN_IN) !== null,
    close: () => {
      for (const response of stalled) response.socket?.destroy();
      stalled.clear();
    },
  };
}

function isOneOf(kinds: readonly string[], kind: string): boolean {
  return kinds.includes(kind);
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
  readonly stalled: Set<Response>;
}

function refuse({ response }: Exchange, error: ApiError): void {
  response.status(error.status).json(errorBody(error));
}

function stall({ response, stalled }: Exchange): void {
  stalled.add(response);
  response.on('close', () => stalled.delete(response));
}

function cut({ request }: Exchange): void {
  request.socket.destroy();
}

type RequestFault = (typeof REQUEST_FAULTS)[number];

const STRIKES: Readonly<Record<RequestFault, (exchange: Exchange) => void>> = {
  serverError: (exchange) =>
    refuse(
      exchange,
      new ApiError(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred. Please include this ErrorId: 1-2 (3)'),
    ),
  htmlUnavailable: ({ response }) => {
    response.status(503).type('html').send('<html><head><title>Server Maintenance</title></head><body>Down</body></html>');
  },
  notJson: ({ response }) => {
    response.status(200).type('json').send('{"totalSize":');
  },
  unauthorized: (exchange) => refuse(exchange, sessionExpired()),
  forbidden: (exchange) =>
    refuse(exchange, new ApiError(403, 'API_DISABLED_FOR_ORG', 'API is not enabled for this Organization or Partner')),
  dailyLimit: (exchange) => refuse(exchange, new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')),
  concurrentLimit: (exchange) =>
    refuse(exchange, new ApiError(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentPerOrgLongTxn Limit exceeded.')),
  tooManyRequests: ({ response }) => {
    response.status(429).set('Retry-After', '7').type('text').send('Too Many Requests');
  },
  noSuchHost: ({ response }) => {
    response.status(404).type('html').send('<html><head><title>URL No Longer Exists</title></head><body>Gone</body></html>');
  },
  moved: ({ response }) => {
    response.status(302).set('Location', 'https://elsewhere.example.com/').end();
  },
  stall,
  commitThenStall: (exchange) => afterCommit(exchange, stall),
  commitThenCut: (exchange) => afterCommit(exchange, cut),
  cutMidBody: (exchange) => {
    exchange.response
      .status(200)
      .type('json')
      .set('Content-Length', '1000')
      .write('{"totalSize":', () => cut(exchange));
  },
};

/** Lets the request do its work, and does something else instead of answering. */
function afterCommit(exchange: Exchange, instead: (exchange: Exchange) => void): void {
  const { response } = exchange;
  response.end = ((): Response => {
    instead(exchange);
    return response;
  }) as Response['end'];
  exchange.next();
}

function recordError(fault: Fault): ApiError {
  if (fault.kind === 'lockRow') {
    return new ApiError(
      400,
      'UNABLE_TO_LOCK_ROW',
      `unable to obtain exclusive access to this record or 1 records: ${fault.record ?? '0015g00000000001AAA'}`,
    );
  }
  if (fault.kind === 'maintenance') {
    return new ApiError(
      400,
      'INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE',
      'This org is read-only while maintenance is being done',
    );
  }
  if (fault.kind === 'triggerFails') {
    const reason =
      'TaskTrigger: execution of AfterInsert caused by: System.NullPointerException: Attempt to de-reference a null object';
    return new ApiError(400, 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', reason);
  }
  const fields = fault.field === undefined ? [] : [fault.field];
  return new ApiError(400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', '入力規則により保存できません (validation rule)', fields);
}
