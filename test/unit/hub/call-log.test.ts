import type { CallId } from '../../../src/calls/call.ts';
import { type CallLogDeps, createCallLogRender } from '../../../src/hub/call-log.ts';
import { FactsUnavailable } from '../../../src/write-back/render.ts';

test('a ledger that does not answer just now is no mistake of the mapping', async () => {
  const deps: Partial<CallLogDeps> = {
    ledger: {
      find: async () => {
        throw new Error('database is locked');
      },
    },
    agents: [],
  };
  const render = createCallLogRender(deps as CallLogDeps);
  await expect(render({ connector: 'salesforce', purpose: 'callLog', wasSent: false }, 'main-100.1' as CallId)).rejects.toThrow(
    FactsUnavailable,
  );
});
