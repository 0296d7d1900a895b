import type { Command } from 'commander';
import { createDirectoryStore } from '../callers/directory-store.ts';
import type { CallId } from '../calls/call.ts';
import { findCall } from '../calls/ledger-read.ts';
import { environmentWith, readSettings, type Settings } from '../config/read-settings.ts';
import { WrongSettings } from '../config/setting.ts';
import { openConnectors, openMappings, openStore, styleOf } from '../hub/open-parts.ts';
import { presentCaller } from '../mappings/present-caller.ts';
import { matchOfRecord } from '../mappings/recorded-call.ts';
import { createLog } from '../observability/log.ts';
import type { LedgerCall } from './mapping-files.ts';
import { mappingsCommand } from './mappings.ts';

/** Checking a file needs no settings: without them, the CRMs are not asked and there is no ledger. */
export function mappingsFromSettings(): Command {
  const environment = environmentWith('.env', process.env);
  const log = createLog('error');
  const settings = settingsIfAny();
  const style = settings === null ? { locale: 'ja' as const, timeZone: 'Asia/Tokyo', region: 'JP' } : styleOf(settings);
  return mappingsCommand({
    directory: settings?.hub.MAPPINGS_DIR ?? 'mappings',
    style,
    agents: settings?.agents ?? [],
    openConnector: (name) =>
      settings === null ? null : (openConnectors(settings, log).find((one) => one.name === name)?.connector ?? null),
    findCall: (callId, connector) => {
      if (settings === null)
        throw new Error('--call reads the ledger, and the settings in .env are not complete: see "toritsugi doctor"');
      return findInLedger(settings, callId, connector);
    },
    print: (line) => process.stdout.write(`${line}\n`),
    setExitCode: (code) => {
      process.exitCode = code;
    },
  });

  function settingsIfAny(): Settings | null {
    try {
      return readSettings(environment);
    } catch (error) {
      if (error instanceof WrongSettings) return null;
      throw error;
    }
  }

  async function findInLedger(known: Settings, callId: string, connector: string): Promise<LedgerCall | null> {
    const store = await openStore(known, log);
    try {
      const record = await findCall(store.db, callId as CallId);
      const mapping = (await openMappings(known, log)).current(connector)?.mapping ?? null;
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
