import { z } from 'zod';
import type { MatchedRecord } from '../callers/caller-match.ts';
import type { CallRecord } from '../calls/call.ts';
import { callExampleShape, callFromExample } from './call-example.ts';
import type { Mapping } from './mapping-schema.ts';
import { linksOfRecord } from './present-caller.ts';

/** A text that is no call record; the message says where it is wrong. */
export class NoCallRecord extends Error {
  override readonly name = 'NoCallRecord';
}

const wholeRecord = z.object(callExampleShape.shape).required({ id: true, direction: true, startedAt: true });

/** Reads the public JSON of a call (one line of `replay --json`). Words of later versions are passed over. @throws NoCallRecord */
export function readCallRecord(text: string): CallRecord {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw new NoCallRecord('this is no JSON; give one call, as `replay --json` prints it on one line', { cause: error });
  }
  const read = wholeRecord.safeParse(data);
  if (!read.success) {
    const where = read.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
    throw new NoCallRecord(`this is no call record (${where.slice(0, 10).join('; ')})`);
  }
  return callFromExample(read.data);
}

/** The match a recorded call names for this mapping's connector, with the links that follow from its id. */
export function matchOfRecord(mapping: Mapping, { matches }: CallRecord): MatchedRecord | null {
  const ref = matches.find(({ connector }) => connector === mapping.connector);
  if (ref === undefined) return null;
  const { connector, object, id, name } = ref;
  const record = { object, id, name, phones: [], values: {}, modifiedAt: null };
  return { connector, object, id, name, url: '', card: [], link: linksOfRecord(mapping, record) };
}
