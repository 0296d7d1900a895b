import { Liquid, type Template } from 'liquidjs';
import type { Facts } from './facts-of-call.ts';
import { templateFilters } from './filters/template-filters.ts';
import type { WritingStyle } from './writing-style.ts';

const allowedTags = new Set(['if', 'unless', 'case', 'for', 'break', 'continue', 'assign', 'capture', 'comment', 'raw']);
const limits = { parseLimit: 10_000, renderLimit: 1_000, memoryLimit: 1_000_000 };

function createEngine(): Liquid {
  const engine = new Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: false,
    // In-memory templates, and none of them: a mapping reads no file.
    templates: {},
    ...limits,
  });
  for (const tag of Object.keys(engine.tags)) if (!allowedTags.has(tag)) delete engine.tags[tag];
  for (const filter of templateFilters) {
    engine.registerFilter(filter.name, function (this: { context: { globals: object } }, value: unknown, ...args: unknown[]) {
      return filter.apply(value, this.context.globals as WritingStyle, args);
    });
  }
  return engine;
}

const engine = createEngine();

/** What is wrong with the text of a template. */
export class TemplateSyntaxError extends Error {
  override readonly name = 'TemplateSyntaxError';
}

/** A template that came to nothing for this call: a limit was hit, or a filter could not do its work. */
export class TemplateFailed extends Error {
  override readonly name = 'TemplateFailed';
}

/** A template that was read once and is rendered for every call. */
export interface CompiledTemplate {
  /** The facts it speaks of. */
  readonly facts: readonly string[];
  /** True when it always writes something: it has a word of its own outside every tag. */
  readonly hasOwnWords: boolean;
  /** @throws TemplateFailed */
  readonly render: (facts: Facts) => string;
}

/** `customer.number` beside `customer` (a claim) becomes one object, absent where the claim is false. */
function scopeOf(facts: Facts): Record<string, unknown> {
  const scope: Record<string, unknown> = Object.create(null);
  const names = Object.keys(facts.values);
  for (const name of names) {
    const path = name.split('.');
    const isGroup = path.length === 1 && names.some((other) => other.startsWith(`${name}.`));
    if (isGroup) continue;
    let at = scope;
    for (const step of path.slice(0, -1)) {
      at[step] ??= Object.create(null);
      at = at[step] as Record<string, unknown>;
    }
    at[path.at(-1) ?? name] = facts.values[name];
  }
  return scope;
}

function spoken(text: string): string {
  const lines = text.trim().replace(/\n{3,}/gu, '\n\n');
  return lines.includes('\n') ? lines : lines.replace(/[ \u3000]{2,}/gu, ' ');
}

/** What Liquid itself knows of lists and texts; no fact is called so. */
const ofLists = new Set(['size', 'first', 'last']);

function factsIn(templates: Template[]): string[] {
  return engine.globalVariableSegmentsSync(templates).map((segments) => {
    const words = segments.filter((step) => typeof step === 'string');
    return (ofLists.has(words.at(-1) ?? '') ? words.slice(0, -1) : words).join('.');
  });
}

const conditional = new Set(['if', 'unless', 'case', 'for', 'capture', 'comment']);

function hasOwnWords(text: string): boolean {
  let depth = 0;
  let own = '';
  let end = 0;
  for (const tag of text.matchAll(/\{\{[\s\S]*?\}\}|\{%-?\s*(\w+)[\s\S]*?%\}/gu)) {
    if (depth === 0) own += text.slice(end, tag.index);
    end = tag.index + tag[0].length;
    const name = tag[1] ?? '';
    if (conditional.has(name)) depth += 1;
    else if (name.startsWith('end') && conditional.has(name.slice(3))) depth -= 1;
  }
  return /\S/u.test(depth === 0 ? own + text.slice(end) : own);
}

function renderText(templates: Template[], facts: Facts): string {
  try {
    return spoken(String(engine.renderSync(templates, scopeOf(facts), { globals: facts.style })));
  } catch (error) {
    throw new TemplateFailed(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

/** @throws TemplateSyntaxError with what is wrong and where in the template */
export function compileTemplate(text: string): CompiledTemplate {
  try {
    const templates = engine.parse(text);
    return {
      facts: [...new Set(factsIn(templates))],
      hasOwnWords: hasOwnWords(text),
      render: (facts) => renderText(templates, facts),
    };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new TemplateSyntaxError((message.split('\n')[0] ?? message).replace(/\.$/u, ''), { cause: error });
  }
}
