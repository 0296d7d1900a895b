import { readFileSync } from 'node:fs';
import path from 'node:path';

/** What is done one after the other: an application of Asterisk and what is given to it. */
export type Step = readonly [application: string, data: string];

/** Extensions by name or pattern (`_X.`, `_10XX`), each with its steps. */
export type Context = Readonly<Record<string, readonly Step[]>>;

export type Dialplan = Readonly<Record<string, Context>>;

/** null: there is no such extension. */
export function stepsAt(dialplan: Dialplan, context: string, exten: string): readonly Step[] | null {
  const extensions = dialplan[context];
  if (extensions === undefined) return null;
  const exact = Object.hasOwn(extensions, exten) ? extensions[exten] : undefined;
  if (exact !== undefined) return exact;
  const pattern = Object.keys(extensions).find((name) => name.startsWith('_') && patternOf(name).test(exten));
  return pattern === undefined ? null : (extensions[pattern] ?? null);
}

function patternOf(name: string): RegExp {
  const marks: Readonly<Record<string, string>> = { X: '[0-9]', Z: '[1-9]', N: '[2-9]', '.': '.+', '*': '\\*', '+': '\\+' };
  return new RegExp(`^${[...name.slice(1)].map((mark) => marks[mark] ?? mark).join('')}$`);
}

/** The dialplan files that are shipped; what `#include` finds. */
const shipped = path.resolve(import.meta.dirname, '../../../asterisk');

/**
 * Reads what the sandbox understands of extensions.conf: contexts, `exten => NAME,1,App(data)`, `same => n,App(data)`, and
 * `#include` of a dialplan that is shipped (`toritsugi-commands.conf`). Labels, hints and included contexts it does not.
 * @throws with the line that is none of these.
 */
export function parseDialplan(text: string): Dialplan {
  const whole = text.replace(/^#include\s+"?([\w-]+\.conf)"?[ \t]*$/gm, (_, name: string) =>
    readFileSync(path.join(shipped, name), 'utf8'),
  );
  const contexts: Record<string, Record<string, Step[]>> = {};
  let context = '';
  let exten = '';
  for (const [index, raw] of whole.split('\n').entries()) {
    const line = raw.replace(/(^|\s);.*$/, '').trim();
    const [, opened] = /^\[([^\]]+)\]$/.exec(line) ?? [];
    const [, named, application = '', data = ''] =
      /^(?:exten\s*=>\s*([^,]+),1|same\s*=>\s*n),(\w+)(?:\((.*)\))?$/.exec(line) ?? [];
    if (opened !== undefined) context = opened;
    else if (application !== '' && context !== '' && (named ?? exten) !== '') {
      exten = named ?? exten;
      contexts[context] = contexts[context] ?? {};
      const steps = named === undefined ? (contexts[context]?.[exten] ?? []) : [];
      contexts[context] = { ...contexts[context], [exten]: [...steps, [application, data]] };
    } else if (line !== '') throw new Error(`Line ${index + 1} of the dialplan is not understood: ${line}`);
  }
  return contexts;
}
