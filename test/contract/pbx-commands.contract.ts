import type { OriginateOrder, OriginateStage, PbxCommands } from '../../src/telephony/commands/pbx-commands.ts';
import type { TelephonyEvent } from '../../src/telephony/telephony-event.ts';
import { leg, turns } from '../support/commanded-pbx.ts';

/** How the PBX takes everything it is asked, but for looking. */
export type Mood = 'obliging' | 'lackingRights' | 'lost' | 'empty';

export interface CommandedPbx {
  readonly commands: PbxCommands;
  readonly listeners: ReadonlySet<unknown>;
  readonly clock: { readonly waiting: () => number[]; readonly advance: (ms: number) => void };
  tell(...events: TelephonyEvent[]): void;
  goAway(): void;
  /** What would have changed anything on the PBX. */
  changes(): readonly string[];
}

const never = new AbortController().signal;
const at = 0;
const key = 'key-00000001';
const order: OriginateOrder = { key, extension: '1003', purpose: { kind: 'call', dial: '0312345678', callerId: '0398765432' } };
const first = leg(`toritsugi-${key}`, { party: 'phone', extension: '1003' });
const line = leg('line-1', { linkedId: first.id });
const legs = { agentChannelId: 'agent-1', customerChannelId: 'line-1' };

/** What every way of commanding a PBX promises. `whole`: it can do everything; otherwise it says so of what it cannot. */
export function pbxCommandsContract(make: (mood: Mood) => CommandedPbx, isWhole: boolean): void {
  test('a call is placed under the id of its key, in our dialplan, and followed to its end', async () => {
    const pbx = make('obliging');
    const stages: OriginateStage[] = [];
    const placed = pbx.commands.originate(order, (stage) => stages.push(stage), never);
    await turns(() => pbx.changes().length === 1);
    pbx.tell(
      { type: 'dialBegun', at, source: null, target: first, number: null },
      { type: 'channelAnswered', at, channelId: first.id },
      { type: 'dialBegun', at, source: first, target: line, number: '0312345678' },
      { type: 'channelRinging', at, channelId: line.id },
      { type: 'dialEnded', at, targetId: line.id, status: 'busy' },
    );
    expect(await placed).toBe('customerBusy');
    expect(stages).toEqual(['agentRinging', 'farEndCalled', 'farEndRinging']);
    const [sent] = pbx.changes();
    for (const part of ['PJSIP/1003', 'toritsugi-dial', '0312345678', first.id, 'TORITSUGI_AGENT', 'TORITSUGI_CALLER_ID', key]) {
      expect(sent).toContain(part);
    }
    expect([pbx.listeners.size, pbx.clock.waiting()]).toEqual([0, []]);
  });

  test('a supervisor is rung and put beside the agent', async () => {
    const pbx = make('obliging');
    const purpose = { kind: 'spy', mode: 'whisper', agentChannelId: 'agent-1', agentExtension: '1003' } as const;
    const placed = pbx.commands.originate({ key, extension: '1010', purpose }, () => {}, never);
    await turns(() => pbx.changes().length === 1);
    pbx.tell({ type: 'channelAnswered', at, channelId: first.id });
    expect(await placed).toBe('answered');
    for (const part of ['PJSIP/1010', 'toritsugi-spy', 'whisper', 'PJSIP/agent-1']) expect(pbx.changes()[0]).toContain(part);
  });

  test('given up, it is told as unknown, and nothing goes on listening', async () => {
    const pbx = make('obliging');
    const aborting = new AbortController();
    const placed = pbx.commands.originate(order, () => {}, aborting.signal);
    await turns(() => pbx.changes().length === 1);
    aborting.abort();
    expect(await placed).toBe('unknown');
    expect([pbx.listeners.size, pbx.clock.waiting()]).toEqual([0, []]);
  });

  test('nothing is changed for what is not digits', async () => {
    const pbx = make('obliging');
    const call = (dial: string): OriginateOrder => ({ ...order, purpose: { kind: 'call', dial, callerId: null } });
    for (const text of ['1003&1004', '1003\r\nAction: Hangup', 'Local/1003@x', '1003,1', '', '1|2', '../../x', 'a b']) {
      for (const hostile of [call(text), { ...order, extension: text }, { ...order, key: text }]) {
        await expect(pbx.commands.originate(hostile, () => {}, never)).rejects.toMatchObject({ reason: 'unsafe' });
      }
    }
    expect(pbx.changes()).toEqual([]);
  });

  test.each([
    ['lackingRights', { name: 'CommandRefused', reason: 'lackingRights' }],
    ['lost', { name: 'PbxAway', mayHaveHappened: true }],
  ] as const)('%s', async (mood, failure) => {
    const pbx = make(mood);
    await expect(pbx.commands.originate(order, () => {}, never)).rejects.toMatchObject(failure);
    await expect(pbx.commands.hangUp(['line-1'])).rejects.toMatchObject(failure);
    expect([pbx.listeners.size, pbx.clock.waiting()]).toEqual([0, []]);
  });

  test('nothing is sent to a PBX that is away', async () => {
    const pbx = make('obliging');
    pbx.goAway();
    await expect(pbx.commands.originate(order, () => {}, never)).rejects.toMatchObject({
      name: 'PbxAway',
      mayHaveHappened: false,
    });
    await expect(pbx.commands.hangUp(['line-1'])).rejects.toMatchObject({ name: 'PbxAway', mayHaveHappened: false });
    expect(pbx.changes()).toEqual([]);
  });

  test('what is over cannot be ended, and is not on the PBX', async () => {
    const there = make('obliging');
    await there.commands.hangUp(['line-1', 'agent-1']);
    expect(there.changes()).toHaveLength(2);
    expect(await there.commands.isOnPbx(key)).toBe(true);
    const empty = make('empty');
    await expect(empty.commands.hangUp(['line-1'])).rejects.toMatchObject({ reason: 'gone' });
    expect(await empty.commands.isOnPbx(key)).toBe(false);
  });

  test(isWhole ? 'a call that is over cannot be held or moved' : 'what this way cannot do is said, and not tried', async () => {
    const pbx = make('empty');
    const reason = isWhole ? 'gone' : 'notPossible';
    for (const refused of [
      pbx.commands.hold(legs),
      pbx.commands.resume(legs),
      pbx.commands.park({ ...legs, isHeld: false }),
      pbx.commands.transfer({ kind: 'blind', ...legs, dial: '1004', isHeld: false }, never),
      pbx.commands.transfer({ kind: 'consult', ...legs, agentExtension: '1003', colleague: '1004' }, never),
      pbx.commands.transfer({ kind: 'complete', ...legs, colleagueChannelId: 'phone-2' }, never),
    ]) {
      await expect(refused).rejects.toMatchObject({ name: 'CommandRefused', reason });
    }
    if (!isWhole) expect(pbx.changes()).toEqual([]);
  });
}
