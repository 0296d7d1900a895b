/** What was asked of the sandbox, newest last; credentials are never kept. */
import type { Request } from 'express';
import { isSentFile } from './multipart.ts';
import type { Arguments } from './request-arguments.ts';

export interface LoggedRequest {
  readonly at: number;
  /** After X-HTTP-Method-Override. */
  readonly method: string;
  /** What follows `/k/v1/`. */
  readonly path: string;
  readonly wasOverridden: boolean;
  /** Dropped from all but the last hundreds: a thousand batches would fill the memory. */
  readonly args: Arguments;
  /** 0: never answered. */
  readonly status: number;
  readonly code: string | null;
}

export interface RequestLog {
  add(request: Request, method: string, args: Arguments, answer: { readonly status: number; readonly code: string | null }): void;
  entries(): readonly LoggedRequest[];
  /** All there were, also those no longer kept. */
  count(): number;
  clear(): void;
}

const MOST_ENTRIES = 2000;
const MOST_ARGUMENTS = 300;

export function openRequestLog(now: () => number): RequestLog {
  let entries: LoggedRequest[] = [];
  let count = 0;
  return {
    add: (request, method, args, { status, code }) => {
      count += 1;
      const shown = isSentFile(args.file) ? { file: { name: args.file.name, size: args.file.bytes.length } } : args;
      const path = loggedPath(request);
      entries.push({ at: now(), method, path, wasOverridden: method !== request.method, args: shown, status, code });
      const old = entries.at(-1 - MOST_ARGUMENTS);
      if (old !== undefined) entries[entries.length - 1 - MOST_ARGUMENTS] = { ...old, args: {} };
      if (entries.length > 2 * MOST_ENTRIES) entries = entries.slice(-MOST_ENTRIES);
    },
    entries: () => entries.slice(-MOST_ENTRIES),
    count: () => count,
    clear: () => {
      entries = [];
      count = 0;
    },
  };
}

/** What follows `/k/v1/` or `/k/guest/3/v1/`. */
export function loggedPath(request: Request): string {
  return request.originalUrl.replace(/^\/k\/(guest\/[^/]+\/)?v1\//, '').replace(/\?.*$/s, '');
}
