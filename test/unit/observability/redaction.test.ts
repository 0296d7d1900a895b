import { PassThrough } from 'node:stream';
import { createLog } from '../../../src/observability/log.ts';
import { maskNumbers, redact } from '../../../src/observability/redaction.ts';

test.each([
  ['call from 03-1234-5678 refused', 'call from …5678 refused'],
  ['+81 90 1234 5678', '…5678'],
  ['(090)1234-5678', '(…5678'],
  ['extension 1001 rang', 'extension 1001 rang'],
])('masks the number in %j', (given, shown) => {
  expect(maskNumbers(given)).toBe(shown);
});

test('a log line holds neither a secret nor a full number, however deep it lies', () => {
  const lines: string[] = [];
  const stream = new PassThrough();
  stream.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
  const log = createLog('info', stream);
  const cause = new Error('Bearer for 09012345678 failed', { cause: { headers: { Authorization: 'Bearer abc' } } });
  log('warn', 'a request failed', {
    callId: 'main-1763838000.12',
    password: 'hunter2',
    nested: { phone: '090-1234-5678' },
    cause,
  });
  const written = lines.join('');
  expect(written).toContain('main-1763838000.12');
  for (const secret of ['hunter2', '090-1234-5678', '09012345678', 'Bearer abc']) expect(written).not.toContain(secret);
});

test('what is endless is cut', () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(JSON.stringify(redact({ list: Array.from({ length: 1000 }, () => 1), circle })).length).toBeLessThan(1000);
});
