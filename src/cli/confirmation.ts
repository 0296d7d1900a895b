import { createInterface } from 'node:readline/promises';

/** Asks before something is changed; null where nobody sits at a terminal. Whatever is not a yes is a no. */
export function confirmationAtTerminal(signal: AbortSignal): ((question: string) => Promise<boolean>) | null {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return null;
  return async (question) => {
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    try {
      return /^(?:y|yes|はい)$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim());
    } finally {
      lines.close();
    }
  };
}
