import type { CallEvent, CallId, CallRecord, LiveCall } from '../../src/calls/call.ts';

/** A call with full defaults; a test names only what matters to it. */
export function callRecord(given: Partial<Omit<CallRecord, 'id'>> & { readonly id?: string } = {}): CallRecord {
  const { id = 'main-1763838000.1', ...rest } = given;
  return {
    id: id as CallId,
    pbx: 'main',
    linkedIds: [id.replace(/^[^-]*-/, '')],
    direction: 'inbound',
    customer: { raw: '09012345678', number: '+819012345678', name: null, withheld: false },
    did: '0398765432',
    placedBy: null,
    queue: 'sales',
    queues: ['sales'],
    startedAt: '2026-11-23T01:00:00.000Z',
    answeredAt: '2026-11-23T01:00:10.000Z',
    endedAt: '2026-11-23T01:01:00.000Z',
    rang: ['1001'],
    answered: true,
    answeredBy: '1001',
    spokeWith: ['1001'],
    result: 'answered',
    hangupCause: 16,
    hangupBy: 'customer',
    waitSeconds: 10,
    talkSeconds: 50,
    holdSeconds: 0,
    talkByAgent: { '1001': 50 },
    transfers: [],
    recordings: [],
    filledIn: false,
    leadId: null,
    outcome: null,
    notes: null,
    followUp: null,
    matches: [],
    ...rest,
  };
}

/** The same call while it is still going on. */
export function liveRecord(given: Parameters<typeof callRecord>[0] = {}): CallRecord {
  return callRecord({ endedAt: null, result: null, hangupCause: null, hangupBy: null, ...given });
}

export function callEvent(record: CallRecord, absorbed?: string): CallEvent {
  const call: LiveCall = { record, phase: record.endedAt === null ? 'talking' : 'ended', ringing: [], talking: [] };
  const at = record.endedAt ?? record.startedAt;
  if (absorbed !== undefined) return { type: 'callMerged', at, call, absorbed: absorbed as CallId };
  return { type: record.endedAt === null ? 'callChanged' : 'callEnded', at, call };
}
