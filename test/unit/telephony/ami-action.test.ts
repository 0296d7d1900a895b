import { type AmiAction, AmiActionRefused, serialiseAction } from '../../../src/telephony/ami/ami-action.ts';

const id = '5f0c';

/** What Asterisk reads: lines end at CR LF or LF, an empty line ends the action. */
function actionsOnTheWire(text: string): string[][] {
  const bytes = Buffer.from(text, 'utf8').toString('latin1');
  return bytes
    .split(/\r?\n\r?\n/)
    .map((action) => action.split(/\r?\n/).filter((line) => line !== ''))
    .filter((lines) => lines.length > 0);
}

test('an action is its name, our id and its headers in order', () => {
  const text = serialiseAction({ name: 'QueueStatus', headers: [['Queue', 'sales']] }, id);
  expect(text).toBe('Action: QueueStatus\r\nActionID: 5f0c\r\nQueue: sales\r\n\r\n');
});

test.each([
  ['CR LF', '\r\nAction: Command'],
  ['an empty line', '\r\n\r\nAction: Command\r\nCommand: core stop now\r\n\r\n'],
  ['LF alone', '\nAction: Command'],
  ['CR alone', '\rAction: Command'],
  ['NUL', '\0Action: Command'],
  ['a mix', '\n\r\0\r\n\n'],
  ['a letter whose low byte is LF', 'ĊĊAction: Command'],
  ['a lone surrogate', '\ud800\r\nAction: Command'],
  ['other line separators', '\u2028\u2029\u0085Action: Command'],
])('%s in a value cannot begin a header or an action', (_, value) => {
  const lines = actionsOnTheWire(serialiseAction({ name: 'Originate', headers: [['CallerID', value]] }, id));
  expect(lines).toHaveLength(1);
  expect(lines[0]).toHaveLength(3);
});

test('line breaks in an id cannot begin a header either', () => {
  expect(actionsOnTheWire(serialiseAction({ name: 'Ping' }, 'a\r\nAction: Command'))).toEqual([
    ['Action: Ping', 'ActionID: a Action: Command'],
  ]);
});

test.each<[string, AmiAction]>([
  ['an empty name', { name: '' }],
  ['a name with a line break', { name: 'Ping\r\nAction: Command' }],
  ['a header with a colon', { name: 'Ping', headers: [['A: b', 'c']] }],
  ['a header with a line break', { name: 'Ping', headers: [['A\r\nB', 'c']] }],
  ['a header without a name', { name: 'Ping', headers: [['', 'c']] }],
  ['a second Action', { name: 'Ping', headers: [['action', 'Command']] }],
  ['an ActionID that is not ours', { name: 'Ping', headers: [['ActionID', '1']] }],
  ['a variable that Asterisk would split', { name: 'Originate', headers: [['Variable', 'A=1,CHANNEL(hangup_handler_push)=x']] }],
  ['a line of 1,025 bytes', { name: 'Ping', headers: [['A', 'x'.repeat(1_025 - 'A: \r\n'.length)]] }],
  ['a line too long only in UTF-8', { name: 'Ping', headers: [['A', '長'.repeat(341)]] }],
  ['129 headers', { name: 'Ping', headers: Array.from({ length: 127 }, () => ['A', 'x'] as const) }],
])('%s is refused before anything is sent', (_, action) => {
  expect(() => serialiseAction(action, id)).toThrow(AmiActionRefused);
});

test('the longest line and the most headers that Asterisk reads are let through', () => {
  const line = ['A', 'x'.repeat(1_024 - 'A: \r\n'.length)] as const;
  expect(() => serialiseAction({ name: 'Ping', headers: Array.from({ length: 126 }, () => line) }, id)).not.toThrow();
});
