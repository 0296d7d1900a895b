import type { CommandTables } from './tables/commands.ts';
import type { DeskTables } from './tables/desk.ts';
import type { DirectoryTables } from './tables/directory.ts';
import type { LedgerTables } from './tables/ledger.ts';
import type { OwedTables } from './tables/owed.ts';
import type { QuotaTables } from './tables/quotas.ts';
import type { RoutingTables } from './tables/routing.ts';
import type { UnheardTables } from './tables/unheard.ts';

/** Every table, by the room that owns it. Only text, numbers and null: JSON is text, instants are numbers, claims are 0 or 1. */
export interface Database
  extends LedgerTables,
    OwedTables,
    DirectoryTables,
    DeskTables,
    CommandTables,
    RoutingTables,
    UnheardTables,
    QuotaTables {}
