import type { AriRefused, AriSettings } from './ari-client.ts';
import { replaced } from './ari-failures.ts';

/** What one message of the event socket says to the client itself: an event to pass on, perhaps the last one, or nothing. */
export interface HeardText {
  readonly event: unknown;
  /** Asterisk has given our application to somebody else; nothing more will come on this socket, though it stays open. */
  readonly end: AriRefused | null;
}

/** Null for what is no JSON. */
export function readEventText(text: string, settings: Pick<AriSettings, 'url' | 'username' | 'app'>): HeardText | null {
  try {
    const event: unknown = JSON.parse(text);
    return { event, end: isReplacement(event, settings.app) ? replaced(settings) : null };
  } catch {
    return null;
  }
}

function isReplacement(event: unknown, app: string): boolean {
  if (typeof event !== 'object' || event === null || !('type' in event) || !('application' in event)) return false;
  return event.type === 'ApplicationReplaced' && event.application === app;
}
