import { headerOf, type PacketText } from './ami-packet-text.ts';

/** What a session wants to hear or not hear, as `eventfilter` in manager.conf or the Filter action say it. */
export interface AmiFilter {
  readonly excludes: boolean;
  readonly matches: (event: PacketText) => boolean;
}

export type FilterProblem = 'format' | 'compile';

const methods = ['regex', 'exact', 'starts_with', 'ends_with', 'contains', 'none'] as const;
type Method = (typeof methods)[number];

/** @param criteria What stands in brackets: `action(exclude),name(VarSet)`; empty: the pattern is an expression over the whole event. */
export function parseAmiFilter(criteria: string, pattern: string): AmiFilter | FilterProblem {
  const isNegated = pattern.startsWith('!');
  const wanted = isNegated ? pattern.slice(1) : pattern;
  if (criteria === '') {
    return wanted === '' ? 'format' : filter({ excludes: isNegated, name: null, header: null, method: 'regex', pattern: wanted });
  }
  let options: Options = { excludes: isNegated, name: null, header: null, method: 'none', pattern: wanted };
  for (const option of criteria.split(/[ ,)]+/).filter((text) => text !== '')) {
    const news = readOption(option);
    if (news === null) return 'format';
    options = { ...options, ...news };
  }
  const { name, header, method } = options;
  if ((wanted === '') !== (method === 'none')) return 'format';
  if (name === null && header === null && method === 'none') return 'format';
  return filter(options);
}

interface Options {
  readonly excludes: boolean;
  readonly name: string | null;
  readonly header: string | null;
  readonly method: Method;
  readonly pattern: string;
}

/** null: nothing Asterisk knows. */
function readOption(option: string): Partial<Options> | null {
  const [, key = '', value = ''] = /^(\w+)\((.+)$/.exec(option) ?? [];
  if (key === 'action') return value === 'include' || value === 'exclude' ? { excludes: value === 'exclude' } : null;
  if (key === 'name') return { name: value };
  if (key === 'header') return { header: value.replace(/:$/, '') };
  if (key === 'method') return isMethod(value) ? { method: value } : null;
  return null;
}

function isMethod(text: string): text is Method {
  return (methods as readonly string[]).includes(text);
}

function filter({ excludes, name, header, method, pattern }: Options): AmiFilter | FilterProblem {
  const test = tester(method, pattern);
  if (test === null) return 'compile';
  return {
    excludes,
    matches(event) {
      if (name !== null && headerOf(event, 'Event') !== name) return false;
      if (header === null) return test(event);
      const value = headerOf(event, header);
      return value !== null && value !== '' && test(value);
    },
  };
}

/** null: no expression. */
function tester(method: Method, pattern: string): ((text: string) => boolean) | null {
  if (method === 'none') return () => true;
  if (method === 'exact') return (text) => text === pattern;
  if (method === 'starts_with') return (text) => text.startsWith(pattern);
  if (method === 'ends_with') return (text) => text.endsWith(pattern);
  if (method === 'contains') return (text) => text.includes(pattern);
  try {
    const expression = new RegExp(pattern);
    return (text) => expression.test(text);
  } catch {
    return null;
  }
}

/** What is wanted first, then what is not; with nothing wanted by name, everything is. */
export function passesFilters(filters: readonly AmiFilter[], event: PacketText): boolean {
  const isWanted =
    filters.every(({ excludes }) => excludes) || filters.some(({ excludes, matches }) => !excludes && matches(event));
  return isWanted && !filters.some(({ excludes, matches }) => excludes && matches(event));
}
