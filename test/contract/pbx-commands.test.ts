import type { AmiAction } from '../../src/telephony/ami/ami-action.ts';
import { AmiRefused, AmiUnreachable } from '../../src/telephony/ami/ami-client.ts';
import { AriRefused, type AriRequest, type AriResponse, AriUnreachable } from '../../src/telephony/ari/ari-client.ts';
import { createCommandedAriPbx } from '../support/commanded-ari-pbx.ts';
import { type Answer, createCommandedPbx, done, named, refused } from '../support/commanded-pbx.ts';
import { type CommandedPbx, type Mood, pbxCommandsContract } from './pbx-commands.contract.ts';

function overAmi(mood: Mood): CommandedPbx {
  const answers: Readonly<Record<Mood, (action: AmiAction) => Answer>> = {
    obliging: () => done,
    lackingRights: () => new AmiRefused('Permission denied.', 'Give it.'),
    lost: () => new AmiUnreachable('The connection broke.'),
    empty: () => refused('No such channel'),
  };
  const pbx = createCommandedPbx((action) =>
    action.name === 'Getvar' && mood !== 'empty' ? named(action) : answers[mood](action),
  );
  return { ...pbx, changes: () => pbx.sent().filter((line) => !line.startsWith('Getvar')) };
}

function overAri(mood: Mood): CommandedPbx {
  const answers: Readonly<Record<Mood, (request: AriRequest) => AriResponse | Error>> = {
    obliging: () => ({ status: 200, body: {} }),
    lackingRights: () => new AriRefused('Read only.', 'Let it write.'),
    lost: () => new AriUnreachable('The connection broke.'),
    empty: () => ({ status: 404, body: { message: 'Channel not found' } }),
  };
  const pbx = createCommandedAriPbx((request) => {
    if (request.method !== 'GET' || mood === 'empty') return answers[mood](request);
    if (request.path.startsWith('/endpoints/')) return { status: 200, body: { state: 'online' } };
    return { status: 200, body: { name: `PJSIP/${request.path.split('/').at(-1)}` } };
  });
  return { ...pbx, changes: () => pbx.sent.filter(({ method }) => method !== 'GET').map((request) => JSON.stringify(request)) };
}

describe('commands over AMI', () => pbxCommandsContract(overAmi, true));

describe('commands over ARI', () => {
  pbxCommandsContract(overAri, false);

  test.each([
    ['is not registered', { status: 200, body: { state: 'offline' } }],
    ['is not known', { status: 404, body: { message: 'Endpoint not found' } }],
  ])('a phone that %s is not rung', async (_, endpoint) => {
    const pbx = createCommandedAriPbx(() => endpoint);
    const purpose = { kind: 'call', dial: '0312345678', callerId: null } as const;
    const placed = pbx.commands.originate(
      { key: 'key-00000001', extension: '1003', purpose },
      () => {},
      new AbortController().signal,
    );
    expect(await placed).toBe('agentUnreachable');
    expect(pbx.sent.map(({ path }) => path)).toEqual(['/endpoints/PJSIP/1003']);
  });

  test('a key whose call is there already is refused by the PBX', async () => {
    const pbx = createCommandedAriPbx(({ method }) => ({ status: method === 'POST' ? 409 : 200, body: {} }));
    const purpose = { kind: 'call', dial: '0312345678', callerId: null } as const;
    const placed = pbx.commands.originate(
      { key: 'key-00000001', extension: '1003', purpose },
      () => {},
      new AbortController().signal,
    );
    await expect(placed).rejects.toMatchObject({ reason: 'pbxRefused' });
  });
});
