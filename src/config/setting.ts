import type { InBothLanguages } from '../../connectors/connector.ts';

/** A setting, declared once as data: parsing, `doctor`, `.env.example` and the documents are made from it. */
export interface Setting {
  /** Environment variable. A secret may also come from the file named by `<key>_FILE`. */
  readonly key: string;
  readonly kind: 'text' | 'url' | 'file' | 'number' | 'choice' | 'pattern' | 'list';
  readonly choices?: readonly string[];
  /** For numbers. */
  readonly min?: number;
  readonly max?: number;
  readonly secret: boolean;
  readonly required: boolean;
  readonly default?: string;
  readonly description: InBothLanguages;
}

export interface SettingProblem {
  readonly key: string;
  readonly problem: string;
  readonly remedy: string;
}

/** Every problem of the settings at once, with remedies; thrown at start, exit code 1. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
  readonly problems: readonly SettingProblem[];
  constructor(problems: readonly SettingProblem[]) {
    const lines = problems.map(({ key, problem, remedy }) => `  ${key}: ${problem.replace(/\.$/, '')}. ${remedy}`);
    super(`${problems.length === 1 ? 'a setting is' : `${problems.length} settings are`} wrong:\n${lines.join('\n')}`);
    this.problems = problems;
  }
}

/** What is wrong with one value; null when nothing is. Never repeats the value of a secret. */
export function problemOf(setting: Setting, value: string | undefined): SettingProblem | null {
  const wrong = (problem: string, remedy: string): SettingProblem => ({ key: setting.key, problem, remedy });
  if (value === undefined || value === '') {
    return setting.required ? wrong('is missing', `Set it in .env: ${setting.description.en}`) : null;
  }
  const shown = setting.secret ? 'its value' : JSON.stringify(value.slice(0, 60));
  switch (setting.kind) {
    case 'number': {
      const number = Number(value);
      const { min = 0, max = Number.MAX_SAFE_INTEGER } = setting;
      return Number.isInteger(number) && number >= min && number <= max
        ? null
        : wrong(`${shown} is not a whole number from ${min} to ${max}`, 'Write the digits only.');
    }
    case 'url':
      return URL.canParse(value)
        ? null
        : wrong(`${shown} is no URL`, 'Write it with its scheme, for example https://example.com.');
    case 'choice':
      return setting.choices?.includes(value)
        ? null
        : wrong(`${shown} is not one of ${setting.choices?.join(', ')}`, 'Choose one of these.');
    case 'pattern':
      return isPattern(value) ? null : wrong(`${shown} is no regular expression`, 'Check brackets and backslashes.');
    default:
      return null;
  }
}

function isPattern(value: string): boolean {
  try {
    new RegExp(value, 'u');
    return true;
  } catch {
    return false;
  }
}

/** A text that may be left out; what else a setting is, is said beside it. */
export function textSetting<Key extends string>(
  key: Key,
  en: string,
  ja: string,
  fallback?: string,
): Setting & { readonly key: Key } {
  return {
    ...{ key, kind: 'text', secret: false, required: false, description: { en, ja } },
    ...(fallback === undefined ? {} : { default: fallback }),
  };
}
