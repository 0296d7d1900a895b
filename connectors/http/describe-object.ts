/** The fields of an object: as the description lists them, and as the service tells where it can. */
import { type FieldDescription, type FieldType, type ObjectDescription, Unreachable } from '../connector.ts';
import { type AnswerPath, isObject, namesIn, shownPath, valueAt } from './answer-path.ts';
import { fillRequest } from './fill-request.ts';
import { type DescribeShape, FIELD_TYPES, type FieldShape, type ServiceObject } from './object-shape.ts';
import type { ServiceGate } from './service-gate.ts';

/** A field, and where it stands in a record. */
export interface KnownField extends FieldDescription {
  readonly at: AnswerPath;
}

export interface KnownObject {
  readonly description: ObjectDescription;
  readonly fields: ReadonlyMap<string, KnownField>;
}

export interface Descriptions {
  /** Asked anew where the service tells. @throws ConnectorError */
  fresh(name: string, signal: AbortSignal): Promise<KnownObject>;
  /** At most some minutes old. @throws ConnectorError */
  recent(name: string, signal: AbortSignal): Promise<KnownObject>;
}

interface DescriptionWorld {
  readonly gate: ServiceGate;
  readonly objectNamed: (name: string) => ServiceObject;
  readonly now: () => number;
}

const RECENT_MS = 10 * 60_000;
const MOST_FIELDS = 2000;

export function openDescriptions({ gate, objectNamed, now }: DescriptionWorld): Descriptions {
  const remembered = new Map<string, { readonly object: KnownObject; readonly until: number }>();
  const fresh = async (name: string, signal: AbortSignal): Promise<KnownObject> => {
    const object = objectNamed(name);
    const told = object.describe === undefined ? [] : await askFields(name, object.describe, gate, signal);
    const known = knownObject(name, object, told);
    remembered.set(name, { object: known, until: now() + RECENT_MS });
    return known;
  };
  return {
    fresh,
    recent: (name, signal) => {
      const known = remembered.get(name);
      return known !== undefined && now() < known.until ? Promise.resolve(known.object) : fresh(name, signal);
    },
  };
}

type ToldField = readonly [name: string, shape: FieldShape];

async function askFields(
  name: string,
  describe: DescribeShape,
  gate: ServiceGate,
  signal: AbortSignal,
): Promise<readonly ToldField[]> {
  const doing = `describe ${name}`;
  const { body } = await gate.ask({ doing, request: fillRequest(describe, { object: name }), isUrgent: true }, signal);
  const list = valueAt(body, describe.fields);
  if (!Array.isArray(list)) {
    const found = `there is no list at "${shownPath(describe.fields)}" but ${namesIn(body)}`;
    throw new Unreachable(`${gate.judging.name} could not ${doing}: ${found}. Correct describe.fields.`);
  }
  return list.slice(0, MOST_FIELDS).flatMap((entry: unknown) => toldField(entry, describe));
}

function toldField(entry: unknown, describe: DescribeShape): readonly ToldField[] {
  const fieldName = valueAt(entry, describe.name);
  if (typeof fieldName !== 'string' || fieldName === '') return [];
  const at = (path: AnswerPath | undefined) => (path === undefined ? undefined : valueAt(entry, path));
  const label = at(describe.label);
  const length = Number(at(describe.length));
  const choices = choicesOf(at(describe.choices), describe.choice);
  const refersTo = at(describe.refersTo);
  const shape: FieldShape = {
    type: typeOf(at(describe.type), describe),
    ...(typeof label === 'string' && label !== '' ? { label } : {}),
    ...(Number.isInteger(length) && length > 0 ? { length } : {}),
    required: at(describe.required) === true,
    unique: at(describe.unique) === true,
    key: at(describe.key ?? describe.unique) === true,
    readOnly: at(describe.readOnly) === true,
    ...(choices.length === 0 ? {} : { choices }),
    ...(typeof refersTo === 'string' ? { refersTo: [refersTo] } : {}),
  };
  return [[fieldName, shape]];
}

function typeOf(told: unknown, { types }: DescribeShape): (typeof FIELD_TYPES)[number] {
  const word = String(told);
  const mapped = Object.hasOwn(types, word) ? types[word] : undefined;
  return mapped ?? FIELD_TYPES.find((type) => type === word) ?? 'other';
}

function choicesOf(told: unknown, choice: AnswerPath | undefined): string[] {
  if (!Array.isArray(told)) return [];
  return told.slice(0, 1000).flatMap((each: unknown) => {
    const value = choice === undefined || !isObject(each) ? each : valueAt(each, choice);
    return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
  });
}

/** What the description says of a field stands before what the service tells. */
function knownObject(name: string, object: ServiceObject, told: readonly ToldField[]): KnownObject {
  const shapes = new Map<string, FieldShape>(told);
  for (const [field, said] of Object.entries(object.fields)) shapes.set(field, { ...shapes.get(field), ...said });
  const id = shownPath(object.id);
  if (!shapes.has(id)) shapes.set(id, { type: 'id', unique: true, readOnly: true });
  const fields = new Map([...shapes].map(([field, shape]) => [field, knownField(field, shape)]));
  const described = [...fields.values()].map(({ at: _, ...field }) => field);
  return { description: { object: name, label: object.label ?? name, fields: described }, fields };
}

function knownField(name: string, shape: FieldShape): KnownField {
  const isWritable = shape.readOnly !== true && shape.type !== 'id';
  const type: FieldType = shape.type ?? (shape.choices === undefined ? 'string' : 'picklist');
  return {
    name,
    label: shape.label ?? name,
    type,
    length: shape.length ?? null,
    required: shape.required === true,
    unique: shape.unique === true || shape.key === true,
    usableAsKey: shape.key === true,
    createable: isWritable,
    updateable: isWritable,
    picklist: shape.choices ?? null,
    restricted: shape.choices !== undefined && shape.open !== true,
    referenceTo: shape.refersTo ?? [],
    at: shape.at ?? name.split('.'),
  };
}
