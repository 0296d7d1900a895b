import { createHash, timingSafeEqual } from 'node:crypto';

const SHORTEST_TOKEN = 24;

/** Tells whether a given text is the secret, in the same time whatever it is. */
export function createTokenCheck(secret: string): (given: string) => boolean {
  if (secret.length < SHORTEST_TOKEN) throw new Error(`The routing token needs at least ${SHORTEST_TOKEN} characters.`);
  const expected = digest(secret);
  return (given) => timingSafeEqual(digest(given), expected);
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
