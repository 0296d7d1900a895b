import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { openStore, styleOf } from '../hub/open-parts.ts';
import { createBlockedNumbers } from '../routing/blocked-store.ts';
import { blockedCommand } from './blocked.ts';
import { settingsOfCommand } from './settings-of-command.ts';

export function blockedFromSettings(): Command {
  return blockedCommand(async () => {
    const { settings, log } = settingsOfCommand();
    const store = await openStore(settings, log);
    const { region, locale: language } = styleOf(settings);
    return {
      blocked: createBlockedNumbers(store.db, Date.now),
      numbers: { region },
      by: userInfo().username,
      now: Date.now,
      language,
      close: store.close,
    };
  });
}
