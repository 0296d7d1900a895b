import { choiceLabel } from './choices.ts';
import { type FactDefinition, facts } from './facts.ts';

function meaningOf({ meaning, choices }: FactDefinition): string {
  if (choices === null) return meaning.en;
  return `${meaning.en}: ${choices.map((choice) => `\`${choice}\``).join(', ')}`;
}

function meaningJaOf({ meaning, choices }: FactDefinition): string {
  if (choices === null) return meaning.ja;
  return `${meaning.ja} (${choices.map((choice) => choiceLabel(choice, 'ja')).join('・')})`;
}

/** The table of all facts in `mappings/README.md`, as Markdown. */
export function factsTable(): string {
  const rows = facts.map((fact) => `| \`${fact.name}\` | ${fact.type} | ${meaningOf(fact)} | ${meaningJaOf(fact)} |`);
  return ['| fact | type | meaning | 意味 |', '| --- | --- | --- | --- |', ...rows].join('\n');
}
