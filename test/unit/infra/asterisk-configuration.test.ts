import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pbxActions } from '../../../src/telephony/check-rights.ts';
import { defaultNumbering, endpointOfDevice } from '../../../src/telephony/numbering.ts';
import {
  type ConfigurationFile,
  configurationFolder,
  readConfiguration,
  settingOf,
} from '../../support/asterisk-configuration.ts';

const files = readConfiguration();
const named = (name: string): ConfigurationFile => {
  const found = files.find(({ file }) => file === name);
  if (found === undefined) throw new Error(`infra/asterisk/${name} is gone`);
  return found;
};
const dialplan = named('extensions.conf');

/** What one may do without a certain right: Asterisk asks for none. */
const free = new Set(['Login', 'Logoff', 'Challenge', 'Events', 'Ping', 'ListCommands', 'QueueStatus', 'BridgeList']);

function actionsInTheCode(): string[] {
  const folder = path.resolve(import.meta.dirname, '../../../src');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /^telephony\/.*\.ts$/u.test(name));
  const found = sources.flatMap((name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    return [...text.matchAll(/\b(?:name|Action): '([A-Z][A-Za-z]+)'/gu)].map(([, action]) => action ?? '');
  });
  return [...new Set(found)];
}

test('the code sends no action whose right is not in the table', () => {
  const known = new Set(pbxActions.map(({ action }) => action));
  const actions = actionsInTheCode();
  expect(actions).toEqual(expect.arrayContaining(['CoreShowChannels', 'QueueStatus', 'UserEvent']));
  expect(actions.filter((action) => !free.has(action) && !known.has(action))).toEqual([]);
});

describe.each(['manager.conf', 'freepbx/manager_custom.conf'])('the AMI user of %s', (name) => {
  const rights = (key: string) => (settingOf(named(name), 'toritsugi', key) ?? '').split(',');

  test('may do all that the hub does', () => {
    const write = rights('write');
    expect(pbxActions.filter(({ anyOf }) => !anyOf.some((right) => write.includes(right)))).toEqual([]);
  });

  test('has no right it could do without', () => {
    const write = rights('write');
    const spare = write.filter((right) => {
      const others = write.filter((other) => other !== right);
      return pbxActions.every(({ anyOf }) => anyOf.some((needed) => others.includes(needed)));
    });
    expect(spare).toEqual([]);
    expect(write).not.toEqual(expect.arrayContaining([expect.stringMatching(/^(?:all|system|command|config)$/u)]));
  });

  test('hears the classes of events that are made into calls, and no more', () => {
    expect(rights('read')).toEqual(['system', 'call', 'agent', 'user', 'dialplan']);
  });

  test('is let in from this machine only, is not cut off when busy, and hears the PBX’s clock', () => {
    const file = named(name);
    expect(settingOf(file, 'toritsugi', 'deny')).toBe('0.0.0.0/0.0.0.0');
    expect(settingOf(file, 'toritsugi', 'permit')).toBe('127.0.0.1/255.255.255.255');
    expect(Number(settingOf(file, 'toritsugi', 'writetimeout'))).toBeGreaterThanOrEqual(1_000);
    expect(settingOf(file, 'general', 'timestampevents')).toBe('yes');
  });
});

test('plain AMI and ARI listen on this machine alone', () => {
  expect(settingOf(named('manager.conf'), 'general', 'bindaddr')).toBe('127.0.0.1');
  expect(settingOf(named('http.conf'), 'general', 'bindaddr')).toBe('127.0.0.1');
});

test('no file carries a secret: every password is a place to fill in', () => {
  const secrets = files.flatMap(({ file, text }) =>
    [...text.matchAll(/^;?\s*(?:[\w/]*(?:secret|password))\s*=\s*(\S+)/gmu)].map(([, value]) => ({ file, value })),
  );
  expect(secrets.length).toBeGreaterThan(30);
  expect(secrets.filter(({ value }) => !/^CHANGE-ME(?:-\d+)?$/u.test(value ?? ''))).toEqual([]);
  expect(files.filter(({ text }) => /PRIVATE KEY|BEGIN CERTIFICATE/u.test(text))).toEqual([]);
});

test('what a file includes is there, unless it may be left out', () => {
  const missing = files.flatMap(({ file, includes }) =>
    includes
      .filter((one) => !one.mayBeAbsent && !existsSync(path.join(configurationFolder, one.file)))
      .map((one) => [file, one.file]),
  );
  expect(missing).toEqual([]);
  expect(dialplan.includes.map(({ file }) => file)).toEqual([
    'toritsugi-commands.conf',
    'toritsugi-routing.conf',
    'toritsugi-wire.conf',
  ]);
});

test('the dialplan goes nowhere that is not there', () => {
  const present = new Set([...dialplan.sections.keys(), 'parkedcalls']);
  const steps = [...dialplan.sections.values()].flat().map(({ value }) => value);
  const targets = steps.flatMap((step) => [
    ...[...step.matchAll(/\b(?:Goto|Gosub)\(([a-z-]+),[^,()]+,/gu)].map(([, context]) => context ?? ''),
    ...[...step.matchAll(/[?:]([a-z-]+),[^,:()]+,1[:)]/gu)].map(([, context]) => context ?? ''),
  ]);
  const included = [...dialplan.sections.values()].flat().flatMap(({ key, value }) => (key === 'include' ? [value] : []));
  expect(targets).toEqual(expect.arrayContaining(['to-queue', 'after-hours', 'record', 'numbers']));
  const optional = (name: string) => name.startsWith('toritsugi-');
  expect([...targets, ...included].filter((name) => !present.has(name) && !optional(name))).toEqual([]);
});

test('the queues of the dialplan are those of queues.conf, and their members have phones', () => {
  const queues = [...named('queues.conf').sections.keys()].filter((name) => !['', 'general', 'desk'].includes(name));
  const used = dialplan.text.match(/(?:in-hours|to-queue),(sales|support|[a-z]+),1|Queue\(([a-z]+),/gu) ?? [];
  const names = new Set(used.map((text) => /(?:,|\()([a-z]+),/u.exec(text)?.[1] ?? ''));
  names.delete('reception');
  expect([...names].sort()).toEqual(queues.sort());
  const members = queues.flatMap((queue) => named('queues.conf').sections.get(queue) ?? []);
  const phones = members.flatMap(({ key, value }) =>
    key === 'member' ? [value.split(',')[0]?.replace('PJSIP/', '') ?? ''] : [],
  );
  expect(phones.length).toBeGreaterThan(5);
  expect(phones.filter((phone) => !named('pjsip_phones.conf').sections.has(phone))).toEqual([]);
});

test('thirty phones are phones to the hub, and the line is a line', () => {
  const endpoints = [...named('pjsip_phones.conf').sections.keys()].filter(
    (name) => !['', 'phone', 'phone-aor', 'phone-auth'].includes(name),
  );
  const phones = endpoints.filter((name) => endpointOfDevice(defaultNumbering, `PJSIP/${name}`).party === 'phone');
  expect(phones).toHaveLength(30);
  expect(endpoints.filter((name) => !phones.includes(name))).toEqual(['trunk']);
  const passwords = phones.map((name) => settingOf(named('pjsip_phones.conf'), name, 'password'));
  expect(passwords).toEqual(phones.map((name) => `CHANGE-ME-${name}`));
});

test('the number the customer dialled and the recording are told in the way the hub hears them', () => {
  const steps = [...dialplan.sections.values()].flat().map(({ value }) => value);
  expect(steps).toEqual(expect.arrayContaining([expect.stringMatching(/Set\(__DID=\$\{EXTEN\}\)/u)]));
  expect(
    dialplan.sections
      .get('record')
      ?.map(({ value }) => value)
      .join('\n'),
  ).toMatch(/\$\{UNIQUEID\}\.wav\)[\s\S]*MixMonitor\(/u);
});

test('what a caller sends cannot choose where a recording is kept', () => {
  const record = dialplan.sections.get('record')?.map(({ value }) => value) ?? [];
  const raw = record.filter((step) => /\$\{ARG[23]\}/u.test(step.replace(/\$\{FILTER\(0-9\+,\$\{ARG[23]\}\)\}/gu, '')));
  expect(raw).toEqual([]);
});

test('a caller never gets the keys of an agent, nor a way to dial out', () => {
  const fromOutside = ['from-trunk', 'numbers', 'in-hours', 'main-number', 'to-queue', 'ring-group', 'after-hours'];
  const steps = fromOutside.flatMap((context) => dialplan.sections.get(context) ?? []);
  const options = steps.flatMap(({ value }) =>
    [...value.matchAll(/\b(?:Dial|Queue)\(([^)]*)\)/gu)].map(([, args]) => args ?? ''),
  );
  expect(options.length).toBeGreaterThan(2);
  expect(options.filter((args) => /,[a-z]*[TKHWX]/u.test(args))).toEqual([]);
  expect(steps.filter(({ key, value }) => key === 'include' || /\b(?:outbound|from-internal|to-line)\b/u.test(value))).toEqual(
    [],
  );
});

test('the files that are read later are written in the form in which they are read', () => {
  expect(settingOf(named('cdr.conf'), 'csv', 'loguniqueid')).toBe('yes');
  expect(settingOf(named('cdr.conf'), 'csv', 'loguserfield')).toBe('yes');
  expect(settingOf(named('cdr.conf'), 'csv', 'newcdrcolumns')).toBe('yes');
  expect(settingOf(named('cel.conf'), 'general', 'dateformat')).toBeUndefined();
  expect(settingOf(named('cel_custom.conf'), 'mappings', 'Master.csv')).toMatch(
    /\$\{eventtype\}.*\$\{eventtime\}.*\$\{eventextra\}/u,
  );
  expect(settingOf(named('logger.conf'), 'general', 'queue_log')).toBe('yes');
  expect(settingOf(named('ari.conf'), 'general', 'channelvars')).toBe('CHANNEL(linkedid)');
});

test('both READMEs name every file, and no file or context that is not there', () => {
  for (const readme of ['README.md', 'README.ja.md']) {
    const text = readFileSync(path.join(configurationFolder, readme), 'utf8');
    const unnamed = files.map(({ file }) => file).filter((file) => !text.includes(path.basename(file)));
    expect([readme, unnamed]).toEqual([readme, []]);
    const contexts = [...text.matchAll(/`\[([a-z-]+)\]`/gu)].map(([, context]) => context ?? '');
    const known = new Set(files.flatMap(({ sections }) => [...sections.keys()]));
    expect([readme, contexts.filter((context) => !known.has(context))]).toEqual([readme, []]);
  }
});

test('no right is asked for that no code uses', () => {
  const used = actionsInTheCode();
  expect(pbxActions.filter(({ action }) => !used.includes(action))).toEqual([]);
});
