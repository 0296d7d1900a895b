import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { openStore, styleOf } from '../hub/open-parts.ts';
import { createOwedAdmin } from '../write-back/owed-admin.ts';
import { owedCommand } from './owed.ts';
import { settingsOfCommand } from './settings-of-command.ts';

export function owedFromSettings(): Command {
  return owedCommand(async () => {
    const { settings, log } = settingsOfCommand();
    const store = await openStore(settings, log);
    const language = styleOf(settings).locale;
    return { admin: createOwedAdmin({ store, now: Date.now }), by: userInfo().username, language, close: store.close };
  });
}
