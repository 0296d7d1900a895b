import { dialplanText, routingTexts, routingVariables } from '../../../src/routing/routing-variables.ts';
import { routingAnswer } from '../../support/routing-facts.ts';

test('every variable is told, also the empty ones, and last that they are all there', () => {
  expect(routingVariables(routingAnswer())).toEqual([
    ['TORITSUGI_CALLER', 'unknown'],
    ['TORITSUGI_NAME', ''],
    ['TORITSUGI_LAST_AGENT', ''],
    ['TORITSUGI_LAST_AGENT_AT', ''],
    ['TORITSUGI_OWNER', ''],
    ['TORITSUGI_BLOCKED', ''],
    ['TORITSUGI_BLOCKED_REASON', ''],
    ['TORITSUGI_QUEUE', ''],
    ['TORITSUGI_GREETING', ''],
    ['TORITSUGI_ANSWERED', '1'],
  ]);
});

test('a full answer in texts', () => {
  const answer = routingAnswer({
    callerKind: 'known',
    customerName: '山田 太郎',
    lastAgent: { extension: '1002', at: '2026-11-20T01:00:00.999Z' },
    ownerAgent: '1001',
    blocked: { reason: '迷惑, 電話' },
    queue: 'vip',
    greeting: 'custom/vip-welcome',
  });
  expect(routingTexts(answer)).toEqual({
    caller: 'known',
    name: '山田 太郎',
    lastAgent: '1002',
    lastAgentAt: '1795136400',
    owner: '1001',
    blocked: '1',
    blockedReason: '迷惑， 電話',
    queue: 'vip',
    greeting: 'custom/vip-welcome',
    answered: '1',
  });
});

test.each([
  ['山田 太郎', '山田 太郎'],
  ['(株)山田製作所', '（株）山田製作所'],
  ["Anne O'Neill", 'Anne O＇Neill'],
  ['x"\nSET VARIABLE EVIL 1\n', 'x＂ SET VARIABLE EVIL 1'],
  ['\u0024{SHELL(id)}', '＄｛SHELL（id）｝'],
  ['a,b;c|d&e`f`\\', 'a，b；c｜d＆e｀f｀＼'],
  ['$[1=1]', '＄［1＝1］'],
  ['\u0000\u001b[31m\u202e\u2028x', '［31m x'],
  ['\ud800 half', 'half'],
  ['   ', ''],
])('%j is harmless in a dialplan as %s', (text, safe) => {
  expect(dialplanText(text)).toBe(safe);
});

test('long text is cut at 100 characters and never inside one', () => {
  expect(Array.from(dialplanText('😀'.repeat(500)))).toHaveLength(100);
  expect(Buffer.byteLength(dialplanText('😀'.repeat(500)))).toBe(400);
});
