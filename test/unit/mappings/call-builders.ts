import type { ObjectDescription } from '../../../connectors/connector.ts';
import type { MatchedRecord } from '../../../src/callers/caller-match.ts';
import type { CallRecord } from '../../../src/calls/call.ts';
import { type CallExample, callExampleShape, callFromExample } from '../../../src/mappings/call-example.ts';
import { type AgentFacts, type Facts, factsOf } from '../../../src/mappings/facts-of-call.ts';
import type { Mapping } from '../../../src/mappings/mapping-schema.ts';
import { parseMapping } from '../../../src/mappings/parse-mapping.ts';
import type { WritingStyle } from '../../../src/mappings/writing-style.ts';

export const japanese: WritingStyle = { locale: 'ja', timeZone: 'Asia/Tokyo', region: 'JP' };

export function callOf(example: CallExample = {}): CallRecord {
  return callFromExample(callExampleShape.parse(example));
}

export const yamada: MatchedRecord = {
  connector: 'salesforce',
  object: 'Contact',
  id: '003AA',
  name: '山田 太郎',
  url: 'https://crm.example/003AA',
  card: [{ label: '会社', value: '株式会社山田製作所' }],
  link: { who: '003AA', what: '001AA' },
};

interface Told {
  readonly match?: MatchedRecord | null;
  readonly agents?: readonly AgentFacts[];
  readonly style?: WritingStyle;
}

export function factsOfCall(example: CallExample = {}, { match = null, agents = [], style = japanese }: Told = {}): Facts {
  const record = callOf(example);
  return factsOf({ connector: 'salesforce', record, match, matchKind: match ? 'known' : 'unknown', agents, outcomes: [], style });
}

/** A mapping from its YAML; a test with a broken one fails here and says why. */
export function mappingOf(yaml: string): Mapping {
  const { mapping, problems } = parseMapping(yaml);
  if (mapping === null) throw new Error(problems.map(({ path, message }) => `${path}: ${message.en}`).join('\n'));
  return mapping;
}

/** A call log with the given rules (YAML flow style) in an object of its own. */
export function callLogWith(fields: Readonly<Record<string, string>>, head = ''): Mapping {
  const rules = Object.entries(fields).map(([name, rule]) => `    ${name}: ${rule}`);
  return mappingOf(
    ['connector: salesforce', 'callLog:', '  object: Task', '  key: Call_Id__c', head, '  fields:', ...rules].join('\n'),
  );
}

export function describedAs(fields: readonly Partial<ObjectDescription['fields'][number]>[]): ObjectDescription {
  const plain = {
    label: '',
    type: 'string',
    length: null,
    required: false,
    unique: false,
    usableAsKey: false,
    createable: true,
  } as const;
  const rest = { updateable: true, picklist: null, restricted: false, referenceTo: [] } as const;
  return { object: 'Task', label: 'Task', fields: fields.map((field) => ({ name: '', ...plain, ...rest, ...field })) };
}
