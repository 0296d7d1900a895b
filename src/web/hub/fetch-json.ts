/** Requests to the hub; errors are its problem bodies. */

export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  /** 0 when the hub could not be reached at all. */
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(typeof body.detail === 'string' ? body.detail : `HTTP ${status}`);
    this.status = status;
    this.body = body;
  }
}

const TIMEOUT_MS = 10_000;

/** `path` is under `/api/v1`. */
export function fetchJson<Answer>(path: string): Promise<Answer> {
  return send<Answer>('GET', path);
}

export async function send<Answer>(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`/api/v1${path}`, {
    method,
    ...(body !== undefined && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch(() => {
    throw new ApiProblem(0, {});
  });
  const answer: unknown = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiProblem(response.status, isRecord(answer) ? answer : {});
  return answer as Answer;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
