import { named } from '../../support/ami-connection.ts';
import { type HeardEvent, ofType } from '../../support/ari-listening.ts';
import { openSandboxEarsForEach, type SandboxEars } from '../../support/sandbox-ears.ts';

const open = openSandboxEarsForEach();

const message = (text: string) => ({ message: text });
const idOf = (event: HeardEvent) => (event.channel as { id: string }).id;
const about = (type: string, id: string) => (event: HeardEvent) => event.type === type && idOf(event) === id;

/** An agent's phone in the application, answered. */
async function inApplication(ears: SandboxEars, id = 'leg-1', phone = '1002'): Promise<void> {
  const made = await ears.ask('POST', `/channels?endpoint=PJSIP/${phone}&app=crm-hub&appArgs=a,b&channelId=${id}`);
  expect(made.status).toBe(200);
  await ears.advance(3_000);
  await ears.ari.until(about('StasisStart', id));
}

describe('a call of the application', () => {
  test('is made with variables and a caller, and enters when it is answered', async () => {
    const ears = await open();
    const made = await ears.ask(
      'POST',
      '/channels?endpoint=PJSIP/1002&app=crm-hub&appArgs=a,b&callerId=Foo%20<0901>&channelId=leg-1&timeout=20',
      { variables: { CRM_CALL_ID: 'zz' } },
    );
    expect(made.body).toMatchObject({
      id: 'leg-1',
      state: 'Down',
      caller: { name: 'Foo', number: '0901' },
      dialplan: { app_name: 'AppDial2' },
    });
    await ears.advance(3_000);
    const started = await ears.ari.until(ofType('StasisStart'));
    expect(started).toMatchObject({ args: ['a', 'b'], application: 'crm-hub', channel: { id: 'leg-1', state: 'Up' } });
    expect(await ears.ask('GET', '/channels/leg-1/variable?variable=CRM_CALL_ID')).toMatchObject({ body: { value: 'zz' } });
    expect((await ears.ask('GET', '/channels/leg-1')).body).toMatchObject({
      dialplan: { app_name: 'Stasis', app_data: 'crm-hub,a,b' },
    });
  });

  test('answers, rings, holds, plays music and takes variables', async () => {
    const ears = await open();
    await inApplication(ears);
    for (const [method, what] of [
      ...(['answer', 'ring', 'hold', 'moh'] as const).map((word) => ['POST', word] as const),
      ...(['ring', 'hold', 'moh'] as const).map((word) => ['DELETE', word] as const),
    ]) {
      expect(await ears.ask(method, `/channels/leg-1/${what}`)).toMatchObject({ status: 204 });
    }
    await ears.ask('POST', '/channels/leg-1/variable?variable=QUEUE&value=sales');
    expect(await ears.ari.until(ofType('ChannelVarset', { variable: 'QUEUE' }))).toMatchObject({ value: 'sales' });
    expect((await ears.news()).filter(named('MusicOnHoldStart'))).toHaveLength(2);
    expect((await ears.ask('POST', '/channels/leg-1/mute?direction=in')).status).toBe(204);
    expect((await ears.ask('POST', '/channels/leg-1/mute')).body).toEqual(message('Direction is required'));
    expect((await ears.ask('POST', '/channels/leg-1/dtmf')).body).toEqual(message('DTMF is required'));
  });

  test('goes on in the dialplan when it is told to', async () => {
    const ears = await open();
    await inApplication(ears);
    const went = await ears.ask('POST', '/channels/leg-1/continue?context=from-internal&extension=1004&priority=1');
    expect(went.status).toBe(204);
    expect(idOf(await ears.ari.until(ofType('StasisEnd')))).toBe('leg-1');
    await ears.advance(3_000);
    expect((await ears.news()).filter(named('BridgeEnter')).map((one) => one.get('Channel'))).toEqual([
      'PJSIP/1004-00000001',
      'PJSIP/1002-00000000',
    ]);
    expect(await ears.ask('POST', '/channels/leg-1/hold')).toEqual({
      status: 409,
      body: message('Channel not in Stasis application'),
    });
  });

  test('is put into a bridge with another, out of it again, and hung up with a reason', async () => {
    const ears = await open();
    await inApplication(ears);
    await inApplication(ears, 'leg-2', '1003');
    expect((await ears.ask('POST', '/bridges/b-1?type=mixing&name=talk')).body).toMatchObject({
      ...{ id: 'b-1', bridge_class: 'stasis', creator: 'Stasis', name: 'talk', channels: [], video_mode: 'talker' },
    });
    expect((await ears.ask('POST', '/bridges/b-1/addChannel?channel=leg-1,leg-2')).status).toBe(204);
    expect((await ears.ask('GET', '/bridges/b-1')).body).toMatchObject({ channels: ['leg-1', 'leg-2'] });
    const entered = (await ears.news()).filter(named('BridgeEnter'));
    expect(entered.map((one) => one.get('Linkedid'))).toEqual(['leg-1', 'leg-1']);
    expect((await ears.ask('POST', '/bridges/b-1/removeChannel?channel=leg-2')).status).toBe(204);
    expect((await ears.ask('POST', '/bridges/b-1/removeChannel?channel=leg-2')).body).toEqual(
      message('Channel not in this bridge'),
    );
    expect((await ears.ask('DELETE', '/channels/leg-2?reason=busy')).status).toBe(204);
    expect(await ears.ari.until(about('ChannelDestroyed', 'leg-2'))).toMatchObject({
      cause: 17,
      cause_txt: 'User busy',
      tech_cause: 486,
    });
    expect((await ears.ask('DELETE', '/bridges/b-1')).status).toBe(204);
    expect((await ears.ask('GET', '/channels')).body).toMatchObject([{ id: 'leg-1' }]);
  });

  test('can be made first and called later', async () => {
    const ears = await open();
    const made = await ears.ask('POST', '/channels/create?endpoint=PJSIP/1005&app=crm-hub&channelId=later');
    expect(made.body).toMatchObject({ id: 'later', state: 'Down' });
    await ears.ari.until(about('StasisStart', 'later'));
    expect((await ears.ask('POST', '/channels/later/answer')).body).toEqual(message('Channel in invalid state'));
    expect((await ears.ask('POST', '/channels/later/dial?timeout=20')).status).toBe(204);
    expect((await ears.ask('POST', '/channels/later/dial')).body).toEqual(message("Channel is not in the 'Down' state"));
    await ears.advance(3_000);
    expect(await ears.ari.until(ofType('Dial', { dialstatus: 'ANSWER' }))).toMatchObject({ peer: { id: 'later', state: 'Up' } });
  });

  test('is listened to through a channel of its own, which ends with it', async () => {
    const ears = await open();
    await inApplication(ears);
    const made = await ears.ask('POST', '/channels/leg-1/snoop?spy=both&app=crm-hub&snoopId=ear');
    expect(made.body).toMatchObject({ id: 'ear', name: 'Snoop/leg-1-00000000', state: 'Up' });
    await ears.ari.until(about('StasisStart', 'ear'));
    await ears.ask('POST', '/bridges/b-1?type=mixing');
    expect((await ears.ask('POST', '/bridges/b-1/addChannel?channel=ear')).status).toBe(204);
    await ears.ask('DELETE', '/channels/leg-1');
    await ears.ari.until(about('ChannelDestroyed', 'ear'));
    expect((await ears.ask('GET', '/bridges/b-1')).body).toMatchObject({ channels: [] });
  });
});

describe('routing', () => {
  test('a caller enters the application and goes on to the queue it chose', async () => {
    const ears = await open();
    const caller = ears.pbx.calls.fromOutside({ from: '09012345678', to: '0312345684' });
    expect(await ears.ari.until(about('StasisStart', caller))).toMatchObject({
      args: ['inbound', '0312345684'],
      channel: { state: 'Ring', caller: { number: '09012345678' } },
    });
    await ears.ask('POST', `/channels/${caller}/variable?variable=OWNER&value=1002`);
    await ears.ask('POST', `/channels/${caller}/continue?context=from-internal&extension=600&priority=1`);
    await ears.ari.until(about('StasisEnd', caller));
    await ears.advance(3_000);
    const news = await ears.news();
    expect(news.find(named('QueueCallerJoin'))?.get('Queue')).toBe('sales');
    expect(news.find(named('AgentConnect'))?.get('Uniqueid')).toBe(caller);
  });

  test('without the application the dialplan goes on, and says why', async () => {
    const ears = await open();
    ears.ari.close();
    await ears.ari.closed;
    while (ears.pbx.ariListeners() > 0) await new Promise((resolve) => setImmediate(resolve));
    ears.pbx.calls.fromOutside({ from: '09012345678', to: '0312345684' });
    const news = await ears.news();
    expect(news.filter((one) => one.get('Variable') === 'STASISSTATUS').map((one) => one.get('Value'))).toEqual(['', 'FAILED']);
    expect(news.at(-1)?.event).toBe('DeviceStateChange');
  });

  test('any call can be sent in, a played one too', async () => {
    const { loadRecording } = await import('../../../infra/sandbox/asterisk/recording.ts');
    const ears = await open();
    const recording = loadRecording('infra/sandbox/asterisk/recordings/01-queue-answered.ami.gz');
    const playback = ears.pbx.play(recording, { pace: 'byHand' });
    playback.advanceTo({ Event: 'Newexten' });
    const caller = playback.freshOf('1795377385.0') ?? '';
    ears.pbx.calls.enterStasis(caller, 'crm-hub', ['inbound']);
    expect(await ears.ari.until(about('StasisStart', caller))).toMatchObject({ args: ['inbound'] });
    expect((await ears.ask('POST', `/channels/${caller}/continue?context=from-internal&extension=690&priority=1`)).status).toBe(
      204,
    );
    expect((await ears.ask('GET', `/channels/${caller}`)).body).toMatchObject({ dialplan: { app_name: 'Echo' } });
  });
});

describe('what Asterisk refuses is refused in its words', () => {
  test.each<[string, string, number, unknown]>([
    ['POST', '/channels', 400, message('Endpoint must be specified')],
    ['POST', '/channels?endpoint=bogus&app=x', 400, message('Invalid endpoint specified')],
    ['POST', '/channels?endpoint=PJSIP/1001', 400, message('Application or extension must be specified')],
    ['POST', '/channels?endpoint=PJSIP/nope&app=x', 500, { error: 'Allocation failed' }],
    ['POST', '/channels?endpoint=PJSIP/1001&app=x&originator=gone', 400, message('Provided originator channel was not found')],
    ['DELETE', '/channels/gone', 404, message('Channel not found')],
    ['POST', '/channels/gone/answer', 404, message('Channel not found')],
    ['GET', '/channels/gone/variable', 400, message('Variable name is required')],
    ['GET', '/channels/gone/variable?variable=A', 404, message('Provided channel was not found')],
    ['POST', '/channels/gone/snoop?spy=both&app=x', 404, message('Provided channel was not found')],
    ['POST', '/channels/gone/snoop?spy=sideways&app=x', 400, message('Invalid direction specified for spy')],
    ['POST', '/channels/gone/snoop?app=x', 400, message('Direction must be specified for at least spy or whisper')],
    ['POST', '/bridges?type=bogus', 500, message("Unable to create bridge. Possible duplicate bridge id '(null)'")],
    ['DELETE', '/bridges/gone', 404, message('Bridge not found')],
    ['POST', '/bridges/gone/addChannel?channel=x', 404, message('Bridge not found')],
  ])('%s %s', async (method, path, status, body) => {
    const ears = await open();
    expect(await ears.ask(method, path)).toEqual({ status, body });
  });

  test('what is taken, what is missing, and what is no business of ARI', async () => {
    const ears = await open();
    await inApplication(ears);
    const again = await ears.ask('POST', '/channels?endpoint=PJSIP/1003&app=crm-hub&channelId=leg-1');
    expect(again).toEqual({ status: 409, body: message('Channel with given unique ID already exists') });
    await ears.ask('POST', '/bridges/b-1');
    expect(await ears.ask('POST', '/bridges/b-1')).toEqual({ status: 409, body: message("Bridge with id 'b-1' already exists") });
    expect((await ears.ask('POST', '/bridges/b-1/addChannel')).body).toEqual(message('Missing parameter channel'));
    expect(await ears.ask('POST', '/bridges/b-1/addChannel?channel=leg-1,gone')).toEqual({
      status: 400,
      body: message('Channel not found'),
    });
    const outsider = ears.pbx.calls.fromPhone('1004', '690');
    expect(await ears.ask('POST', `/bridges/b-1/addChannel?channel=${outsider}`)).toEqual({
      status: 422,
      body: message('Channel not in Stasis application'),
    });
    expect((await ears.ask('DELETE', '/channels/leg-1?reason=bogus')).body).toEqual(
      message('Invalid reason for hangup reason provided'),
    );
    expect((await ears.ask('POST', '/channels/leg-1/redirect?endpoint=SIP/1')).body).toEqual(
      message("Endpoint technology 'SIP' does not match channel technology 'PJSIP'"),
    );
    expect((await ears.ask('GET', '/channels/leg-1/variable?variable=NOPE')).body).toEqual(
      message('Provided variable was not found'),
    );
  });
});
