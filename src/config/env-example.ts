import type { Setting } from './setting.ts';

/** `.env.example`, made from the declarations: every setting with its meaning in both languages, its default or an empty place. */
export function envExample(parts: readonly { readonly title: string; readonly settings: readonly Setting[] }[]): string {
  const head = '# Settings of Toritsugi. Copy to .env and fill in. Every secret may also come from a file: <KEY>_FILE=/path.\n';
  return head + parts.map(({ title, settings }) => `\n# ---- ${title} ----\n${settings.map(lines).join('')}`).join('');
}

function lines(setting: Setting): string {
  const notes = [setting.required ? 'required' : '', setting.secret ? 'secret' : '', setting.choices?.join(' | ') ?? '']
    .filter((note) => note !== '')
    .join('; ');
  const assignment = `${setting.key}=${setting.default ?? ''}`;
  return `\n# ${setting.description.en}${notes === '' ? '' : ` (${notes})`}\n# ${setting.description.ja}\n${setting.required ? '' : '#'}${assignment}\n`;
}
