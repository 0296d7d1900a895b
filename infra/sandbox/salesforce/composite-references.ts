import { ApiError } from './api-error.ts';

/** Answers of earlier parts by their reference id. */
export type Answers = ReadonlyMap<string, unknown>;

const REFERENCE = /@\{([A-Za-z0-9_]+)((?:\.[A-Za-z0-9_]+|\[\d+\])*)\}/g;

/**
 * Puts what earlier parts have answered in the place of `@{account.id}`, in a url or anywhere in a body. Pure.
 * @throws ApiError PROCESSING_HALTED for an answer there is not
 */
export function fillReferences(sent: unknown, answers: Answers): unknown {
  if (typeof sent === 'string') return fillText(sent, answers);
  if (Array.isArray(sent)) return sent.map((each: unknown) => fillReferences(each, answers));
  if (typeof sent !== 'object' || sent === null) return sent;
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, fillReferences(value, answers)]));
}

function fillText(text: string, answers: Answers): string {
  return text.replace(REFERENCE, (_whole, referenceId: string, path: string) => {
    const found = follow(answers.get(referenceId), path);
    if (found === undefined || found === null) {
      const name = `${referenceId}${path}`;
      const reason = `Invalid reference specified. No value for ${name} found in ${referenceId}`;
      throw new ApiError(400, 'PROCESSING_HALTED', reason);
    }
    return String(found);
  });
}

/** `.records[0].Id`; names are found in whatever case. */
function follow(answer: unknown, path: string): unknown {
  let here = answer;
  for (const step of path.match(/[A-Za-z0-9_]+/g) ?? []) {
    if (typeof here !== 'object' || here === null) return undefined;
    const entries = Object.entries(here);
    here = (entries.find(([name]) => name === step) ?? entries.find(([name]) => name.toLowerCase() === step.toLowerCase()))?.[1];
  }
  return here;
}
