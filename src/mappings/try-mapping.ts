import { type Rendering, renderCallLog, renderFollowUp, renderOutcome } from './apply-mapping.ts';
import type { Descriptions } from './descriptions.ts';
import type { Facts } from './facts-of-call.ts';
import type { Mapping } from './mapping-schema.ts';

/** What a call would cause for one part of a mapping; `write` null: nothing. */
export interface TriedPart extends Rendering {
  readonly part: 'callLog' | 'outcome' | 'followUp';
}

/** The exact writes a call would cause. Writes nothing. */
export function tryMapping(mapping: Mapping, facts: Facts, descriptions: Descriptions): readonly TriedPart[] {
  const describe = (object: string | undefined) => (object === undefined ? null : (descriptions.get(object) ?? null));
  const callLog = renderCallLog(mapping, facts, describe(mapping.callLog?.object));
  const outcome = renderOutcome(mapping, facts, describe(mapping.outcome?.object ?? mapping.callLog?.object));
  const followUp = renderFollowUp(mapping, facts, describe(mapping.followUp?.object));
  return [
    { part: 'callLog' as const, ...callLog },
    ...(outcome.write === null ? [] : [{ part: 'outcome' as const, ...outcome }]),
    ...(followUp.write === null ? [] : [{ part: 'followUp' as const, ...followUp }]),
  ];
}
