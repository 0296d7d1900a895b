import type { Command } from 'commander';
import type { Connector } from '../../connectors/connector.ts';
import { createDirectoryStore } from '../callers/directory-store.ts';
import type { CallId } from '../calls/call.ts';
import { findCall } from '../calls/ledger-read.ts';
import { databaseUrl, openConnectors, openMappings, openStore, styleOf } from '../hub/open-parts.ts';
import { presentCaller } from '../mappings/present-caller.ts';
import { matchOfRecord } from '../mappings/recorded-call.ts';
import { openCountedRequests } from './counted-requests.ts';
import type { LedgerCall } from './mapping-files.ts';
import { mappingsCommand } from './mappings.ts';
import { settingsOfCommand } from './settings-of-command.ts';

/** With an empty `.env` the CRMs are not asked. @throws WrongSettings rather than judge the files by half of it */
export function mappingsFromSettings(): Command {
  const { settings, log } = settingsOfCommand();
  const style = styleOf(settings);
  return mappingsCommand({
    directory: settings.hub.MAPPINGS_DIR,
    style,
    agents: settings.agents,
    openConnector,
    findCall: findInLedger,
    print: (line) => process.stdout.write(`${line}\n`),
    setExitCode: (code) => {
      process.exitCode = code;
    },
  });

  async function openConnector(name: string): Promise<Pick<Connector, 'describe' | 'close'> | null> {
    const wanted = settings.connectors.filter((one) => one.name === name);
    // Nothing will be asked: no database has to answer for that.
    if (wanted.length === 0) return null;
    const tell = (line: string) => void process.stderr.write(`${line}\n`);
    const database = databaseUrl(settings.hub);
    const counted = await openCountedRequests({ connectors: wanted, database, language: style.locale, tell });
    const [opened] = openConnectors({ connectors: wanted }, log, counted.quotas);
    const close = async () => {
      await opened?.connector.close();
      await counted.close();
    };
    if (opened !== undefined) return { describe: opened.connector.describe, close };
    await close();
    return null;
  }

  async function findInLedger(callId: string, connector: string): Promise<LedgerCall | null> {
    const store = await openStore(settings, log);
    try {
      const record = await findCall(store.db, callId as CallId);
      const mapping = (await openMappings(settings, log)).current(connector)?.mapping ?? null;
      const ref = record?.matches.find((one) => one.connector === connector);
      if (record === null || mapping === null) return record === null ? null : { record, match: null, matchKind: null };
      if (ref === undefined) return { record, match: null, matchKind: record.customer?.withheld ? 'withheld' : 'unknown' };
      const held = await createDirectoryStore(store.db, { region: style.region }, Date.now).record(ref);
      const match = held === null ? matchOfRecord(mapping, record) : presentCaller(mapping, held, '', style);
      return { record, match, matchKind: 'known' };
    } finally {
      await store.close();
    }
  }
}
