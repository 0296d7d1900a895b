import { z } from 'zod';
import { type FieldDescription, type FieldType, Missing, type ObjectDescription, Unreachable } from '../connector.ts';
import type { SalesforceSession } from './salesforce-session.ts';
import { isApiName } from './soql-text.ts';

/** An object as Salesforce describes it to our user: the port's description, and what the connector needs besides. */
export interface SalesforceObject {
  readonly description: ObjectDescription;
  readonly fields: ReadonlyMap<string, FieldDescription>;
  /** For each reference: by the name before the dot, the objects it leads to. */
  readonly relationships: ReadonlyMap<string, readonly string[]>;
}

export interface Descriptions {
  /** Asked anew. @throws Missing when there is no such object or our user may not see it */
  fresh(object: string, signal: AbortSignal): Promise<SalesforceObject>;
  /** At most a few minutes old. @throws Missing as above */
  recent(object: string, signal: AbortSignal): Promise<SalesforceObject>;
}

const RECENT_MS = 10 * 60_000;
const MOST_KEPT = 100;

export function openDescriptions(session: SalesforceSession, now: () => number): Descriptions {
  const kept = new Map<string, { readonly at: number; readonly object: SalesforceObject }>();
  const fresh = async (object: string, signal: AbortSignal): Promise<SalesforceObject> => {
    const about = `Salesforce did not describe the object ${isApiName(object) ? object : '(no name of an object)'}`;
    if (!isApiName(object)) throw new Missing(`${about}: a name holds only letters, digits and underscores. Check the mapping.`);
    const { body } = await session.request({ method: 'GET', path: `/sobjects/${object}/describe`, about }, signal);
    const parsed = describeBody.safeParse(body);
    if (!parsed.success) throw new Unreachable(`${about}: the answer is not a description. It will be tried again.`);
    const described = toObject(parsed.data);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(object, { at: now(), object: described });
    return described;
  };
  const recent = async (object: string, signal: AbortSignal): Promise<SalesforceObject> => {
    const known = kept.get(object);
    return known !== undefined && now() - known.at < RECENT_MS ? known.object : fresh(object, signal);
  };
  return { fresh, recent };
}

const describeBody = z.object({
  name: z.string(),
  label: z.string(),
  fields: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      length: z.number(),
      digits: z.number().default(0),
      precision: z.number().default(0),
      nillable: z.boolean(),
      createable: z.boolean(),
      updateable: z.boolean(),
      defaultedOnCreate: z.boolean(),
      externalId: z.boolean().default(false),
      idLookup: z.boolean().default(false),
      unique: z.boolean(),
      restrictedPicklist: z.boolean().default(false),
      picklistValues: z.array(z.object({ value: z.string(), active: z.boolean() })).nullish(),
      referenceTo: z.array(z.string()).nullish(),
      relationshipName: z.string().nullish(),
    }),
  ),
});
type DescribedField = z.infer<typeof describeBody>['fields'][number];

function toObject(body: z.infer<typeof describeBody>): SalesforceObject {
  const fields = body.fields.map(toFieldDescription);
  const relationships = body.fields.flatMap((field): [string, readonly string[]][] =>
    field.relationshipName ? [[field.relationshipName, field.referenceTo ?? []]] : [],
  );
  return {
    description: { object: body.name, label: body.label, fields },
    fields: new Map(fields.map((field) => [field.name, field])),
    relationships: new Map(relationships),
  };
}

const TYPES: Readonly<Record<string, FieldType>> = {
  string: 'string',
  encryptedstring: 'string',
  // Free text with suggestions: any text is taken.
  combobox: 'string',
  textarea: 'text',
  phone: 'phone',
  email: 'email',
  url: 'url',
  int: 'integer',
  double: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'dateTime',
  picklist: 'picklist',
  multipicklist: 'multiPicklist',
  reference: 'reference',
  id: 'id',
  base64: 'file',
};

/** One field in the port's words. Pure. */
export function toFieldDescription(field: DescribedField): FieldDescription {
  const referenceTo = field.referenceTo ?? [];
  const type = TYPES[field.type] ?? 'other';
  const isPicklist = type === 'picklist' || type === 'multiPicklist';
  const length = type === 'integer' ? field.digits : type === 'number' ? field.precision : field.length;
  return {
    name: field.name,
    label: field.label,
    type: type === 'reference' && referenceTo.length === 1 && referenceTo[0] === 'User' ? 'user' : type,
    length: length > 0 ? length : null,
    required: !field.nillable && field.createable && !field.defaultedOnCreate && type !== 'boolean',
    unique: field.unique,
    usableAsKey: field.externalId && field.idLookup && field.createable,
    createable: field.createable,
    updateable: field.updateable,
    picklist: isPicklist ? (field.picklistValues ?? []).filter(({ active }) => active).map(({ value }) => value) : null,
    restricted: isPicklist && field.restrictedPicklist,
    referenceTo,
  };
}
