import { isDeepStrictEqual } from 'node:util';
import type { FieldValue } from '../../connectors/connector.ts';
import { renderCallLog, renderFollowUp, renderOutcome } from './apply-mapping.ts';
import { callFromExample } from './call-example.ts';
import { type Facts, factsOf } from './facts-of-call.ts';
import { type MappingProblem, problem } from './mapping-problem.ts';
import type { Mapping, MappingTest } from './mapping-schema.ts';
import type { WritingStyle } from './writing-style.ts';

/** One field that did not come out as a test expects; `field` null: the record was (or was not) written at all. */
interface Difference {
  /** Where the test says what it expects. */
  readonly part: 'expect' | 'expectFollowUp';
  readonly field: string | null;
  readonly expected: FieldValue | undefined;
  readonly actual: FieldValue | undefined;
}

export interface MappingTestResult {
  readonly name: string;
  readonly differences: readonly Difference[];
}

/** Tests mean the same wherever they run: not the hub's settings, not the outcomes configured there. */
function styleOf({ language }: MappingTest): WritingStyle {
  return { locale: language, timeZone: 'Asia/Tokyo', region: 'JP' };
}

/** The facts a test describes; what it leaves out is that of an answered inbound call of one minute. */
function factsOfTest({ connector }: Mapping, test: MappingTest): Facts {
  const { match } = test;
  return factsOf({
    connector,
    record: callFromExample(test.call),
    match: match === null ? null : { connector, ...match, card: [] },
    matchKind: test.matchKind ?? (match === null ? 'unknown' : 'known'),
    agents: test.agents.map(({ extension, name, user }) => ({
      extension,
      name,
      users: user === undefined ? {} : { [connector]: user },
    })),
    outcomes: [],
    style: styleOf(test),
  });
}

function differencesOf(mapping: Mapping, test: MappingTest): readonly Difference[] {
  const facts = factsOfTest(mapping, test);
  const { write } = renderCallLog(mapping, facts, null);
  const apart = renderOutcome(mapping, facts, null).write;
  const callLog = compare('expect', test.expect, write && { ...apart?.fields, ...write.fields });
  if (test.expectFollowUp === undefined) return callLog;
  return [
    ...callLog,
    ...compare('expectFollowUp', test.expectFollowUp, renderFollowUp(mapping, facts, null).write?.fields ?? null),
  ];
}

type Fields = Readonly<Record<string, FieldValue>>;

function compare(part: Difference['part'], expected: Fields | null, written: Fields | null): readonly Difference[] {
  if (expected === null || written === null) {
    if (expected === written) return [];
    const told = (fields: Fields | null) => (fields === null ? 'not written' : 'written');
    return [{ part, field: null, expected: told(expected), actual: told(written) }];
  }
  return Object.entries(expected)
    .filter(([field, value]) => !isDeepStrictEqual(written[field] ?? null, value))
    .map(([field, value]) => ({ part, field, expected: value, actual: written[field] }));
}

/** Runs the tests a mapping carries. Pure. */
export function runMappingTests(mapping: Mapping): readonly MappingTestResult[] {
  return mapping.tests.map((test) => ({ name: test.name, differences: differencesOf(mapping, test) }));
}

function told({ part, field, expected, actual }: Difference): string {
  const shown = (value: FieldValue | undefined) => (value === undefined ? 'nothing' : JSON.stringify(value));
  return `${field ?? (part === 'expect' ? 'the call' : 'the follow-up')}: expected ${shown(expected)}, came out as ${shown(actual)}`;
}

/** Failed tests as problems of the file. */
export function testProblems(mapping: Mapping): readonly MappingProblem[] {
  return runMappingTests(mapping).flatMap(({ name, differences }, index) =>
    differences.map((difference) => {
      const steps =
        difference.field === null ? ['tests', index, difference.part] : ['tests', index, difference.part, difference.field];
      return problem('testFailed', steps, { name, detail: told(difference) });
    }),
  );
}
