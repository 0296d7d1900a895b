import type { ApiAnswer } from './api-call.ts';
import { ApiError, errorBody, notFound } from './api-error.ts';

/** Decodes the segments of a path. @throws ApiError for an escape that is none. */
export function toSegments(path: string): readonly string[] {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeURIComponent);
  } catch {
    throw notFound();
  }
}

/** A refusal as an answer. */
export function answerSafely(answer: () => ApiAnswer): ApiAnswer {
  try {
    return answer();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return { status: error.status, body: errorBody(error) };
  }
}
