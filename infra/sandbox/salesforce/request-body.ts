import type { Request } from 'express';
import { ApiError } from './api-error.ts';

/**
 * What a request brings along: parsed JSON, or the text of a CSV upload; undefined when it brings nothing.
 * @param hasMark whether its first bytes are a byte order mark, which JSON does without and CSV keeps
 * @throws ApiError
 */
export function parseBody(request: Request, method: string, hasMark: boolean): unknown {
  const text: unknown = request.body;
  if (typeof text !== 'string' || text === '' || method === 'GET') return undefined;
  const type = request.get('content-type') ?? '';
  // An upload of a bulk job is the one thing that is no JSON.
  if (method === 'PUT' && /^text\/csv\b/i.test(type)) return hasMark ? `\ufeff${text}` : text;
  if (!/^application\/json\b/i.test(type)) throw wrongType();
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ApiError(400, 'JSON_PARSER_ERROR', whatIsWrong(text, error));
  }
}

export const wrongType = (): ApiError =>
  new ApiError(415, 'UNSUPPORTED_MEDIA_TYPE', 'The content type of the request is not supported by this resource');

/** The service names the character that it did not expect, and where it stands. */
function whatIsWrong(text: string, error: unknown): string {
  const told = /position (\d+)/.exec(String(error))?.[1];
  if (told === undefined && !String(error).includes('end of JSON')) {
    return 'Unexpected character in the request body at [line:1, column:1]';
  }
  const position = told === undefined ? text.length : Number(told);
  const before = text.slice(0, position).split('\n');
  const place = `[line:${before.length}, column:${(before.at(-1)?.length ?? 0) + 1}]`;
  const character = text[position];
  if (character === undefined) return `Unexpected end-of-input at ${place}`;
  return `Unexpected character ('${character}' (code ${character.charCodeAt(0)})) at ${place}`;
}
