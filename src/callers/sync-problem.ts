/** What kept a source of the directory from being read, as one line in the database. Pure. */
import { ConnectorError } from '../../connectors/connector.ts';

const kinds = [
  'unreachable',
  'rateLimited',
  'unauthorized',
  'rejected',
  'missing',
] as const satisfies readonly ConnectorError['kind'][];

export interface SyncProblem {
  /** Null for what is no connector's error: a bug, or the database. */
  readonly kind: ConnectorError['kind'] | null;
  /** The CRM's own words where there are any. */
  readonly detail: string;
}

/** `unauthorized: what the CRM said`. */
export function problemLine(error: unknown): string {
  if (error instanceof ConnectorError) return `${error.kind}: ${error.message}`;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

export function readProblemLine(line: string): SyncProblem {
  const kind = kinds.find((one) => line.startsWith(`${one}: `)) ?? null;
  return { kind, detail: kind === null ? line : line.slice(kind.length + 2) };
}
