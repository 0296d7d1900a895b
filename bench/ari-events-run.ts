import { connect } from 'ari-client';
import { afterRealTime } from '../src/telephony/after.ts';
import { ariDefaults } from '../src/telephony/ari/ari-client.ts';
import { createAriTranslator } from '../src/telephony/ari/ari-translator.ts';
import { createOwnAriClient } from '../src/telephony/ari/own-ari-client.ts';
import { createPackagedAriClient } from '../src/telephony/ari/packaged-ari-client.ts';
import { createBenchTracker } from './bench-tracker.ts';
import { startStopwatch } from './events-stopwatch.ts';

/** One side of the measurement, in a process of its own. Deleting a channel asks the server for the stream. */
const [side, port = ''] = process.argv.slice(2);
const url = `http://127.0.0.1:${port}`;

if (side === 'ari-client') await runAriClient();
else await runOurs();

async function runOurs(): Promise<void> {
  const translator = createAriTranslator();
  const tracker = createBenchTracker();
  const stopwatch = startStopwatch(tracker.ended);
  const create = side === 'ours-packaged' ? createPackagedAriClient : createOwnAriClient;
  const client = create(
    { ...ariDefaults, url, username: 'bench', password: 'bench', app: 'bench' },
    { now: Date.now, after: afterRealTime },
    {
      onEvent(event, at) {
        stopwatch(String(Reflect.get(event as object, 'type')));
        for (const told of translator.translate(event, at)) tracker.hear(told);
      },
      onClose: (reason) => {
        throw reason;
      },
    },
  );
  await client.connect();
  void client.request({ method: 'DELETE', path: '/channels/bench' });
}

async function runAriClient(): Promise<void> {
  const stopwatch = startStopwatch(() => null);
  const client = await connect(url, 'bench', 'bench');
  client.on('*', (event: object) => stopwatch(String(Reflect.get(event, 'type'))));
  await client.start('bench', true);
  client._swagger.apis.channels?.operations?.hangup?.do(
    { channelId: 'bench' },
    {},
    () => undefined,
    () => undefined,
  );
}
