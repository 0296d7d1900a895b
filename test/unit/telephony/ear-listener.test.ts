import type { EarHandlers, EarKind } from '../../../src/telephony/ear.ts';
import { createEarListener } from '../../../src/telephony/ear-listener.ts';
import type { TelephonyEvent } from '../../../src/telephony/telephony-event.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const limit = 3;

function listening() {
  const told: TelephonyEvent['type'][] = [];
  const handlers: EarHandlers[] = [];
  const kind: EarKind<string> = {
    ...{ ear: 'ami', where: 'pbx:5038', floodRemedy: 'Narrow the events.' },
    connect(given) {
      handlers.push(given);
      const nothing = async () => undefined;
      return { client: 'client', open: nothing, takeSnapshot: async () => null, ping: nothing, close: nothing };
    },
    troubleOf: () => ({ isRefusal: false, detail: 'Gone.', remedy: 'Look for it.' }),
  };
  const listener = createEarListener({
    ...{ pbx: 'main', kind, now: () => 0, after: () => () => undefined, random: () => 0, queueLimit: limit },
    onEvent: ({ type }) => told.push(type),
    onOpened: () => undefined,
    onState: () => undefined,
    onFault: () => undefined,
    log: () => undefined,
  });
  const say = (times: number) => {
    for (let said = 0; said < times; said += 1) {
      handlers[0]?.onArrival(() => [{ type: 'channelRinging', at: 0, channelId: '1.1' }]);
    }
  };
  return { listener, handlers, told, say };
}

test.each([limit, limit + 1])('a line that breaks when %s events wait for their turn is told to be lost', async (waiting) => {
  const { listener, handlers, told, say } = listening();
  listener.start();
  await turn();
  expect(listener.state.state).toBe('listening');
  await turn();
  say(waiting);
  handlers[0]?.onClose('reset');
  await turn();
  expect(told).toEqual(['connectionLost']);
  expect([listener.state.state, listener.client]).toEqual(['unreachable', null]);
});
