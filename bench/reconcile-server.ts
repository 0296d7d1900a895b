import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { callsOf } from '../infra/sandbox/asterisk/recorded-calls.ts';
import { loadRecording } from '../infra/sandbox/asterisk/recording.ts';
import { startSandboxAsterisk } from '../infra/sandbox/asterisk/sandbox-asterisk.ts';

/** A PBX with so many calls in conversation; any message from outside cuts all its connections. */
const calls = Number(process.argv[2]);
const pbx = await startSandboxAsterisk({
  ...{ port: 0, host: '127.0.0.1', now: Date.now, newId: randomUUID },
  users: [{ name: 'bench', secret: 'bench', read: ['all'], write: ['all'] }],
});
const recording = loadRecording(path.join(import.meta.dirname, '../infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz'));
const [first] = callsOf(recording);
if (first === undefined) throw new Error('the recording has no call');
for (let call = 0; call < calls; call += 1) {
  const playback = pbx.play(recording, { pace: 'byHand', calls: [first.id] });
  playback.advanceTo({ Event: 'BridgeEnter', Channel: 'PJSIP/trunk-in-00000000' });
}
process.on('message', () => pbx.faults.cut());
process.send?.(pbx.port);
