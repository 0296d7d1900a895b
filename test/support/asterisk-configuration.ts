import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const configurationFolder = path.resolve(import.meta.dirname, '../../infra/asterisk');

export interface ConfigurationFile {
  /** Below infra/asterisk. */
  readonly file: string;
  readonly text: string;
  /** Sections by name, their lines as written; lines before the first section belong to ''. */
  readonly sections: ReadonlyMap<string, readonly ConfigurationLine[]>;
  readonly includes: readonly { readonly file: string; readonly mayBeAbsent: boolean }[];
}

export interface ConfigurationLine {
  readonly key: string;
  readonly value: string;
}

/** Every .conf file below infra/asterisk, read as Asterisk reads it: `;` begins a comment, `[name](template)` a section. */
export function readConfiguration(): readonly ConfigurationFile[] {
  const names = readdirSync(configurationFolder, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map(readFile);
}

function readFile(file: string): ConfigurationFile {
  const text = readFileSync(path.join(configurationFolder, file), 'utf8');
  const sections = new Map<string, ConfigurationLine[]>([['', []]]);
  const includes: { file: string; mayBeAbsent: boolean }[] = [];
  let current = '';
  for (const raw of text.split('\n')) {
    const line = raw.replace(/(^|\s);.*$/u, '').trim();
    const [, kind, included] = /^#(include|tryinclude)\s+"?([^"\s]+)"?$/u.exec(line) ?? [];
    const [, section] = /^\[([^\]]+)\]/u.exec(line) ?? [];
    if (included !== undefined) includes.push({ file: included, mayBeAbsent: kind === 'tryinclude' });
    else if (section !== undefined) {
      current = section;
      if (!sections.has(current)) sections.set(current, []);
    } else if (line !== '') {
      const [, key = line, value = ''] = /^([^=]*?)\s*=>?\s*(.*)$/u.exec(line) ?? [];
      sections.get(current)?.push({ key, value });
    }
  }
  return { file, text, sections, includes };
}

export function settingOf(file: ConfigurationFile, section: string, key: string): string | undefined {
  return file.sections.get(section)?.find((line) => line.key === key)?.value;
}
