import { environmentWith, readSettings, type Settings } from '../config/read-settings.ts';
import { createLog, type Log } from '../observability/log.ts';

/** Commands work on what `start` works on; they speak for themselves, so only what went wrong is logged. */
export function settingsOfCommand(): { readonly settings: Settings; readonly log: Log } {
  return { settings: readSettings(environmentWith('.env', process.env)), log: createLog('error') };
}
