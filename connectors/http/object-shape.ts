/** The shape of one described object: its fields, and how it is found, read and written. */
import { z } from 'zod';
import { name, next, nobody, path, requestShape } from './request-shape.ts';

/** Our words for what a field holds. */
export const FIELD_TYPES = [
  'string',
  'text',
  'phone',
  'email',
  'url',
  'integer',
  'number',
  'boolean',
  'date',
  'time',
  'dateTime',
  'picklist',
  'multiPicklist',
  'reference',
  'user',
  'id',
  'other',
] as const;

const fieldType = z.enum(FIELD_TYPES);

const wholeField = z.strictObject({
  type: fieldType.optional().describe('string unless said'),
  label: name.optional(),
  length: z.number().int().min(1).max(10_000_000).optional().describe('The most characters'),
  required: z.boolean().optional().describe('A create without it is refused'),
  unique: z.boolean().optional(),
  key: z.boolean().optional().describe('The service finds records by it: usable as `key` of a write'),
  readOnly: z.boolean().optional(),
  choices: z.array(z.string().max(200)).min(1).max(1000).optional(),
  open: z.boolean().optional().describe('True: other values than `choices` are taken, too'),
  refersTo: z.array(name).max(20).optional(),
  at: path.optional().describe('Where it stands in a record; its name, dots followed, unless said'),
});

/** `phone: phone` is short for `phone: { type: phone }`. */
const field = z.preprocess((given) => (typeof given === 'string' ? { type: given } : given), wholeField);

export type FieldShape = z.output<typeof wholeField>;

const describe = requestShape.extend({
  fields: path.describe('Where the list of fields stands'),
  name: path.default(['name']),
  label: path.default(['label']),
  type: path.default(['type']),
  types: z.record(name, fieldType).default({}).describe('From the service’s words to ours; our own words need no entry'),
  length: path.optional(),
  required: path.optional(),
  unique: path.optional(),
  key: path.optional(),
  readOnly: path.optional(),
  choices: path.optional(),
  choice: path.optional().describe('Where the stored value stands in a choice that is an object'),
  refersTo: path.optional(),
});

const find = requestShape.extend({
  records: path.optional().describe('Where the list of records stands; left out: the answer is the list'),
  most: z.number().int().min(1).max(40).default(8).describe('Most requests for one look-up, where each asks for one spelling'),
  nobody,
});

const list = requestShape.extend({
  records: path.optional(),
  total: path.optional(),
  pageSize: z.number().int().min(1).max(10_000).default(100).describe('Sent as {pageSize}'),
  next: next.optional().describe('Left out: one page holds everything'),
});

const deleted = z
  .strictObject({
    flag: path.optional().describe('Where a record says that it is deleted'),
    list: list.extend({ id: path.optional() }).optional().describe('A request that tells what was deleted since'),
    everything: z.literal('nightly').optional().describe('The service tells no deletions: everything is read again every night'),
    untold: z.literal(true).optional().describe('Nobody learns of deletions'),
  })
  .refine((given) => Object.keys(given).length === 1, { message: 'one' });

const changes = list.extend({
  overlapSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(300)
    .describe('Changes are asked for from so long before the last reading'),
  deleted,
});

const written = requestShape.extend({
  record: path.optional().describe('Where the record stands in the answer'),
});

const batch = requestShape.extend({
  most: z.number().int().min(1).max(1000).default(100).describe('Most records in one request'),
  results: path.describe('Where the list of results stands, one for each record in order'),
  status: path.optional().describe('Where a result holds its HTTP status'),
  ok: path.optional().describe('Where a result says that it went well, for services without a status'),
  created: path.optional().describe('Where a result says that the record is new; a status 201 says so, too'),
  id: path.optional(),
});

const write = z.strictObject({
  find: requestShape
    .extend({ records: path.optional(), nobody, most: z.number().int().min(1).max(200).default(50) })
    .optional()
    .describe('Finds records by {key}, or several at once by {keys}'),
  upsert: written.optional().describe('Creates or changes the record with this {key}'),
  batch: batch.optional().describe('Creates or changes several at once, each by its key'),
  create: written.optional(),
  update: written.optional().describe('Changes the record with this {id}'),
});

export const objectShape = z.strictObject({
  label: name.optional(),
  id: path.default(['id']),
  modifiedAt: path.optional().describe('An instant, or seconds or milliseconds since 1970'),
  version: path.optional().describe('Sent as {version} with an update, so that nobody’s change is overwritten unseen'),
  recordUrl: z.string().max(1000).optional().describe('Page on which a person sees the record: https://…/{id}'),
  fields: z.record(name, field).default({}),
  describe: describe.optional().describe('A request that tells the fields; what is said here stands before it'),
  find: find.optional(),
  changes: changes.optional(),
  write: write.optional(),
});

export type ServiceObject = z.output<typeof objectShape>;
export type DescribeShape = z.output<typeof describe>;
export type FindShape = z.output<typeof find>;
export type ListShape = z.output<typeof list>;
export type ChangesShape = z.output<typeof changes>;
export type WriteShape = z.output<typeof write>;
export type BatchShape = z.output<typeof batch>;
export type WrittenShape = z.output<typeof written>;
