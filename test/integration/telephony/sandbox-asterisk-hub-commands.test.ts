/** The commands' dialplan as shipped, on the sandbox PBX: what it tells is what a real Asterisk told. */
import type { Dialplan, Step } from '../../../infra/sandbox/asterisk/live/dialplan.ts';
import { recordedDialplan } from '../../../infra/sandbox/asterisk/live/recorded-dialplan.ts';
import type { AmiMessage } from '../../../src/telephony/ami/ami-message.ts';
import { named } from '../../support/ami-connection.ts';
import { openSandboxEars, type SandboxEars } from '../../support/sandbox-ears.ts';
import { recordedMessages, toldByChannel } from '../../support/told-by-channel.ts';

let ears: SandboxEars;
let heard: AmiMessage[];

/** Those before 66 were recorded while the consultation had no `g`. */
const dialplanOf = (scenario: string): Dialplan => {
  const hold = recordedDialplan['toritsugi-hold'] ?? {};
  const consult = (hold.consult ?? []).map(([name, data]): Step => [name, data.replace(/,30,g$/, ',30')]);
  return scenario < '66' ? { ...recordedDialplan, 'toritsugi-hold': { ...hold, consult } } : recordedDialplan;
};

afterEach(() => ears.close());

async function advance(ms: number): Promise<void> {
  await ears.advance(ms);
  heard.push(...(await ears.news()));
}

/** The newest channel at a phone or a line. */
function at(device: string): string {
  const channels = heard.filter(named('Newchannel')).map((message) => message.get('Channel') ?? '');
  const found = channels.findLast((name) => name.startsWith(`PJSIP/${device}-`));
  if (found === undefined) throw new Error(`nobody has called ${device}`);
  return found;
}

const idAt = (device: string) => ears.pbx.calls.channelsOf(`PJSIP/${device}`).at(-1) ?? '';
const place = (exten: string, context = 'toritsugi-hold') => ({ Context: context, Exten: exten, Priority: '1' });
const keyIn = (scenario: string) => {
  const settings = recordedMessages(scenario).filter((message) => message.get('Variable') === 'TORITSUGI_KEY');
  return settings[0]?.get('Value') ?? '';
};
const set = (channel: string, name: string, value: string) =>
  ears.act('Setvar', { Channel: channel, Variable: name, Value: value });

async function clickToCall(extension: string, dial: string, key: string): Promise<void> {
  const callerId = dial.length > 4 ? ['TORITSUGI_CALLER_ID='] : [];
  const variables = [`TORITSUGI_KEY=${key}`, `TORITSUGI_AGENT=${extension}`, ...callerId];
  await ears.act('Originate', {
    ...{ Channel: `PJSIP/${extension}`, ...place(dial, 'toritsugi-dial'), Async: 'true', CallerID: `"${dial}" <${dial}>` },
    ...{ ChannelId: `toritsugi-${key}`, Variable: variables },
  });
  await advance(3_000);
  await advance(3_000);
}

/** 1006 has answered a caller. */
async function answered(): Promise<void> {
  ears.pbx.calls.fromOutside({ from: '09055551234', to: '0312345682' });
  await advance(3_000);
}

async function hold(customer: string, agent: string, exten = 'agent'): Promise<void> {
  await set(customer, 'TORITSUGI_HOLDER', agent);
  await set(agent, 'TORITSUGI_HELD', customer);
  if (exten === 'consult') {
    await set(agent, 'TORITSUGI_AGENT', '1006');
    await set(agent, 'TORITSUGI_CONSULT', 'PJSIP/1004');
  }
  const extra = { ExtraChannel: agent, ExtraContext: 'toritsugi-hold', ExtraExten: exten, ExtraPriority: '1' };
  await ears.act('Redirect', { Channel: customer, ...place('customer'), ...extra });
  await advance(100);
}

async function redirect(channel: string, exten: string, context?: string): Promise<void> {
  await ears.act('Redirect', { Channel: channel, ...place(exten, context) });
  await advance(100);
}

async function hangUp(device: string): Promise<void> {
  ears.pbx.calls.hangUp(idAt(device));
  await advance(100);
}

const stories: Readonly<Record<string, () => Promise<void>>> = {
  async '60-hub-hold'() {
    await clickToCall('1003', '09011110001', keyIn('60-hub-hold'));
    for (const _ of [1, 2]) {
      await hold(at('trunk-out'), at('1003'));
      await redirect(at('1003'), 'resume');
    }
    await hangUp('trunk-out');
  },
  async '61-hub-attended-transfer'() {
    await answered();
    await hold(at('trunk-in'), at('1006'), 'consult');
    await advance(3_000);
    await set(at('1006'), 'TORITSUGI_HELD', '');
    await ears.act('Bridge', { Channel1: at('trunk-in'), Channel2: at('1004') });
    await hangUp('trunk-in');
  },
  async '62-hub-consultation-called-off'() {
    await answered();
    await hold(at('trunk-in'), at('1006'), 'consult');
    await advance(3_000);
    await redirect(at('1006'), 'resume');
    await hangUp('1006');
    await answered();
    ears.pbx.setPhone('1004', 'busy');
    await hold(at('trunk-in'), at('1006'), 'consult');
    await advance(500);
    await hangUp('1006');
  },
  async '63-hub-blind-transfers'() {
    await answered();
    await ears.act('BlindTransfer', { Channel: at('1006'), Context: 'toritsugi-dial', Exten: '1004' });
    await advance(3_000);
    await hangUp('1004');
    await answered();
    await hold(at('trunk-in'), at('1006'));
    await ears.act('Redirect', { Channel: at('trunk-in'), ...place('1004', 'toritsugi-dial') });
    await set(at('1006'), 'TORITSUGI_HELD', '');
    await ears.act('Hangup', { Channel: at('1006'), Cause: '16' });
    await advance(3_000);
    await hangUp('1004');
  },
  async '64-hub-park-and-retrieve'() {
    await answered();
    await ears.act('Park', { Channel: at('trunk-in'), TimeoutChannel: at('1006') });
    await advance(2_000);
    await clickToCall('1003', '701', keyIn('64-hub-park-and-retrieve'));
    await hangUp('1003');
  },
  async '66-hub-colleague-hangs-up'() {
    await answered();
    await hold(at('trunk-in'), at('1006'), 'consult');
    await advance(3_000);
    await ears.act('Hangup', { Channel: at('1004'), Cause: '16' });
    await advance(2_000);
    await hangUp('trunk-in');
  },
  async '65-hub-hold-ends'() {
    await answered();
    await hold(at('trunk-in'), at('1006'));
    await hangUp('1006');
    await answered();
    await hold(at('trunk-in'), at('1006'));
    await hangUp('trunk-in');
  },
};

test.each(Object.keys(stories))('%s', async (scenario) => {
  ears = await openSandboxEars({ dialplan: dialplanOf(scenario) });
  heard = [];
  await stories[scenario]?.();
  expect(toldByChannel(heard)).toEqual(toldByChannel(recordedMessages(scenario)));
  expect((await ears.act('CoreShowChannels')).events).toEqual([]);
  const bridges = (await ears.act('BridgeList')).events.map((event) => event.get('BridgeType'));
  expect(bridges.filter((type) => type !== 'parking')).toEqual([]);
});
