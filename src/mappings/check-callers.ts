import type { FieldType, ObjectDescription } from '../../connectors/connector.ts';
import { type Descriptions, isReadable, unknownField, unknownObject } from './descriptions.ts';
import { type MappingProblem, type PathStep, problem } from './mapping-problem.ts';
import type { Mapping, MappingCaller } from './mapping-schema.ts';
import { isOwnId } from './present-caller.ts';

const phoneTypes = new Set<FieldType>(['string', 'text', 'phone', 'url', 'number', 'integer']);

function repeatedPhones({ phones }: MappingCaller, steps: readonly PathStep[]): MappingProblem[] {
  return phones.flatMap((name, index) => {
    const first = phones.indexOf(name);
    if (first === index) return [];
    return [
      problem('duplicate', [...steps, 'phones', index], {
        name,
        other: `${String(steps[0])}[${String(steps[1])}].phones[${first}]`,
      }),
    ];
  });
}

function checkPhones({ phones }: MappingCaller, steps: readonly PathStep[], description: ObjectDescription): MappingProblem[] {
  return phones.flatMap((name, index) => {
    const field = description.fields.find((candidate) => candidate.name === name);
    const at = [...steps, 'phones', index];
    if (field === undefined) return [unknownField(name, at, description)];
    return phoneTypes.has(field.type) ? [] : [problem('notPhone', at, { field: name, type: field.type })];
  });
}

function checkCaller(caller: MappingCaller, steps: readonly PathStep[], descriptions: Descriptions): MappingProblem[] {
  const description = descriptions.get(caller.object);
  if (description === undefined) return [];
  if (description === null) return [unknownObject(caller.object, [...steps, 'object'], descriptions)];
  const read = [
    { name: caller.name, at: [...steps, 'name'] },
    ...caller.card.map(({ from }, index) => ({ name: from, at: [...steps, 'card', index, 'from'] })),
    ...Object.entries(caller.link).map(([link, from]) => ({ name: from, at: [...steps, 'link', link] })),
    ...(caller.owner === undefined ? [] : [{ name: caller.owner, at: [...steps, 'owner'] }]),
  ];
  const unreadable = read.filter(({ name }) => !isOwnId(name) && !isReadable(name, description, descriptions));
  return [...checkPhones(caller, steps, description), ...unreadable.map(({ name, at }) => unknownField(name, at, description))];
}

/** Everything wrong with where callers are looked for. */
export function checkCallers({ callers }: Mapping, descriptions: Descriptions): readonly MappingProblem[] {
  return callers.flatMap((caller, index) => {
    const steps = ['callers', index];
    const first = callers.findIndex(({ object }) => object === caller.object);
    const again =
      first === index ? [] : [problem('duplicate', [...steps, 'object'], { name: caller.object, other: `callers[${first}]` })];
    return [...again, ...repeatedPhones(caller, steps), ...checkCaller(caller, steps, descriptions)];
  });
}
