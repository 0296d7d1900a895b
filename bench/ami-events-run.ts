import { randomUUID } from 'node:crypto';
import createManager from 'asterisk-manager';
import { afterRealTime } from '../src/telephony/after.ts';
import { amiDefaults } from '../src/telephony/ami/ami-client.ts';
import { createAmiTranslator } from '../src/telephony/ami/ami-translator.ts';
import { createOwnAmiClient } from '../src/telephony/ami/own-ami-client.ts';
import { createBenchTracker } from './bench-tracker.ts';
import { startStopwatch } from './events-stopwatch.ts';

/** One side of the measurement, in a process of its own. A `Ping` asks the server for the stream. */
const [side, port = ''] = process.argv.slice(2);

if (side === 'ours') await runOurs();
else runAsteriskManager();

async function runOurs(): Promise<void> {
  const translator = createAmiTranslator();
  const tracker = createBenchTracker();
  const stopwatch = startStopwatch(tracker.ended);
  const client = createOwnAmiClient(
    { ...amiDefaults, events: 'on', host: '127.0.0.1', port: Number(port), username: 'bench', secret: 'bench' },
    { now: Date.now, newId: randomUUID, after: afterRealTime },
    {
      onMessage(message, at) {
        if (message.event === null) return;
        stopwatch(message.event);
        for (const event of translator.translate(message, at)) tracker.hear(event);
      },
      onClose: (reason) => {
        throw reason;
      },
    },
  );
  await client.connect();
  void client.act({ name: 'Ping' });
}

function runAsteriskManager(): void {
  const manager = createManager(null, '127.0.0.1', 'bench', 'bench', true);
  const stopwatch = startStopwatch(() => null);
  manager.on('managerevent', (event) => stopwatch(String(Reflect.get(event as object, 'event'))));
  manager.connect(Number(port), '127.0.0.1', () => {
    manager.login(() => void manager.action({ action: 'ping' }));
  });
}
