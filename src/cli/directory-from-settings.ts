import type { Command } from 'commander';
import { createDirectoryStore } from '../callers/directory-store.ts';
import { openConnectors, openMappings, openStore, styleOf } from '../hub/open-parts.ts';
import { callerSources } from '../mappings/present-caller.ts';
import { openCountedRequests } from './counted-requests.ts';
import { directoryCommand } from './directory.ts';
import { directoryImportFromSettings } from './directory-import-from-settings.ts';
import { settingsOfCommand } from './settings-of-command.ts';

export function directoryFromSettings(): Command {
  const broken = new AbortController();
  process.once('SIGINT', () => broken.abort(new Error('broken off; the next run goes on from here')));
  const progress = (line: string) => void process.stderr.write(`${line}\n`);
  const command = directoryCommand({
    async open() {
      const { settings, log } = settingsOfCommand();
      const store = await openStore(settings, log);
      const mappings = await openMappings(settings, log);
      const { region, locale: language } = styleOf(settings);
      const counted = await openCountedRequests({ ...settings, database: store, language, tell: progress });
      const connectors = openConnectors(settings, log, counted.quotas);
      const numbers = { region };
      return {
        directory: createDirectoryStore(store.db, numbers, Date.now),
        connectors: connectors.map(({ name, connector }) => {
          const mapping = mappings.current(name)?.mapping;
          return { name, connector, sources: mapping === undefined ? [] : callerSources(mapping) };
        }),
        numbers,
        language,
        recordUrl: ({ connector, ...ref }) => connectors.find(({ name }) => name === connector)?.connector.recordUrl(ref) ?? '',
        async close() {
          await Promise.all(connectors.map(({ connector }) => connector.close()));
          await counted.close();
          await store.close();
        },
      };
    },
    signal: broken.signal,
    print: (line) => process.stdout.write(`${line}\n`),
    progress,
    setExitCode: (code) => {
      process.exitCode = code;
    },
    now: Date.now,
  });
  return command.addCommand(directoryImportFromSettings(broken.signal));
}
