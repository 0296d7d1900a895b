import { openDeskCall } from '../../../src/desk/desk-call.ts';
import { createViewer, type DeskChange } from '../../../src/desk/desk-view.ts';
import { DeskWatch } from '../../../src/desk/desk-watch.ts';
import { callId, ringingCall, START } from '../../support/desk-calls.ts';

test('an operator whose view cannot be made takes neither the hub nor the other operators down', async () => {
  const view = createViewer((number) => number);
  const ringing = [openDeskCall(ringingCall(['1001', '1002'], { id: callId('main-1.1') }), START)];
  const faults: unknown[] = [];
  let calls: typeof ringing = [];
  const watch = new DeskWatch({
    epoch: 'a',
    now: () => 0,
    callsOf: () => calls,
    look(shown, extension) {
      if (extension === '1001' && calls.length > 0) throw new Error('a bug of the view');
      return view(shown, extension);
    },
    onFault: (error) => faults.push(error),
  });
  const told: DeskChange[] = [];
  watch.watch('1001', () => {});
  watch.watch('1002', (change) => told.push(change));
  calls = ringing;
  watch.publish(['1001', '1002']);
  await Promise.resolve();
  expect(faults).toHaveLength(1);
  expect(told).toMatchObject([{ changed: [{ callId: 'main-1.1' }] }]);
});
