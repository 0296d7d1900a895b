import type { AmiAction } from '../../../../src/telephony/ami/ami-action.ts';
import { AmiRefused, AmiUnreachable } from '../../../../src/telephony/ami/ami-client.ts';
import type { OriginateOrder, OriginateStage } from '../../../../src/telephony/commands/pbx-commands.ts';
import { type Answer, createCommandedPbx, done, leg, named, refused, response, turns } from '../../../support/commanded-pbx.ts';

const never = new AbortController().signal;
const at = 0;
const key = 'key-00000001';
const order: OriginateOrder = { key, extension: '1003', purpose: { kind: 'call', dial: '0312345678', callerId: null } };
const legs = { agentChannelId: 'agent-1', customerChannelId: 'line-1' };

/** Names channels, says yes to everything else. */
const obliging = (action: AmiAction): Answer => (action.name === 'Getvar' ? named(action) : done);

const entered = (channelId: string, kind: 'holding' | 'conversation') =>
  ({ type: 'bridgeEntered', at, bridgeId: 'b', kind, channel: leg(channelId) }) as const;

describe('placing a call', () => {
  test('rings the agent under the id of the key, and goes on in our dialplan', async () => {
    const pbx = createCommandedPbx();
    const stages: OriginateStage[] = [];
    const placed = pbx.commands.originate(order, (stage) => stages.push(stage), never);
    await Promise.resolve();
    const first = leg(`toritsugi-${key}`, { party: 'phone', extension: '1003' });
    const line = leg('line-1', { linkedId: first.id });
    pbx.tell(
      { type: 'dialBegun', at, source: null, target: first, number: null },
      { type: 'channelAnswered', at, channelId: first.id },
      { type: 'dialBegun', at, source: first, target: line, number: '0312345678' },
      { type: 'channelRinging', at, channelId: line.id },
      { type: 'dialEnded', at, targetId: line.id, status: 'answered' },
    );
    expect(await placed).toBe('answered');
    expect(stages).toEqual(['agentRinging', 'farEndCalled', 'farEndRinging']);
    expect(pbx.sent()).toEqual([
      'Originate | Channel: PJSIP/1003 | Context: toritsugi-dial | Exten: 0312345678 | Priority: 1 | Timeout: 25000 | CallerID: "0312345678" <0312345678> | Async: true | ChannelId: toritsugi-key-00000001 | Variable: TORITSUGI_KEY=key-00000001 | Variable: TORITSUGI_AGENT=1003 | Variable: TORITSUGI_CALLER_ID=',
    ]);
    expect(pbx.listeners.size).toBe(0);
  });

  test('shows the customer the number of the list', async () => {
    const pbx = createCommandedPbx();
    void pbx.commands.originate(
      { ...order, purpose: { kind: 'call', dial: '0312345678', callerId: '+81398765432' } },
      () => {},
      never,
    );
    await Promise.resolve();
    expect(pbx.sent()[0]).toContain('Variable: TORITSUGI_CALLER_ID=81398765432');
  });

  test('nothing is sent for what is not digits', async () => {
    const pbx = createCommandedPbx(obliging);
    const hostile = ['1003&1004', '1003\r\nAction: Hangup', 'Local/1003@x', '1003,1', '', '1|2', '$' + '{X}'];
    const orders = hostile.flatMap((text): OriginateOrder[] => [
      { ...order, extension: text },
      { ...order, purpose: { kind: 'call', dial: text, callerId: null } },
      { ...order, purpose: { kind: 'call', dial: '0312345678', callerId: text || 'x' } },
      { ...order, purpose: { kind: 'spy', mode: 'listen', agentChannelId: 'a', agentExtension: text } },
      { ...order, key: text },
    ]);
    for (const each of orders) {
      await expect(pbx.commands.originate(each, () => {}, never)).rejects.toMatchObject({ reason: 'unsafe' });
    }
    for (const dial of hostile) {
      await expect(pbx.commands.transfer({ kind: 'blind', ...legs, dial, isHeld: false }, never)).rejects.toMatchObject({
        reason: 'unsafe',
      });
      const consultation = { kind: 'consult', ...legs, agentExtension: '1003', colleague: dial } as const;
      await expect(pbx.commands.transfer(consultation, never)).rejects.toMatchObject({ reason: 'unsafe' });
    }
    expect(pbx.sent().filter((line) => !/^(Getvar|Setvar)/.test(line))).toEqual([]);
  });

  test.each<[string, Answer, object]>([
    ['without our dialplan', refused('Extension does not exist.'), { name: 'CommandRefused', reason: 'noDialplan' }],
    ['without the right', new AmiRefused('Permission denied.', 'Give it.'), { name: 'CommandRefused', reason: 'lackingRights' }],
    ['that says no', refused('Something else'), { name: 'CommandRefused', reason: 'pbxRefused' }],
    ['that is lost', new AmiUnreachable('gone'), { name: 'PbxAway', mayHaveHappened: true }],
  ])('at a PBX %s', async (_, answer, failure) => {
    const pbx = createCommandedPbx(() => answer);
    await expect(pbx.commands.originate(order, () => {}, never)).rejects.toMatchObject(failure);
    expect(pbx.listeners.size).toBe(0);
    expect(pbx.clock.waiting()).toEqual([]);
  });

  test('at a PBX that is away nothing is sent', async () => {
    const pbx = createCommandedPbx();
    pbx.goAway();
    await expect(pbx.commands.originate(order, () => {}, never)).rejects.toMatchObject({
      name: 'PbxAway',
      mayHaveHappened: false,
    });
    expect(pbx.sent()).toEqual([]);
  });

  test('of which nothing is heard ends as unknown', async () => {
    const pbx = createCommandedPbx();
    const placed = pbx.commands.originate(order, () => {}, never);
    await turns(() => pbx.clock.waiting().length > 0);
    pbx.clock.advance(180_000);
    expect(await placed).toBe('unknown');
  });
});

describe('hold', () => {
  test('takes both ends into the waiting bridge, and back', async () => {
    const pbx = createCommandedPbx((action) => {
      if (action.name === 'Redirect') {
        const isHold = action.headers?.some(([, value]) => value === 'customer');
        queueMicrotask(() => pbx.tell(entered('line-1', isHold ? 'holding' : 'conversation')));
      }
      return obliging(action);
    });
    await pbx.commands.hold(legs);
    expect(pbx.sent().slice(2)).toEqual([
      'Setvar | Channel: line-1 | Variable: TORITSUGI_HOLDER | Value: PJSIP/agent-1',
      'Setvar | Channel: agent-1 | Variable: TORITSUGI_HELD | Value: PJSIP/line-1',
      'Redirect | Channel: line-1 | Context: toritsugi-hold | Exten: customer | Priority: 1 | ExtraChannel: agent-1 | ExtraContext: toritsugi-hold | ExtraExten: agent | ExtraPriority: 1',
    ]);
    await pbx.commands.resume(legs);
    expect(pbx.sent().at(-1)).toBe('Redirect | Channel: agent-1 | Context: toritsugi-hold | Exten: resume | Priority: 1');
  });

  test('that the PBX acknowledges and does not do is no hold', async () => {
    const pbx = createCommandedPbx(obliging);
    const held = pbx.commands.hold(legs);
    const refusal = expect(held).rejects.toMatchObject({ reason: 'pbxRefused' });
    await turns(() => pbx.clock.waiting().length > 0);
    pbx.clock.advance(5_000);
    await refusal;
  });

  test('of a customer who has hung up is refused', async () => {
    const pbx = createCommandedPbx(() => refused('No such channel'));
    await expect(pbx.commands.hold(legs)).rejects.toMatchObject({ reason: 'gone' });
    await expect(pbx.commands.resume(legs)).rejects.toMatchObject({ reason: 'gone' });
  });
});

describe('transfer', () => {
  test('blind: the agent leaves, the customer goes into the dialplan', async () => {
    const pbx = createCommandedPbx(obliging);
    expect(await pbx.commands.transfer({ kind: 'blind', ...legs, dial: '1004', isHeld: false }, never)).toBe('transferred');
    expect(pbx.sent().at(-1)).toBe('BlindTransfer | Channel: PJSIP/agent-1 | Context: toritsugi-dial | Exten: 1004');
  });

  test('blind out of a hold: the agent is let go after the customer has left', async () => {
    const pbx = createCommandedPbx(obliging);
    await pbx.commands.transfer({ kind: 'blind', ...legs, dial: '1004', isHeld: true }, never);
    expect(pbx.sent()).toEqual([
      'Redirect | Channel: line-1 | Context: toritsugi-dial | Exten: 1004 | Priority: 1',
      'Setvar | Channel: agent-1 | Variable: TORITSUGI_HELD | Value: ',
      'Hangup | Channel: agent-1 | Cause: 16',
    ]);
  });

  test('attended: tells how the colleague took it', async () => {
    const pbx = createCommandedPbx(obliging);
    const consultation = { kind: 'consult', ...legs, agentExtension: '1003', colleague: '1004' } as const;
    const consulted = pbx.commands.transfer(consultation, never);
    await turns(() => pbx.listeners.size > 0);
    const colleague = leg('phone-2', { party: 'phone', extension: '1004' });
    pbx.tell(
      { type: 'dialBegun', at, source: leg('agent-1', { party: 'phone', extension: '1003' }), target: colleague, number: null },
      { type: 'dialEnded', at, targetId: colleague.id, status: 'busy' },
    );
    expect(await consulted).toBe('colleagueBusy');
    expect(pbx.sent()).toContain('Setvar | Channel: agent-1 | Variable: TORITSUGI_CONSULT | Value: PJSIP/1004');
  });

  test('attended, completed: the hold is over before the ends are joined', async () => {
    const pbx = createCommandedPbx((action) => {
      if (action.name === 'Bridge') queueMicrotask(() => pbx.tell(entered('line-1', 'conversation')));
      return obliging(action);
    });
    expect(await pbx.commands.transfer({ kind: 'complete', ...legs, colleagueChannelId: 'phone-2' }, never)).toBe('transferred');
    expect(pbx.sent().slice(2)).toEqual([
      'Setvar | Channel: agent-1 | Variable: TORITSUGI_HELD | Value: ',
      'Bridge | Channel1: PJSIP/line-1 | Channel2: PJSIP/phone-2',
    ]);
  });
});

describe('parking', () => {
  const slots = response('Response: Success', ['Event: ParkedCall\r\nParkeeUniqueid: line-1\r\nParkingSpace: 703']);
  const parking = (action: AmiAction): Answer => (action.name === 'ParkedCalls' ? slots : obliging(action));

  test('answers the slot; the call comes back to the agent who parked it', async () => {
    const pbx = createCommandedPbx(parking);
    expect(await pbx.commands.park({ ...legs, isHeld: false })).toEqual({ slot: '703' });
    expect(pbx.sent()).toContain('Park | Channel: PJSIP/line-1 | TimeoutChannel: PJSIP/agent-1');
  });

  test('retrieving rings the agent and dials the slot', async () => {
    const pbx = createCommandedPbx(parking);
    void pbx.commands.originate({ ...order, purpose: { kind: 'retrieve', parkedChannelId: 'line-1' } }, () => {}, never);
    await turns(() => pbx.sent().length >= 2);
    expect(pbx.sent()[1]).toContain('Context: toritsugi-dial | Exten: 703');
  });

  test('what somebody else has retrieved is gone', async () => {
    const pbx = createCommandedPbx(parking);
    const retrieve: OriginateOrder = { ...order, purpose: { kind: 'retrieve', parkedChannelId: 'line-9' } };
    await expect(pbx.commands.originate(retrieve, () => {}, never)).rejects.toMatchObject({ reason: 'gone' });
  });
});

test.each(['listen', 'whisper', 'barge'] as const)('%s: the supervisor is rung and put beside the agent', async (mode) => {
  const pbx = createCommandedPbx(obliging);
  const spy: OriginateOrder = {
    ...order,
    extension: '1010',
    purpose: { kind: 'spy', mode, agentChannelId: 'a-1', agentExtension: '1003' },
  };
  const placed = pbx.commands.originate(spy, () => {}, never);
  await turns(() => pbx.listeners.size > 0);
  pbx.tell({ type: 'channelAnswered', at, channelId: `toritsugi-${key}` });
  expect(await placed).toBe('answered');
  expect(pbx.sent()[1]).toContain(`Context: toritsugi-spy | Exten: ${mode}`);
  expect(pbx.sent()[1]).toContain('Variable: TORITSUGI_TARGET=PJSIP/a-1');
});

describe('hanging up', () => {
  test('ends every leg that is left', async () => {
    const pbx = createCommandedPbx((action) => (action.headers?.[0]?.[1] === 'gone-1' ? refused('No such channel') : done));
    await pbx.commands.hangUp(['gone-1', 'line-1']);
    expect(pbx.sent()).toHaveLength(2);
    await expect(pbx.commands.hangUp(['gone-1'])).rejects.toMatchObject({ reason: 'gone' });
  });
});

test('the call of a key is found by its preset id', async () => {
  const pbx = createCommandedPbx((action) =>
    action.headers?.[0]?.[1] === `toritsugi-${key}` ? named(action) : refused('No such channel'),
  );
  expect(await pbx.commands.isOnPbx(key)).toBe(true);
  expect(await pbx.commands.isOnPbx('key-00000002')).toBe(false);
});
