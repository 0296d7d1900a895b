import type { CallerMatch } from '../../../src/callers/caller-match.ts';
import type { CallId } from '../../../src/calls/call.ts';
import type { MatchEdit } from '../../../src/calls/ledger-edit.ts';
import { type DeskJointsDeps, deskPorts } from '../../../src/hub/desk-joints.ts';
import { callRecord } from '../../support/call-records.ts';

const callId = 'main-1763838000.1' as CallId;
const sato = { connector: 'kintone', object: 'customers', id: '1', name: '佐藤', url: '', card: [], link: {} };

/** The desk's ports over a ledger that only listens; `found` is whom the CRMs know just now. */
function ports(found: CallerMatch) {
  const written: MatchEdit[] = [];
  const deps = {
    heard: { live: () => [] },
    drafts: {},
    agents: [],
    numbers: { region: 'JP' },
    now: () => 0,
    journal: { flush: async () => {} },
    choices: { remember: async () => {}, forget: async () => {} },
    resolver: () => ({ resolve: async () => found }),
    outcomes: () => [],
    ledger: {
      find: async () => callRecord({ id: callId }),
      async setMatch(_: CallId, edit: MatchEdit) {
        written.push(edit);
        return callRecord({ id: callId });
      },
    },
  };
  return { written, ports: deskPorts(deps as unknown as DeskJointsDeps) };
}

test('the record the operator chose becomes the customer of the call', async () => {
  const { written, ports: desk } = ports({ kind: 'known', records: [sato], chosen: { kintone: sato }, unasked: [] });
  await desk.chooseRecord(callId, 'kintone', { object: 'customers', id: '1' }, '1001');
  expect(written).toMatchObject([{ connector: 'kintone', record: { object: 'customers', id: '1', name: '佐藤' } }]);
});

test('a choice whose CRM is away just now is refused, and takes away nothing that was known', async () => {
  const { written, ports: desk } = ports({ kind: 'unknown', records: [], chosen: {}, unasked: ['kintone'] });
  await expect(desk.chooseRecord(callId, 'kintone', { object: 'customers', id: '1' }, '1001')).rejects.toThrow(/CRM away/);
  expect(written).toEqual([]);
});
