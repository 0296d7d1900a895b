/** Words from outside, fit for a message: no whole telephone number, no secret, not too long. Pure. */

const SHORTEST_NUMBER = 7;
const SHORTEST_SECRET = 6;
const MOST_SIGNS = 300;

/** Digits enough for a telephone number keep their last four only. */
export function masked(text: string, secrets: readonly string[]): string {
  const told = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .reduce((rest, secret) => rest.replaceAll(secret, '…'), text);
  const short = told.length > MOST_SIGNS ? `${told.slice(0, MOST_SIGNS)}…` : told;
  return short.replace(/[+＋]?[\d０-９](?:[\d０-９\s()（）.\-－‐]*[\d０-９])?/gu, (run) => {
    const digits = run.normalize('NFKC').replace(/\D/gu, '');
    return digits.length < SHORTEST_NUMBER ? run : `…${digits.slice(-4)}`;
  });
}
