import { type Environment, environmentWith } from './environment.ts';
import { hubSettings } from './hub-settings.ts';

export type Language = 'en' | 'ja';

/**
 * In which language a person at the terminal is spoken to when the settings themselves may be wrong: as `LANGUAGE` says, else as the
 * shell's locale does; a locale of no language (C, POSIX, none) leaves it at the default of `LANGUAGE`.
 */
export function languageOf(envFile: string, own: Environment): Language {
  const { LANGUAGE, LC_ALL, LC_MESSAGES, LANG } = readable(envFile, own);
  if (LANGUAGE === 'en' || LANGUAGE === 'ja') return LANGUAGE;
  if (/^en(_|$)/.test(LC_ALL || LC_MESSAGES || LANG || '')) return 'en';
  return hubSettings.find(({ key }) => key === 'LANGUAGE')?.default === 'en' ? 'en' : 'ja';
}

/** A file that cannot be read is told of by whoever needs it. */
function readable(envFile: string, own: Environment): Environment {
  try {
    return environmentWith(envFile, own);
  } catch {
    return own;
  }
}
