import type { Migration } from './migration.ts';
import { ledger } from './migrations/0001-ledger.ts';
import { owed } from './migrations/0002-owed.ts';
import { directory } from './migrations/0010-directory.ts';
import { desk } from './migrations/0020-desk.ts';
import { commands } from './migrations/0021-commands.ts';
import { unheard } from './migrations/0030-unheard.ts';
import { routing } from './migrations/0040-routing.ts';
import { quotas } from './migrations/0050-quotas.ts';
import { followUps } from './migrations/0055-follow-ups.ts';

/** In the order in which they run; a new one goes at the end. */
export const migrations: readonly Migration[] = [ledger, owed, directory, desk, commands, unheard, routing, quotas, followUps];
