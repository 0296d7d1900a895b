import { randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import path from 'node:path';
import { WebSocketServer } from 'ws';
import { createFreshIds, createPbxCounters } from '../infra/sandbox/asterisk/fresh-ids.ts';
import { readAriRecording } from '../src/telephony/replay/ari-recording.ts';
import { ariDescription } from '../test/support/ari-descriptions.ts';

/**
 * Serves the same bytes to everyone who connects: recordings over and over, each copy with ids of its own. The first part, up to
 * `BenchStart`, is for warming up; the second, up to `BenchEnd`, is measured.
 */
const [folder = '', warmUpMegabytes = '1', measuredMegabytes = '1'] = process.argv.slice(2);
const counters = createPbxCounters(Date.now, randomUUID);
const types = new Set(['BenchStart', 'BenchEnd']);
const warmUp = recordedFrames(Number(warmUpMegabytes) * 1_048_576);
const measured = recordedFrames(Number(measuredMegabytes) * 1_048_576);
const stream = Buffer.concat([warmUp, frameOf('{"type":"BenchStart"}'), measured, frameOf('{"type":"BenchEnd"}')]);

const sockets = new WebSocketServer({ noServer: true });
const listening = new Set<Socket>();
const server = http.createServer((request, answer) => {
  const description = /^\/ari\/api-docs\/([\w-]+)\.json$/.exec(request.url ?? '')?.[1];
  const body = description === undefined ? null : ariDescription(description, `http://${request.headers.host}`, [...types]);
  answer.writeHead(200, { 'content-type': 'application/json' });
  answer.end(JSON.stringify(body ?? []));
  if (request.method === 'DELETE') for (const socket of listening) socket.write(stream);
});
server.on('upgrade', (request, socket: Socket, head) => {
  socket.on('error', () => socket.destroy());
  socket.on('close', () => listening.delete(socket));
  sockets.handleUpgrade(request, socket, head, () => listening.add(socket));
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port, bytes: measured.length });
});

function recordedFrames(bytes: number): Buffer {
  const recordings = readdirSync(folder)
    .filter((name) => /\.ari\.ndjson(?:\.gz)?$/u.test(name))
    .sort()
    .map((name) => [...readAriRecording(path.join(folder, name)).events()].filter((one) => one !== null));
  const frames: Buffer[] = [];
  for (let length = 0; length < bytes; ) {
    for (const recording of recordings) {
      const ids = createFreshIds(counters, {});
      for (const { event } of recording) {
        types.add(String(Reflect.get(event as object, 'type')));
        const frame = frameOf(ids.rewrite(JSON.stringify(event), 0));
        frames.push(frame);
        length += frame.length;
      }
    }
  }
  return Buffer.concat(frames);
}

/** A server's frame of text: not masked. */
function frameOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  const header = bytes.length < 126 ? Buffer.from([0x81, bytes.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (bytes.length >= 126) header.writeUInt16BE(bytes.length, 2);
  return Buffer.concat([header, bytes]);
}
