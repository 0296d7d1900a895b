import type { After } from '../after.ts';
import { type AriSettings, AriUnreachable } from './ari-client.ts';
import { noAnswer } from './ari-failures.ts';

/** All that waits for an answer on one connection. Every wait ends: answered, timed out, or rejected with all. */
export interface PendingAnswers {
  /**
   * `ask` asks, and is given the function to call with the answer; what it returns is called when the waiting is over, however it ended.
   * `words`: what was asked, for the messages of errors.
   */
  wait<Answer>(words: string, ask: (settle: (outcome: Answer | Error) => void) => () => void): Promise<Answer>;
  rejectAll(reason: Error): void;
}

const maxPending = 1_000;

export function createPendingAnswers(settings: AriSettings, after: After): PendingAnswers {
  const { requestTimeoutMs } = settings;
  const rejections = new Set<(reason: Error) => void>();
  return {
    wait<Answer>(words: string, ask: (settle: (outcome: Answer | Error) => void) => () => void): Promise<Answer> {
      if (rejections.size >= maxPending) {
        return Promise.reject(
          new AriUnreachable(`${maxPending} ARI requests wait for an answer already; ${words} was not sent.`),
        );
      }
      return new Promise((resolve, reject) => {
        const callOff = after(requestTimeoutMs, () => settle(noAnswer(settings, words, requestTimeoutMs)));
        function settle(outcome: Answer | Error): void {
          if (!rejections.delete(settle)) return;
          callOff();
          release();
          if (outcome instanceof Error) reject(outcome);
          else resolve(outcome);
        }
        let release: () => void = () => undefined;
        rejections.add(settle);
        try {
          release = ask(settle);
          if (!rejections.has(settle)) release();
        } catch (error) {
          settle(error instanceof Error ? error : new Error(String(error)));
        }
      });
    },
    rejectAll(reason) {
      for (const rejectOne of [...rejections]) rejectOne(reason);
    },
  };
}
