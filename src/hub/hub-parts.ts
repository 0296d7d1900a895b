import type { DeskAgent } from '../desk/desk-ports.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import type { RoutingRulesFile } from '../mappings/routing-rules-file.ts';
import type { WritingStyle } from '../mappings/writing-style.ts';
import type { Log } from '../observability/log.ts';
import type { Quotas } from '../quotas/quotas.ts';
import type { Store } from '../store/open-database.ts';
import type { Numbering } from '../telephony/numbering.ts';
import type { PbxEars } from '../telephony/pbx-listener.ts';
import type { OpenConnector } from './crms.ts';
import type { RoutingParts } from './routing-help.ts';

export interface PbxParts {
  readonly name: string;
  readonly ears: PbxEars;
  readonly numbering: Numbering;
}

/** All the hub is made of; whoever starts it chooses the implementations. The hub closes store, jobs and connectors when it stops. */
export interface HubParts {
  readonly version: string;
  /** Migrated. */
  readonly store: Store;
  /** Not started. */
  readonly jobs: Jobs;
  readonly jobsAreOnRedis: boolean;
  readonly mappings: MappingStore;
  readonly mappingsDirectory: string;
  /** In the order in which their records are shown. */
  readonly connectors: readonly OpenConnector[];
  /** The budgets that the connectors keep to. */
  readonly quotas: Quotas;
  /** At least one. An extension belongs to one agent, whichever PBX has the phone. */
  readonly pbxs: readonly PbxParts[];
  readonly agents: readonly (DeskAgent & { readonly users: Readonly<Record<string, string>> })[];
  readonly style: WritingStyle;
  readonly routing: RoutingParts;
  readonly routingRules: RoutingRulesFile;
  readonly directorySyncMs: number;
  readonly http: {
    readonly host: string;
    /** 0 takes a free one. */
    readonly port: number;
    /** Null serves no browser app. */
    readonly webFolder: string | null;
    /** Where browsers find us when a proxy stands before us. */
    readonly publicOrigin: string | null;
  };
  /** At least 32 characters; the same over restarts, or everybody is signed out. */
  readonly sessionSecret: string;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable. */
  readonly newId: () => string;
  readonly random: () => number;
}
