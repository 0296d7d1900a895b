import { setTimeout as pause } from 'node:timers/promises';

const EVERY_MS = 15;

/**
 * Asks again and again until the answer is not null, undefined or false; an error of the question counts as "not yet".
 * @throws Error with the last thing that was wrong, after `limitMs`
 */
export async function until<Answer>(
  what: string,
  ask: () => Promise<Answer | null | undefined | false> | Answer | null | undefined | false,
  limitMs = 15_000,
): Promise<Answer> {
  const giveUpAt = performance.now() + limitMs;
  let cause: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined && answer !== false) return answer;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > giveUpAt) {
      const reason = cause instanceof Error ? `: ${cause.message}` : '';
      throw new Error(`within ${limitMs} ms it did not come true that ${what}${reason}`, { cause });
    }
    await pause(EVERY_MS);
  }
}
