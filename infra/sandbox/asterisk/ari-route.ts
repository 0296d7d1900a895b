import type { AriApplications } from './ari-applications.ts';
import type { LivePbx } from './live/live-pbx.ts';
import type { PbxState } from './pbx-state.ts';

export interface AriRequest {
  readonly method: string;
  /** Below `/ari`. */
  readonly path: string;
  /** What stands in the path for `{name}`. */
  part(name: string): string;
  /** A parameter from the query or the body; null when absent or empty. */
  parameter(name: string): string | null;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface AriAnswer {
  readonly status: number;
  /** Asterisk's own words for the status differ from place to place. */
  readonly reason: string;
  /** Absent: no content. */
  readonly body?: unknown;
}

/** What the requests are answered from. */
export interface AriWorld {
  readonly state: () => PbxState;
  /** The PBX the commands are given to. */
  readonly live: () => LivePbx;
  readonly applications: AriApplications;
  readonly endpoints: readonly AriEndpoint[];
  readonly now: () => number;
  readonly startedAt: () => number;
}

export interface AriEndpoint {
  readonly technology: string;
  readonly resource: string;
  readonly state: 'online' | 'offline';
}

/** One operation of the interface: how it is asked for, how it is described to generic clients, and what it answers. */
export interface AriRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** For example `/channels/{channelId}`. */
  readonly path: string;
  /** Asterisk's name of the operation, which generic clients call it by. */
  readonly nickname: string;
  /** The model of the answer, for example `Channel`, `List[Channel]` or `void`. */
  readonly answers: string;
  readonly query?: readonly string[];
  /** The name of the parameter that is sent as JSON. */
  readonly body?: string;
  readonly handle: (world: AriWorld, request: AriRequest) => AriAnswer;
}

export function ok(body: unknown): AriAnswer {
  return { status: 200, reason: 'OK', body };
}

export const noContent: AriAnswer = { status: 204, reason: 'No Content' };

export function refusal(status: number, reason: string, message: string): AriAnswer {
  return { status, reason, body: { message } };
}
