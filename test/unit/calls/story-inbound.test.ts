import { createStory } from '../../support/pbx-story.ts';

describe('an inbound call', () => {
  test('that overflows from one queue to another waits from the first and lists both', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    pbx.join(caller, 'sales');
    const first = pbx.ring(caller, '1001');
    pbx.wait(10);
    pbx.fail(first, 'noAnswer');
    pbx.leaveQueue(caller, 'sales');
    pbx.join(caller, 'support');
    const second = pbx.ring(caller, '1005');
    pbx.wait(5);
    pbx.leaveQueue(caller, 'support');
    pbx.connect(caller, second);
    pbx.wait(20);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ queue: 'sales', queues: ['sales', 'support'], rang: ['1001', '1005'], answeredBy: '1005' },
      ...{ waitSeconds: 15, talkSeconds: 20, result: 'answered', hangupBy: 'customer', transfers: [] },
    });
  });

  test('that nobody in the queue takes before the queue gives up is a call nobody answered', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    pbx.tell({ type: 'channelAnswered', channelId: caller.id });
    pbx.join(caller, 'sales');
    const phone = pbx.ring(caller, '1001');
    pbx.wait(60);
    pbx.fail(phone, 'cancelled');
    pbx.leaveQueue(caller, 'sales');
    pbx.wait(3);
    pbx.end(caller);
    expect(pbx.onlyCall()).toMatchObject({ result: 'noAnswer', hangupBy: 'pbx', waitSeconds: 60, talkSeconds: 0 });
  });

  test('whose caller hangs up between two attempts of the queue is abandoned', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    pbx.join(caller, 'sales');
    const phone = pbx.ring(caller, '1001');
    pbx.wait(8);
    pbx.fail(phone, 'noAnswer');
    pbx.wait(1);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({ result: 'abandoned', hangupBy: 'customer', waitSeconds: 9 });
  });

  test('whose caller hangs up at the very moment an agent answers is abandoned', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    pbx.join(caller, 'sales');
    const phone = pbx.ring(caller, '1001');
    pbx.wait(12);
    pbx.answer(phone);
    pbx.leaveQueue(caller, 'sales');
    pbx.hangUp(caller);
    pbx.end(phone);
    expect(pbx.onlyCall()).toMatchObject({ result: 'abandoned', answered: false, rang: ['1001'], hangupBy: 'customer' });
  });

  test('is abandoned even when the PBX tells of the hang-up before the end of the ringing', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    const phone = pbx.ring(caller, '1001');
    pbx.wait(4);
    pbx.end(caller, null);
    pbx.fail(phone, 'cancelled');
    expect(pbx.onlyCall()).toMatchObject({ result: 'abandoned', waitSeconds: 4, rang: ['1001'] });
  });

  test('to a phone that refuses is rejected, and the phone counts as rung', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    const phone = pbx.ring(caller, '1001');
    pbx.wait(1);
    pbx.tell({ type: 'hangupRequested', channelId: phone.id });
    pbx.fail(phone, 'noAnswer', 21);
    pbx.end(caller, 21);
    expect(pbx.onlyCall()).toMatchObject({ result: 'rejected', rang: ['1001'], hangupBy: 'pbx', hangupCause: 21 });
  });

  test('does not count a phone as rung that could not be reached', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    const dead = pbx.channel({ extension: '1001', outgoing: true, linkedId: caller.id });
    pbx.tell({ type: 'dialBegun', source: caller, target: dead, number: null });
    pbx.fail(dead, 'unreachable', 20);
    pbx.end(caller, 20);
    expect(pbx.onlyCall()).toMatchObject({ result: 'failed', rang: [] });
  });

  test('that ends in voicemail says so', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    const phone = pbx.ring(caller, '1001');
    pbx.wait(20);
    pbx.fail(phone, 'noAnswer');
    pbx.tell({ type: 'voicemailReached', channelId: caller.id });
    pbx.wait(15);
    pbx.hangUp(caller);
    expect(pbx.onlyCall()).toMatchObject({ result: 'voicemail', answered: false, waitSeconds: 20 });
  });

  test('forwarded by the phone to a mobile is answered, though by no agent', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '0312345679');
    const phone = pbx.ring(caller, '1006');
    pbx.fail(phone, 'cancelled');
    const [one, two] = pbx.localPair(caller, '09011110001');
    pbx.tell({ type: 'dialBegun', source: caller, target: one, number: null });
    const mobile = pbx.dialOut(two, '09011110001');
    pbx.wait(4);
    pbx.answer(mobile);
    pbx.enter(mobile, 'far');
    pbx.enter(two, 'far');
    pbx.enter(one, 'near');
    pbx.enter(caller, 'near');
    pbx.wait(10);
    pbx.hangUp(mobile);
    pbx.end(caller);
    expect(pbx.onlyCall()).toMatchObject({
      ...{ direction: 'inbound', customer: { raw: '09012345678' }, answered: true, answeredBy: null, spokeWith: [] },
      ...{ rang: ['1006'], talkSeconds: 10, transfers: [] },
    });
  });

  test('of a withheld caller has no number', () => {
    const pbx = createStory();
    for (const given of ['anonymous', null]) pbx.hangUp(pbx.callFromOutside(given, '0312345679'));
    expect(pbx.ended().map((record) => record.customer)).toEqual([
      { raw: 'anonymous', number: null, name: null, withheld: true },
      { raw: null, number: null, name: null, withheld: true },
    ]);
  });

  test('keeps the number the dialplan learned for the one dialled', () => {
    const pbx = createStory();
    const caller = pbx.callFromOutside('09012345678', '+81312345679');
    pbx.tell({ type: 'didLearned', channelId: caller.id, number: '0312345679' });
    pbx.hangUp(caller);
    expect(pbx.onlyCall().did).toBe('0312345679');
  });

  test('stays two calls when two customers meet in a conference, and both have spoken with the agent', () => {
    const pbx = createStory();
    const agent = pbx.callFromPhone('1001', '800');
    pbx.enter(agent, 'room', 'conference');
    const one = pbx.callFromOutside('09011111111', '0312345685');
    pbx.enter(one, 'room', 'conference');
    const two = pbx.callFromOutside('09022222222', '0312345685');
    pbx.enter(two, 'room', 'conference');
    pbx.wait(30);
    pbx.hangUp(one);
    pbx.wait(10);
    pbx.hangUp(two);
    pbx.hangUp(agent);
    const calls = pbx.ended().filter(({ direction }) => direction === 'inbound');
    expect(calls.map((call) => [call.customer?.raw, call.spokeWith, call.talkSeconds])).toEqual([
      ['09011111111', ['1001'], 30],
      ['09022222222', ['1001'], 40],
    ]);
  });
});
