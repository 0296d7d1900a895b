import type { DeskTables } from './tables/desk.ts';
import type { DirectoryTables } from './tables/directory.ts';
import type { LedgerTables } from './tables/ledger.ts';
import type { OwedTables } from './tables/owed.ts';
import type { QuotaTables } from './tables/quotas.ts';
import type { RoutingTables } from './tables/routing.ts';

/** Every table, by the room that owns it. Only text, numbers and null: JSON is text, instants are numbers, claims are 0 or 1. */
export interface Database extends LedgerTables, OwedTables, DirectoryTables, DeskTables, RoutingTables, QuotaTables {}
