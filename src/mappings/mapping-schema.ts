import { z } from 'zod';
import { callExampleShape } from './call-example.ts';
import { shapeIssue } from './read-shape.ts';
import { compileTemplate, TemplateSyntaxError } from './template.ts';
import { transformNames } from './transforms/transforms.ts';
import { parseWhen, WhenSyntaxError } from './when.ts';

const name = z.string().min(1).max(200);
const factName = name.describe('A fact, see mappings/README.md');
const constant = z.union([z.string().max(100_000), z.number(), z.boolean(), z.null(), z.array(z.string()).max(100)]);
const localised = z.union([z.string().min(1).max(100), z.strictObject({ ja: name, en: name })]);

const when = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((text, context) => {
    try {
      parseWhen(text);
    } catch (error) {
      if (!(error instanceof WhenSyntaxError)) throw error;
      context.addIssue(shapeIssue('whenSyntax', { detail: error.message }));
    }
  })
  .describe("A condition: a fact, `not` a fact, or a comparison such as direction == 'inbound'; joined by and / or");

const template = z
  .string()
  .min(1)
  .max(10_000)
  .superRefine((text, context) => {
    try {
      compileTemplate(text);
    } catch (error) {
      if (!(error instanceof TemplateSyntaxError)) throw error;
      context.addIssue(shapeIssue('templateSyntax', { detail: error.message }));
    }
  })
  .describe('Liquid text with facts in it: {{ direction | label }}');

const sources = ['from', 'value', 'template', 'firstOf'] as const;

const ruleShape = z
  .strictObject({
    from: factName.optional(),
    value: constant.optional().describe('A constant'),
    template: template.optional(),
    firstOf: z.array(factName).min(1).max(20).optional().describe('The first of these facts that is known'),
    map: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .optional()
      .describe('From our value to the CRM’s'),
    as: z.enum(transformNames).optional().describe('How the value is written'),
    default: constant.optional().describe('When there is no value; null empties the field, without it the field is left alone'),
    limit: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .optional()
      .describe('The most characters; longer text is cut and marked with …'),
    when: when.optional(),
    owner: z
      .enum(['ours', 'fillEmpty', 'append', 'theirs'])
      .optional()
      .describe('Whose word counts when the record exists already; ours unless said'),
  })
  .superRefine((rule, context) => {
    const named = sources.filter((source) => rule[source] !== undefined);
    if (named.length === 0) context.addIssue(shapeIssue('noSource'));
    if (named.length > 1) context.addIssue(shapeIssue('severalSources', { names: named.join(', ') }));
  });

const fields = z.record(name, ruleShape).describe('A rule for each field of the CRM');

const recordShape = {
  object: name.describe('Object (Salesforce) or app (kintone)'),
  key: name.optional().describe('Unique field; it holds our id of the call, so that writing twice leaves one record'),
  mayRepeat: z.boolean().default(false).describe('True allows a write without a key: every retry may leave a further record'),
  when: when.optional().describe('Which calls are written'),
  fields,
};

const caller = z.strictObject({
  object: name,
  phones: z.array(name).min(1).max(20).describe('Fields that hold phone numbers, best first'),
  name: name.describe('Field with the name to show'),
  card: z
    .array(z.strictObject({ label: localised, from: name, as: z.enum(transformNames).optional() }))
    .max(20)
    .default([])
    .describe('What the operator sees, in this order'),
  link: z
    .record(z.string().regex(/^[a-zA-Z]\w{0,39}$/), name)
    .default({})
    .describe('Ids for the call log: match.link.<name>; Id or $id is the record’s own'),
  owner: name.optional().describe('Field with the user who owns the record, as AGENT_USERS names users; for routing'),
});

const testShape = z.strictObject({
  name,
  language: z.enum(['ja', 'en']).default('ja').describe('Language of what comes out; the clock is that of Tokyo'),
  call: callExampleShape.default({}),
  match: z
    .strictObject({
      object: name,
      id: name,
      name: z.string(),
      url: z.string().default(''),
      link: z.record(z.string(), z.string().nullable()).default({}),
    })
    .nullable()
    .default(null),
  matchKind: z.enum(['known', 'ambiguous', 'unknown', 'withheld']).optional(),
  agents: z.array(z.strictObject({ extension: name, name: name.nullable().default(null), user: name.optional() })).default([]),
  expect: z.record(name, constant).nullable().describe('Fields as they must come out; null: this call is not written'),
  expectFollowUp: z
    .record(name, constant)
    .nullable()
    .optional()
    .describe('The same for the follow-up; null: the call leaves none. Without it nothing is said of one'),
});

/** The shape of a mapping file; what it means is in `mappings/README.md`. */
export const mappingShape = z.strictObject({
  connector: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/),
  service: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('For the connector http: the REST service, see docs/guides/http-connector.md'),
  callers: z.array(caller).max(20).default([]).describe('Where a caller can be found, best first'),
  callLog: z.strictObject(recordShape).optional().describe('The record every call leaves'),
  outcome: z
    .strictObject({ ...recordShape, object: name.optional() })
    .optional()
    .describe('What the operator chose and wrote; without `object` it goes into the call log'),
  followUp: z.strictObject(recordShape).optional().describe('Something to do later: a task at a time, as the operator promised'),
  leads: z.strictObject(recordShape).optional().describe('What became of a lead'),
  tests: z.array(testShape).max(200).default([]).describe('Calls and what must come out; run before the file is in force'),
});

export type Mapping = z.output<typeof mappingShape>;
export type MappingCaller = Mapping['callers'][number];
export type MappingRecord = NonNullable<Mapping['callLog']>;
export type MappingTest = Mapping['tests'][number];
export type Rule = z.output<typeof ruleShape>;

/** `mapping.schema.json`, for editors: completion and hints while the file is written. */
export function mappingJsonSchema(): unknown {
  return { title: 'Toritsugi mapping', ...z.toJSONSchema(mappingShape, { io: 'input' }) };
}
