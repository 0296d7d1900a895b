import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { createFreshIds, createPbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { loadRecording } from '../infra/sandbox/asterisk/recording.ts';

/**
 * Serves the same bytes to everyone who logs in: recordings over and over, each copy with ids of its own. The first part, up to
 * `BenchStart`, is for warming up; the second, up to `BenchEnd`, is measured.
 */
const [folder = '', warmUpMegabytes = '1', measuredMegabytes = '1'] = process.argv.slice(2);
const counters = createPbxCounters(Date.now, randomUUID);
const warmUp = recordedStream(Number(warmUpMegabytes) * 1_048_576);
const measured = recordedStream(Number(measuredMegabytes) * 1_048_576);
const stream = Buffer.from(`${warmUp}${marker('BenchStart')}${measured}${marker('BenchEnd')}`, 'latin1');

const server = net.createServer((socket) => {
  let received = '';
  socket.on('error', () => socket.destroy());
  socket.write('Asterisk Call Manager/11.0.0\r\n');
  socket.on('data', (chunk) => {
    received += chunk.toString('latin1');
    for (let end = received.indexOf('\r\n\r\n'); end !== -1; end = received.indexOf('\r\n\r\n')) {
      answer(socket, received.slice(0, end));
      received = received.slice(end + 4);
    }
  });
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port, bytes: measured.length });
});

function marker(event: string): string {
  return `Event: ${event}\r\nPrivilege: system,all\r\n\r\n`;
}

function answer(socket: net.Socket, action: string): void {
  const name = /^Action: (\S+)/im.exec(action)?.[1]?.toLowerCase();
  const id = /^ActionID: (\S+)/im.exec(action)?.[1] ?? '';
  const challenge = name === 'challenge' ? 'Challenge: 101\r\n' : '';
  socket.write(`Response: Success\r\nActionID: ${id}\r\n${challenge}\r\n`);
  if (name === 'ping') socket.write(stream);
}

function recordedStream(bytes: number): string {
  const recordings = readdirSync(folder)
    .filter((name) => /\.ami(?:\.gz)?$/u.test(name))
    .sort()
    .map((name) => loadRecording(path.join(folder, name)));
  const parts: string[] = [];
  for (let length = 0; length < bytes; ) {
    for (const recording of recordings) {
      const ids = createFreshIds(counters, {});
      for (const { text } of recording.packets) {
        const packet = ids.rewrite(text, 0);
        parts.push(packet);
        length += packet.length;
      }
    }
  }
  return parts.join('');
}
