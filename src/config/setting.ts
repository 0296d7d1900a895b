import type { InBothLanguages, SettingProblem } from '../../connectors/connector.ts';

export type { SettingProblem };

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

/** Every problem of the settings at once, with remedies; thrown at start, exit code 1. The message is for logs, `told` for people. */
export class WrongSettings extends Error {
  override readonly name = 'WrongSettings';
  readonly problems: readonly SettingProblem[];
  readonly told: InBothLanguages;
  constructor(problems: readonly SettingProblem[]) {
    const lines = (language: keyof InBothLanguages) =>
      problems
        .map(({ key, problem, remedy }) => `\n  ${key}: ${problem[language]}${stops[language]}${remedy[language]}`)
        .join('');
    const en = `${problems.length === 1 ? 'a setting is' : `${problems.length} settings are`} wrong:${lines('en')}`;
    super(en);
    this.problems = problems;
    this.told = { en, ja: `設定に問題が ${problems.length} 件あります:${lines('ja')}` };
  }
}

const stops: InBothLanguages = { en: '. ', ja: '。' };

export function wrongSetting(
  key: string,
  problem: readonly [en: string, ja: string],
  remedy: readonly [en: string, ja: string],
): SettingProblem {
  return { key, problem: { en: problem[0], ja: problem[1] }, remedy: { en: remedy[0], ja: remedy[1] } };
}

const digitsOnly = ['Write the digits only.', '数字だけで指定してください。'] as const;

/** What is wrong with one value; null when nothing is. Never repeats the value of a secret. */
export function problemOf(setting: Setting, value: string | undefined): SettingProblem | null {
  const { key, kind, description } = setting;
  if (value === undefined || value === '') {
    if (!setting.required) return null;
    const remedy = [`Set it in .env: ${description.en}`, `.env に設定してください: ${description.ja}`] as const;
    return wrongSetting(key, ['is missing', '設定されていません'], remedy);
  }
  const shown = setting.secret ? 'its value' : JSON.stringify(value.slice(0, 60));
  const shownJa = setting.secret ? '値' : shown;
  const wrong = (en: string, ja: string, remedy: readonly [string, string]) =>
    wrongSetting(key, [`${shown} ${en}`, `${shownJa} は${ja}`], remedy);
  switch (kind) {
    case 'number': {
      const number = Number(value);
      const { min = 0, max = Number.MAX_SAFE_INTEGER } = setting;
      if (Number.isInteger(number) && number >= min && number <= max) return null;
      return wrong(`is not a whole number from ${min} to ${max}`, `${min} から ${max} までの整数ではありません`, digitsOnly);
    }
    case 'url':
      if (URL.canParse(value)) return null;
      return wrong('is no URL', ' URL ではありません', [
        'Write it with its scheme, for example https://example.com.',
        'https:// から始まる形で指定してください。例: https://example.com',
      ]);
    case 'choice': {
      if (setting.choices?.includes(value)) return null;
      const choices = setting.choices?.join(', ') ?? '';
      return wrong(`is not one of ${choices}`, `選択肢 (${choices}) にありません`, [
        'Choose one of these.',
        'この中から選んでください。',
      ]);
    }
    case 'pattern':
      if (isPattern(value)) return null;
      return wrong('is no regular expression', '正規表現として読めません', [
        'Check brackets and backslashes.',
        '括弧と \\ を確認してください。',
      ]);
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
