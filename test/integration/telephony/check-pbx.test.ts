import { randomUUID } from 'node:crypto';
import { afterRealTime } from '../../../src/telephony/after.ts';
import { type AmiSettings, amiDefaults } from '../../../src/telephony/ami/ami-client.ts';
import { createAsteriskManagerAmiClient } from '../../../src/telephony/ami/asterisk-manager-ami-client.ts';
import { createOwnAmiClient } from '../../../src/telephony/ami/own-ami-client.ts';
import type { Finding } from '../../../src/telephony/check-finding.ts';
import { checkPbx, type PbxExpectations } from '../../../src/telephony/check-pbx.ts';
import { defaultNumbering } from '../../../src/telephony/numbering.ts';
import { hubUser, startTestPbx } from '../../support/ami-connection.ts';
import { allowedByUs, type ExaminedPbx, startExaminedPbx } from '../../support/examined-pbx.ts';

/** Waits for provoked events come to an end at once: whatever the PBX sends is there before its last answer. */
const world = { now: Date.now, newId: randomUUID, after: afterRealTime };
const impatient = { ...world, after: (ms: number, run: () => void) => afterRealTime(ms === 3_000 ? 1 : ms, run) };

const expectations: PbxExpectations = {
  numbering: defaultNumbering,
  agents: [
    { extension: '1001', name: '佐藤' },
    { extension: '1002', name: '鈴木' },
  ],
  queues: [],
  contexts: [{ context: 'toritsugi-dial', file: 'toritsugi-commands.conf' }],
};

function at(port: number, settings: Partial<AmiSettings> = {}): AmiSettings {
  return { ...amiDefaults, host: '127.0.0.1', port, username: hubUser.name, secret: hubUser.secret, ...settings };
}

async function examine(pbx: ExaminedPbx, expected: Partial<PbxExpectations> = {}, make = createOwnAmiClient) {
  const peer = await startExaminedPbx(pbx);
  try {
    return await checkPbx(at(peer.port), make, impatient, { ...expectations, ...expected });
  } finally {
    await peer.close();
  }
}

const ofVerdict = (findings: readonly Finding[], verdict: Finding['verdict']) =>
  findings.filter((finding) => finding.verdict === verdict).map(({ name, detail }) => `${name.en}: ${detail.en}`);

const remedies = (findings: readonly Finding[]) => findings.map(({ remedy }) => remedy?.en ?? '').join('\n');

test('a PBX set up by our own files is well; only what needs a call to be seen is left open', async () => {
  const findings = await examine({});
  expect(ofVerdict(findings, 'failure')).toEqual([]);
  expect(ofVerdict(findings, 'warning')).toEqual([]);
  expect(ofVerdict(findings, 'unchecked')).toEqual([expect.stringContaining('agent')]);
  expect(ofVerdict(findings, 'fine')).toEqual(
    expect.arrayContaining([
      expect.stringContaining('as "hub" at 127.0.0.1'),
      'rights to ask (write): every action the hub uses is allowed',
      'Asterisk: 22.10.1, up for 1 d',
      'queues: sales (2), with their members',
      'inside phones: 2: 1001, 1002',
      'outside lines: 1: PJSIP/trunk',
      'parking: default (701-720)',
      'contexts of the hub: toritsugi-dial',
    ]),
  );
});

test('the vendor’s client sees the same, but for an action it cannot send', async () => {
  const findings = await examine({}, {}, createAsteriskManagerAmiClient);
  expect(ofVerdict(findings, 'failure')).toEqual([]);
  expect(ofVerdict(findings, 'warning')).toEqual([]);
  expect(ofVerdict(findings, 'unchecked')).toEqual([expect.stringContaining('agent, dialplan')]);
});

test('a right that listening needs is a failure, one that only orders need a warning; the remedy names it', async () => {
  const readingOnly =
    'CoreSettings CoreShowChannels DeviceStateList Getvar ListCommands Ping QueueStatus ShowDialPlan Status'.split(' ');
  const findings = await examine({ allowed: [...readingOnly, 'BridgeList'] });
  expect(ofVerdict(findings, 'failure')).toEqual(['rights to ask (write): not allowed: ParkedCalls']);
  expect(ofVerdict(findings, 'warning')).toEqual(
    expect.arrayContaining([expect.stringContaining('nothing can be dialled or transferred from the screen')]),
  );
  expect(remedies(findings)).toContain('Add call to "write =" of [hub]');
  expect(remedies(findings)).toContain('Add originate,call to "write ="');
});

test('an action that is missing because a module is not loaded is not taken for a missing right', async () => {
  const findings = await examine({
    allowed: allowedByUs.filter((action) => !action.startsWith('Park')),
    unknown: ['ParkedCalls'],
  });
  expect(ofVerdict(findings, 'failure')).toEqual([]);
  expect(ofVerdict(findings, 'warning')).toEqual(['actions of the PBX: it does not have: ParkedCalls, Park, Parkinglots']);
  expect(remedies(findings)).toContain('res_parking');
});

test('a user who may do more than the hub asks is told, because a leaked secret would be worth more', async () => {
  const findings = await examine({ allowed: ['Command', 'ModuleLoad', 'UserEvent', 'ListCommands', 'Ping'] });
  expect(ofVerdict(findings, 'warning').join()).toContain('[hub] may do more than the hub needs: command, system');
});

test('events that do not arrive are a failure, by class', async () => {
  const findings = await examine({ read: ['system', 'agent'] });
  expect(ofVerdict(findings, 'failure')).toEqual([
    'events arriving (read): no events of the classes call,user,dialplan arrive',
    'events: an event sent by us did not come back',
  ]);
  expect(remedies(findings)).toContain('Add call,user,dialplan to "read ="');
});

test('of a user who may only listen, the classes that could not be provoked are left open', async () => {
  const allowed = allowedByUs.filter((action) => !['Originate', 'UserEvent', 'Setvar'].includes(action));
  const findings = await examine({ allowed, read: ['system'] });
  expect(ofVerdict(findings, 'failure')).toEqual([]);
  expect(ofVerdict(findings, 'unchecked')).toEqual(
    expect.arrayContaining(['events arriving (read): call, agent, user, dialplan: nothing happened that would have sent one']),
  );
});

test('a clock that differs by more than two seconds is told with its side', async () => {
  expect(ofVerdict(await examine({ now: () => Date.now() - 7_000 }), 'warning').join()).toMatch(
    /clock: the PBX is 7\.\d s behind/,
  );
  expect(ofVerdict(await examine({ now: () => Date.now() + 1_500 }), 'warning')).toEqual([]);
});

test('an old version, a missing system name and events without time are told', async () => {
  const findings = await examine({ version: '16.30.1', systemName: '', timestampEvents: false });
  expect(ofVerdict(findings, 'warning')).toEqual([
    'Asterisk: 16.30.1, up for 1 d',
    expect.stringContaining('systemname: not set'),
    expect.stringContaining('time of the events: events carry no time'),
  ]);
});

test('a certified version and a newer one than tested are well', async () => {
  expect(ofVerdict(await examine({ version: 'certified/18.9-cert17' }), 'warning')).toEqual([]);
  expect(ofVerdict(await examine({ version: '24.0.0' }), 'fine')).toContain('Asterisk: 24.0.0, up for 1 d (tested up to 22)');
});

test('a queue that the routing names and the PBX does not know is a failure', async () => {
  const findings = await examine({}, { queues: ['sales', 'Support'] });
  expect(ofVerdict(findings, 'failure')).toEqual(['queues: the PBX does not know: Support; it has: sales']);
});

test('members without a name and agents in no queue are told apart', async () => {
  const findings = await examine({ queues: { sales: ['PJSIP/1001', 'PJSIP/1005'] } });
  expect(ofVerdict(findings, 'warning')).toEqual(['queue members: without a name here: 1005']);
  expect(ofVerdict(findings, 'fine')).toContain('agents in queues: in no queue now: 1002 鈴木');
});

test('the members of FreePBX queues are known by their phones', async () => {
  const members = ['Local/1001@from-queue/n|hint:1001@ext-local', 'Local/1002@from-queue/n|PJSIP/1002'];
  expect(ofVerdict(await examine({ queues: { 600: members } }), 'warning')).toEqual([]);
});

test('endpoints that are all lines, or all phones, show that the numbering is not understood', async () => {
  const named = await examine({ devices: ['PJSIP/sato', 'PJSIP/suzuki'], queues: { sales: ['PJSIP/sato'] } });
  expect(ofVerdict(named, 'failure')).toEqual([expect.stringContaining('none of the endpoints is taken for a phone')]);
  expect(remedies(named)).toContain('INSIDE_PHONES');
  const numbered = await examine({ devices: ['PJSIP/1001', 'PJSIP/1002', 'PJSIP/9000'] });
  expect(ofVerdict(numbered, 'warning')).toEqual([expect.stringContaining('every endpoint is taken for a phone')]);
});

test('an agent without a phone, no parking lot and a context that is not there are warnings with the file to copy', async () => {
  const findings = await examine({ devices: ['PJSIP/1001', 'PJSIP/trunk'], parkingLots: [], contexts: [] });
  expect(ofVerdict(findings, 'warning')).toEqual([
    'inside phones: the PBX has no phone for: 1002 鈴木',
    'parking: there is no parking lot',
    'contexts of the hub: not in the dialplan: toritsugi-dial',
  ]);
  expect(remedies(findings)).toContain('toritsugi-commands.conf');
});

test('a list the PBX has not got is a failure, because calls are picked up from it', async () => {
  const findings = await examine({ unknown: ['BridgeList'] });
  expect(ofVerdict(findings, 'failure')).toEqual([expect.stringContaining('BridgeList: Invalid/unknown command')]);
});

test('the sandbox, which does not tell what may be asked, is found fit for listening', async () => {
  const pbx = await startTestPbx({});
  const findings = await checkPbx(at(pbx.port), createOwnAmiClient, impatient, { ...expectations, contexts: [] });
  await pbx.close();
  expect(ofVerdict(findings, 'fine')).toEqual(expect.arrayContaining([expect.stringContaining('as "hub"')]));
  expect(ofVerdict(findings, 'failure')).toEqual([]);
});

test('missing rights are told also where the PBX does not list what may be asked', async () => {
  const pbx = await startTestPbx({ users: [{ ...hubUser, write: [] }] });
  const findings = await checkPbx(at(pbx.port), createOwnAmiClient, impatient, { ...expectations, contexts: [] });
  await pbx.close();
  expect(ofVerdict(findings, 'failure')).toEqual([expect.stringContaining('not allowed: CoreShowChannels, Status')]);
});

test('a wrong secret is told with the remedy', async () => {
  const pbx = await startTestPbx({});
  const findings = await checkPbx(at(pbx.port, { secret: 'wrong' }), createOwnAmiClient, world, expectations);
  await pbx.close();
  expect(findings).toMatchObject([{ verdict: 'failure', remedy: { en: expect.stringContaining('manager.conf') } }]);
});

test('a PBX that is not there is told with the remedy', async () => {
  const findings = await checkPbx(at(1), createOwnAmiClient, world, expectations);
  expect(findings).toMatchObject([{ verdict: 'failure', remedy: { en: expect.stringContaining('Check host and port') } }]);
});
