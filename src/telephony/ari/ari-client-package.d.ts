declare module 'ari-client' {
  import type { EventEmitter } from 'node:events';
  import type { WebSocket } from 'ws';

  /** What version 2.2.0 offers of itself, as far as the worker uses it. */
  export interface PackageClient extends EventEmitter {
    /** Opens the event socket; it is there, still opening, when this returns. */
    start(app: string, subscribeAll: boolean): Promise<void>;
    readonly _ws: WebSocket;
    readonly _swagger: { readonly apis: Readonly<Record<string, PackageResource>> };
  }

  export interface PackageResource {
    readonly operations?: Readonly<Record<string, PackageOperation>>;
  }

  export interface PackageOperation {
    /** `get`, `post` … */
    readonly method: string;
    /** `/channels/{channelId}` */
    readonly path: string;
    readonly parameters: readonly { readonly name: string; readonly paramType: string }[];
    do(
      args: Record<string, unknown>,
      options: Record<string, never>,
      onAnswer: (answer: PackageAnswer) => void,
      onError: (answer: PackageAnswer) => void,
    ): void;
  }

  export interface PackageAnswer {
    readonly status: number;
    /** Text or bytes. */
    readonly data?: unknown;
  }

  export function connect(url: string, username: string, password: string): Promise<PackageClient>;
}
