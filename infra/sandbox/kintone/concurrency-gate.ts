/** A hundred requests at a time is what the service takes of one domain; every answer tells how many there are. */
import type { ServerResponse } from 'node:http';

export interface ConcurrencyGate {
  /** Counts the request until it is answered; false: there are too many. */
  enter(response: ServerResponse): boolean;
  running(): number;
}

export function openConcurrencyGate(limit: number): ConcurrencyGate {
  let running = 0;
  return {
    enter: (response) => {
      running += 1;
      response.once('close', () => {
        running -= 1;
      });
      response.setHeader('X-ConcurrencyLimit-Limit', String(limit));
      response.setHeader('X-ConcurrencyLimit-Running', String(running));
      return running <= limit;
    },
    running: () => running,
  };
}
