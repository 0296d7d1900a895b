import type { AriSettings } from './ari-client.ts';

/** What the hub and the thread of the package ari-client say to one another. */
export type PackagedSettings = Pick<AriSettings, 'url' | 'username' | 'password' | 'app' | 'subscribeAll' | 'maxMessageBytes'>;

export interface PackagedRequest {
  readonly id: number;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** JSON. */
  readonly body: string | null;
}

export type ToWorker = PackagedRequest | 'ping' | 'close';

export type FromWorker =
  | { readonly kind: 'open' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tooLarge' }
  | { readonly kind: 'pong' }
  | { readonly kind: 'broken'; readonly reason: string }
  | { readonly kind: 'closed' }
  | { readonly kind: 'answer'; readonly id: number; readonly status: number; readonly text: string }
  | { readonly kind: 'unsendable'; readonly id: number; readonly reason: string };
