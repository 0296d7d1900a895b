import type { AriResponse, AriSettings } from './ari-client.ts';
import { failedRequest, refusedLogin, refusedRight } from './ari-failures.ts';

/** Only what says "not you" or "not now" is an error; "not so" is an answer. `words`: what was asked. */
export function readAnswer(status: number, text: string, words: string, settings: AriSettings): AriResponse | Error {
  const body = parsed(text);
  if (status === 401) return refusedLogin(settings);
  if (status === 403) return refusedRight(settings, words, messageOf(body) ?? 'Forbidden');
  return status >= 500 ? failedRequest(settings, words, status) : { status, body };
}

/** Null where there is none, and where it is none. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function messageOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('message' in body)) return null;
  return typeof body.message === 'string' ? body.message.slice(0, 200) : null;
}
