/** Problem bodies (RFC 9457) for every error the API gives. */
import type { ErrorRequestHandler, RequestHandler } from 'express';

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Changed by somebody else meanwhile',
  413: 'The request is too large',
  415: 'The content type is not supported',
  500: 'Something went wrong in the hub',
  503: 'Not available just now',
};

/** Thrown by handlers; becomes the answer. `extra` members go into the body beside the standard ones. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly kind: string;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(status: number, kind: string, detail: string, extra: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.status = status;
    this.kind = kind;
    this.extra = extra;
  }

  body(): ProblemBody {
    return {
      type: `urn:toritsugi:problem:${this.kind}`,
      title: TITLES[this.status] ?? 'Error',
      status: this.status,
      detail: this.message,
      ...this.extra,
    };
  }
}

export function notFound(detail: string): Problem {
  return new Problem(404, 'not-found', detail);
}

export const answerNotFound: RequestHandler = (request) => {
  throw notFound(`There is nothing at ${request.method} ${request.path}.`);
};

/** The last middleware. Unforeseen errors are logged and told to nobody. */
export function answerProblems(log: (message: string, fields: Readonly<Record<string, unknown>>) => void): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const problem = error instanceof Problem ? error : foreignProblem(error);
    if (problem.status >= 500) {
      const cause = error instanceof Error ? error : new Error(String(error));
      log('request failed', {
        method: request.method,
        route: request.route?.path ?? null,
        status: problem.status,
        error: cause.message,
      });
    }
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem.body()));
  };
}

/** Express's and its parsers' own errors carry a `status` and a `type`; anything else is ours to mend. */
function foreignProblem(error: unknown): Problem {
  const { status, type } = isRecord(error) ? error : {};
  if (type === 'entity.parse.failed') return new Problem(400, 'malformed-json', 'The body is not valid JSON.');
  if (type === 'entity.too.large') return new Problem(413, 'too-large', 'The body is larger than this address accepts.');
  if (status === 404) return notFound('There is no such file.');
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new Problem(status, 'bad-request', 'The request cannot be read.');
  }
  return new Problem(500, 'internal', 'The hub has logged the cause. Trying again may help.');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
