import { randomUUID } from 'node:crypto';
import createManager from 'asterisk-manager';
import { createTracker, track } from '../src/calls/tracker.ts';
import { trackerSettings } from '../src/hub/tracker-settings.ts';
import { afterRealTime } from '../src/telephony/after.ts';
import { amiDefaults } from '../src/telephony/ami/ami-client.ts';
import { createAmiTranslator } from '../src/telephony/ami/ami-translator.ts';
import { createOwnAmiClient } from '../src/telephony/ami/own-ami-client.ts';
import { defaultNumbering } from '../src/telephony/numbering.ts';
import type { AmiEventsRun } from './ami-events.ts';

/** One side of the measurement, in a process of its own. A `Ping` asks the server for the stream. */
const [side, port = ''] = process.argv.slice(2);

if (side === 'ours') await runOurs();
else runAsteriskManager();

async function runOurs(): Promise<void> {
  const translator = createAmiTranslator();
  const tracker = createTracker(trackerSettings([{ name: 'bench', numbering: defaultNumbering }], 'JP'));
  let calls = 0;
  const measuring = startMeasuring(() => calls);
  const client = createOwnAmiClient(
    { ...amiDefaults, events: 'on', host: '127.0.0.1', port: Number(port), username: 'bench', secret: 'bench' },
    { now: Date.now, newId: randomUUID, after: afterRealTime },
    {
      onMessage(message, at) {
        if (message.event === null) return;
        measuring(message.event);
        for (const event of translator.translate(message, at)) {
          for (const told of track(tracker, event)) if (told.type === 'callEnded') calls += 1;
        }
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
  const measuring = startMeasuring(() => null);
  manager.on('managerevent', (event) => measuring(String(Reflect.get(event as object, 'event'))));
  manager.connect(Number(port), '127.0.0.1', () => {
    manager.login(() => void manager.action({ action: 'ping' }));
  });
}

/** Told the name of every event; counts and times those between the two markers. */
function startMeasuring(callsSoFar: () => number | null): (event: string) => void {
  let events = 0;
  let callsBefore = 0;
  let cpu = process.cpuUsage();
  let started = performance.now();
  return (event) => {
    events += 1;
    if (event === 'BenchStart') {
      events = 0;
      callsBefore = callsSoFar() ?? 0;
      cpu = process.cpuUsage();
      started = performance.now();
    } else if (event === 'BenchEnd') {
      const used = process.cpuUsage(cpu);
      const calls = callsSoFar();
      const run: AmiEventsRun = {
        ...{ events, cpuMs: (used.user + used.system) / 1_000, wallMs: performance.now() - started },
        calls: calls === null ? null : calls - callsBefore,
      };
      process.send?.(run, () => process.exit(0));
    }
  };
}
