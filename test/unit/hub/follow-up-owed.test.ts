import type { CallFollowUp, CallId } from '../../../src/calls/call.ts';
import { type CallLogDeps, createCallLogRender, owedForCall } from '../../../src/hub/call-log.ts';
import type { Mapping } from '../../../src/mappings/mapping-schema.ts';
import { callRecord } from '../../support/call-records.ts';
import { japanese, mappingOf } from '../mappings/call-builders.ts';

const text = `
connector: kintone
callLog: { object: calls, key: ID, fields: { 件名: { from: direction } } }
followUp: { object: todo, key: ID, fields: { 期限: { from: followUp.dueAt } } }
`;
const mapping = mappingOf(text);
const open: CallFollowUp = { dueAt: '2026-11-24T01:00:00.000Z', note: null, state: 'open', reopened: false };
const cancelled: CallFollowUp = { ...open, state: 'cancelled' };
const promised = (followUp: CallFollowUp | null) => callRecord({ id: 'main-100.1', followUp });

function owed(followUp: CallFollowUp | null, inForce: Mapping | null): readonly string[] {
  const connectors = [{ name: 'kintone' }] as unknown as CallLogDeps['crms']['connectors'];
  return owedForCall({ connectors, mappingOf: () => inForce }, promised(followUp)).map(({ purpose }) => purpose);
}

test('is owed when a call has one or had one, by a mapping that speaks of it', () => {
  expect(owed(null, mapping)).toEqual(['callLog']);
  expect(owed(open, mapping)).toEqual(['callLog', 'followUp']);
  expect(owed(cancelled, mapping)).toEqual(['callLog', 'followUp']);
  expect(owed(open, { ...mapping, followUp: undefined })).toEqual(['callLog']);
  expect(owed(open, null)).toEqual(['callLog', 'followUp']);
});

function render(
  followUp: CallFollowUp,
  wish: { readonly wasSent: boolean; readonly purpose?: string; readonly isThere?: boolean },
) {
  const { wasSent, purpose = 'followUp', isThere = true } = wish;
  const crms: Partial<CallLogDeps['crms']> = {
    mappingOf: () => mapping,
    description: () => null,
    isMissing: async () => !isThere,
  };
  const deps: Partial<CallLogDeps> = {
    ...{ crms: crms as CallLogDeps['crms'], agents: [], outcomes: () => [], style: japanese, log: () => undefined },
    ledger: { find: async () => promised(followUp) },
  };
  return createCallLogRender(deps as CallLogDeps)({ connector: 'kintone', purpose, wasSent }, 'main-100.1' as CallId);
}

test('what was taken back before any CRM heard of it is not written; what one may have is', async () => {
  expect(await render(cancelled, { wasSent: false })).toBeNull();
  expect(await render(cancelled, { wasSent: true })).toMatchObject({ object: 'todo', fields: { 期限: cancelled.dueAt } });
});

test('a CRM without a place for it lets it wait and says what to do; the call log goes on', async () => {
  const waiting = await render(open, { wasSent: false, isThere: false });
  expect(waiting).toEqual({ wait: { code: 'missing', message: expect.stringContaining('toritsugi setup kintone') } });
  expect(await render(open, { wasSent: false, isThere: false, purpose: 'callLog' })).toMatchObject({ object: 'calls' });
});
