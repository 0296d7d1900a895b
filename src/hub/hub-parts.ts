import type { DeskAgent } from '../desk/desk-ports.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { MappingStore } from '../mappings/mapping-store.ts';
import type { RoutingRulesFile } from '../mappings/routing-rules-file.ts';
import type { WritingStyle } from '../mappings/writing-style.ts';
import type { Log } from '../observability/log.ts';
import type { Quotas } from '../quotas/quotas.ts';
import type { Store } from '../store/open-database.ts';
import type { GuardedKind } from '../telephony/commands/destination.ts';
import type { Numbering } from '../telephony/numbering.ts';
import type { PbxEars } from '../telephony/pbx-listener.ts';
import type { RecordSource } from '../telephony/records/record-source.ts';
import type { OpenConnector } from './crms.ts';
import type { RoutingParts } from './routing-help.ts';

/** How calls are placed by clicking. */
export interface PbxDialling {
  /** The device of an extension, with `{extension}` in its place: `PJSIP/{extension}`. */
  readonly device: string;
  readonly ringMs: number;
  /** What customers see; null leaves it to the PBX. */
  readonly callerId: string | null;
  readonly allow: ReadonlySet<GuardedKind>;
}

export interface PbxParts {
  readonly name: string;
  readonly ears: PbxEars;
  readonly numbering: Numbering;
  readonly dialling: PbxDialling;
  /** What the PBX writes down itself; [] fills nothing in. The hub closes them. */
  readonly records: readonly RecordSource[];
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
  readonly fillInMs: number;
  /** Extensions. */
  readonly supervisors: readonly string[];
  /** What customers see when they are called for a lead list, by its name. */
  readonly listCallerIds: ReadonlyMap<string, string>;
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
  /** At least 24 characters; null takes no webhooks. */
  readonly webhookSecret: string | null;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Unguessable. */
  readonly newId: () => string;
  readonly random: () => number;
}
