import { existsSync } from 'node:fs';
import { environmentWith } from '../config/environment.ts';
import { readSettingsBeforePbx, type Settings } from '../config/read-settings.ts';
import { createLog, type Log } from '../observability/log.ts';

/** Commands work on what `start` works on, without a PBX; they speak for themselves, so only what went wrong is logged. */
export function settingsOfCommand(): { readonly settings: Settings; readonly log: Log } {
  return { settings: readSettingsBeforePbx(environmentWith('.env', process.env)), log: createLog('error') };
}

/** A file named on the command line must be there; only the usual `.env` may be missing. @throws when it is not */
export function namedEnvFile(file: string): string {
  if (file === '.env' || existsSync(file)) return file;
  throw new Error(`--env: there is no file ${file}. Check the name, or leave --env out to read .env.`);
}
