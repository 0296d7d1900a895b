import { type Document, isMap, LineCounter, type Node, parseDocument } from 'yaml';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';

/** A larger file is none that a person keeps. */
export const maxSourceBytes = 256 * 1024;
const maxAliases = 50;

/** Text that was YAML: its plain data, and where in the text each part of it stands. */
export interface YamlSource {
  readonly data: unknown;
  readonly problems: readonly MappingProblem[];
  /** The same problem with its line and column. */
  readonly locate: (problem: MappingProblem) => MappingProblem;
}

function keyNode(document: Document, steps: readonly PathStep[]): Node | null {
  const parent = document.getIn(steps.slice(0, -1), true);
  if (!isMap(parent)) return null;
  const pair = parent.items.find(({ key }) => String(key) === String(steps.at(-1)));
  return (pair?.key as Node | undefined) ?? null;
}

function nodeAt(document: Document, steps: readonly PathStep[]): Node | null {
  for (let length = steps.length; length > 0; length -= 1) {
    const part = steps.slice(0, length);
    const node = keyNode(document, part) ?? document.getIn(part, true);
    if (node !== undefined && node !== null && typeof node === 'object') return node as Node;
  }
  return document.contents;
}

function failed(problems: readonly MappingProblem[]): YamlSource {
  return { data: null, problems, locate: (found) => found };
}

/** Parses YAML with limits: 256 KB, 50 aliases, core schema, no repeated keys, one document. Never throws. */
export function readYaml(text: string): YamlSource {
  if (Buffer.byteLength(text) > maxSourceBytes) return failed([problem('tooLarge', [], { limit: '256 KB' })]);
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: 'core',
    version: '1.2',
    lineCounter: lines,
    uniqueKeys: true,
    stringKeys: true,
    logLevel: 'error',
  });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return failed(
      broken.map((error) => {
        const { line, col } = lines.linePos(error.pos[0]);
        const detail = (error.message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/u, '');
        return { ...problem('notYaml', [], { detail }), line, column: col };
      }),
    );
  }
  try {
    return {
      data: document.toJS({ maxAliasCount: maxAliases }),
      problems: [],
      locate: (found) => {
        if (found.line !== null) return found;
        const offset = nodeAt(document, found.steps)?.range?.[0];
        if (offset === undefined) return found;
        const { line, col } = lines.linePos(offset);
        return { ...found, line, column: col };
      },
    };
  } catch (error) {
    return failed([problem('notYaml', [], { detail: error instanceof Error ? error.message : String(error) })]);
  }
}
