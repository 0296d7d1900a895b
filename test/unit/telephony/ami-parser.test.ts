import type { AmiMessage } from '../../../src/telephony/ami/ami-message.ts';
import { AmiProtocolError, createAmiParser } from '../../../src/telephony/ami/ami-parser.ts';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const parsed = (text: string) => createAmiParser().push(bytes(text));
const headers = (message: AmiMessage | undefined) => [...(message?.entries() ?? [])];

function breach(act: () => unknown): AmiProtocolError {
  try {
    act();
  } catch (error) {
    if (error instanceof AmiProtocolError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('the greeting has no empty line after it and is no message', () => {
  const parser = createAmiParser();
  const messages = parser.push(bytes('Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nMessage: Hi\r\n\r\n'));
  expect(parser.banner).toBe('Asterisk Call Manager/11.0.0');
  expect(headers(messages[0])).toEqual([
    ['Response', 'Success'],
    ['Message', 'Hi'],
  ]);
});

test('a recording without a greeting is read as well', () => {
  const parser = createAmiParser();
  expect(parser.push(bytes('Event: FullyBooted\r\nUptime: 1\r\n\r\n'))[0]?.event).toBe('FullyBooted');
  expect(parser.banner).toBeNull();
});

test('a message is delivered when its empty line has come, whatever the cuts', () => {
  const stream = bytes('Asterisk Call Manager/11\r\nEvent: A\r\nName: 田中 洋子\r\n\r\nEvent: B\r\n\r\n');
  for (let cut = 1; cut < stream.length; cut += 1) {
    const parser = createAmiParser();
    const messages = [...parser.push(stream.subarray(0, cut)), ...parser.push(stream.subarray(cut))];
    expect(messages.map(headers)).toEqual([
      [
        ['Event', 'A'],
        ['Name', '田中 洋子'],
      ],
      [['Event', 'B']],
    ]);
  }
});

test('one byte at a time gives the same messages', () => {
  const parser = createAmiParser();
  const stream = bytes('Asterisk Call Manager/11\r\nEvent: A\r\nName: ｶﾅ 😀\r\n\r\nEvent: B\nLone: feed\n\n');
  const messages = [...stream].flatMap((byte) => parser.push(Uint8Array.of(byte)));
  expect(messages.map((message) => message.get('Name') ?? message.get('Lone'))).toEqual(['ｶﾅ 😀', 'feed']);
});

test('header names are read in any case, and only whole names', () => {
  const [message] = parsed('event: X\r\nuniqueID: 1.2\r\nDestUniqueid: 3.4\r\n\r\n');
  expect([message?.event, message?.get('Uniqueid'), message?.get('destuniqueid'), message?.get('Unique')]).toEqual([
    'X',
    '1.2',
    '3.4',
    undefined,
  ]);
});

test('repeated headers are all there, in order, empty ones too', () => {
  const [message] = parsed('Response: Success\r\nOutput: one\r\nOutput: \r\nOutput: three\r\n\r\n');
  expect(message?.all('Output')).toEqual(['one', '', 'three']);
  expect(message?.get('Output')).toBe('one');
});

test('only the one space after the colon is taken off, and none is needed', () => {
  const [message] = parsed('Event: X\r\nA:b\r\nB:  c \r\nC: d: e\r\n\r\n');
  expect([message?.get('A'), message?.get('B'), message?.get('C')]).toEqual(['b', ' c ', 'd: e']);
});

test('a header cannot be forged inside a value', () => {
  const [message] = parsed('Event: X\r\nAppData: Uniqueid: 9.9\r\nUniqueid: 1.1\r\n\r\n');
  expect(message?.get('Uniqueid')).toBe('1.1');
});

test('OriginateResponse is an event although it has a Response', () => {
  const [message] = parsed('Event: OriginateResponse\r\nResponse: Failure\r\n\r\n');
  expect([message?.event, message?.response]).toEqual(['OriginateResponse', null]);
});

test('bytes that are no UTF-8 are replaced, not refused', () => {
  const messages = createAmiParser().push(
    Buffer.concat([bytes('Event: X\r\nName: a'), Buffer.of(0x82, 0xa0), bytes('\r\n\r\n')]),
  );
  expect(messages[0]?.get('Name')).toBe('a\ufffd\ufffd');
});

test('empty lines between messages are no messages', () => {
  expect(parsed('\r\n\r\nEvent: A\r\n\r\n\r\n\nEvent: B\r\n\r\n').map(({ event }) => event)).toEqual(['A', 'B']);
});

describe('a peer that is no AMI, or a mad one, is told apart', () => {
  test('by its first line', () => {
    expect(breach(() => parsed('SSH-2.0-OpenSSH_9.6\r\n')).message).toMatch(/does not speak AMI.*Check host and port/);
    expect(breach(() => parsed('HTTP/1.1 400 Bad Request\r\n')).message).toMatch(/does not speak AMI/);
  });

  test('by an endless line, with or without its end', () => {
    const parser = () => createAmiParser({ maxLineBytes: 100 });
    expect(breach(() => parser().push(bytes(`A: ${'x'.repeat(100)}`))).message).toMatch(/line longer than 100 bytes/);
    expect(breach(() => parser().push(bytes(`A: ${'x'.repeat(100)}\r\n`))).message).toMatch(/line longer than 100 bytes/);
    const patient = parser();
    patient.push(bytes(`A: ${'x'.repeat(90)}`));
    expect(breach(() => patient.push(bytes('xxxxxxxxxxx'))).message).toMatch(/line longer than 100 bytes/);
  });

  test('by an endless message', () => {
    const parser = createAmiParser({ maxMessageBytes: 1_000 });
    const line = bytes(`A: ${'x'.repeat(40)}\r\n`);
    expect(breach(() => Array.from({ length: 50 }, () => parser.push(line))).message).toMatch(/message longer than 1000 bytes/);
    expect(breach(() => createAmiParser({ maxHeaders: 10 }).push(bytes('A: b\r\n'.repeat(11)))).message).toMatch(
      /more than 10 headers/,
    );
  });

  test('and what came before the breach is not lost', () => {
    const parser = createAmiParser({ maxLineBytes: 20 });
    const { before } = breach(() => parser.push(bytes(`Event: A\r\n\r\nB: ${'x'.repeat(30)}\r\n`)));
    expect(before.map(({ event }) => event)).toEqual(['A']);
  });
});
