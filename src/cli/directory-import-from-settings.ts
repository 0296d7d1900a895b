import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { createDirectoryComparison } from '../callers/directory-comparison.ts';
import { createDirectoryStore } from '../callers/directory-store.ts';
import { customerList } from '../customer-list/customer-list.ts';
import { openStore, styleOf } from '../hub/open-parts.ts';
import { confirmationAtTerminal } from './confirmation.ts';
import { directoryImportCommand } from './directory-import.ts';
import { settingsOfCommand } from './settings-of-command.ts';

export function directoryImportFromSettings(signal: AbortSignal): Command {
  return directoryImportCommand({
    async open() {
      const { settings, log } = settingsOfCommand();
      const { region, locale } = styleOf(settings);
      const store = await openStore(settings, log);
      return {
        directory: createDirectoryStore(store.db, { region }, Date.now),
        comparison: createDirectoryComparison(store.db, { connector: customerList.connector, object: customerList.objects[0] }),
        numbers: { region },
        language: locale,
        close: () => store.close(),
      };
    },
    signal,
    confirm: confirmationAtTerminal(signal),
    newId: randomUUID,
    print: (line) => process.stdout.write(`${line}\n`),
    progress: (line) => process.stderr.write(`${line}\n`),
  });
}
