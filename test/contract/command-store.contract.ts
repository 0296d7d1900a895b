import type { CallId } from '../../src/calls/call.ts';
import type { CommandEnd } from '../../src/desk/command.ts';
import { type CommandStore, createCommandStore, type NotedCommand, REPEAT_GUARD_MS } from '../../src/desk/command-store.ts';
import type { Store } from '../../src/store/open-database.ts';
import { START_TIMEOUT_MS } from '../support/databases.ts';

const answered: CommandEnd = { state: 'done', result: 'answered', slot: null };
const busy: CommandEnd = { state: 'done', result: 'customerBusy', slot: null };

function command(key: string, facts: Partial<NotedCommand> = {}): NotedCommand {
  const callId = `main-toritsugi-${key}` as CallId;
  return { ...{ key, who: '1001', kind: 'call', requestHash: 'a call to Tokyo', callId, dialling: '1001' }, ...facts };
}

/** What the memory of commands promises, whatever database holds it. */
export function commandStoreContract(openStore: () => Promise<Store>): void {
  let store: Store;
  let now = 0;
  let commands: CommandStore;

  beforeAll(async () => {
    store = await openStore();
    commands = createCommandStore(store.db, () => now);
  }, START_TIMEOUT_MS);
  afterAll(() => store.close());
  beforeEach(async () => {
    now = Date.UTC(2026, 10, 24);
    await store.db.deleteFrom('commands').execute();
  });

  test('a key is new once; afterwards it is known, with what was asked and how it ended', async () => {
    expect(await commands.note(command('key-1'))).toEqual({ kind: 'new' });
    expect(await commands.note(command('key-1'))).toEqual({ kind: 'known', command: { ...command('key-1'), end: null } });
    await commands.settle('key-1', answered);
    expect(await commands.note(command('key-1', { requestHash: 'another' }))).toMatchObject({
      kind: 'known',
      command: { requestHash: 'a call to Tokyo', end: answered },
    });
    expect(await commands.find('key-1')).toMatchObject({ who: '1001', kind: 'call', end: answered });
    expect(await commands.find('key-2')).toBeNull();
  });

  test('of many who note the same key at once, one is told that it is new', async () => {
    const told = await Promise.all(Array.from({ length: 8 }, () => commands.note(command('key-1'))));
    expect(told.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    expect(told.filter(({ kind }) => kind === 'known')).toHaveLength(7);
  });

  test('of many who dial for the same phone at once under keys of their own, one may', async () => {
    const told = await Promise.all(Array.from({ length: 8 }, (_, index) => commands.note(command(`key-${index}`))));
    expect(told.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    expect(told.filter(({ kind }) => kind === 'dialling')).toHaveLength(7);
  });

  test('a phone that is being rung is rung for nothing else, other phones are', async () => {
    await commands.note(command('key-1'));
    now += 60_000;
    expect(await commands.note(command('key-2', { requestHash: 'a call to Osaka' }))).toMatchObject({
      kind: 'dialling',
      command: { key: 'key-1', callId: 'main-toritsugi-key-1' },
    });
    expect(await commands.note(command('key-3', { dialling: '1002' }))).toEqual({ kind: 'new' });
    expect(await commands.note(command('key-4', { kind: 'hangUp', dialling: null }))).toEqual({ kind: 'new' });
    expect(await commands.note(command('key-5', { kind: 'hold', dialling: null }))).toEqual({ kind: 'new' });
  });

  test('the same again right after its end is a double click; something else, or a moment later, is not', async () => {
    await commands.note(command('key-1'));
    now += 500;
    await commands.settle('key-1', busy);
    expect(await commands.note(command('key-2'))).toMatchObject({ kind: 'dialling', command: { end: busy } });
    expect(await commands.note(command('key-3', { requestHash: 'a call to Osaka' }))).toEqual({ kind: 'new' });
    await commands.settle('key-3', busy);
    now += REPEAT_GUARD_MS;
    expect(await commands.note(command('key-4', { requestHash: 'a call to Osaka' }))).toEqual({ kind: 'new' });
  });

  test('a command of which nothing was heard for minutes holds no phone', async () => {
    await commands.note(command('key-1'));
    now += 300_001;
    expect(await commands.note(command('key-2'))).toEqual({ kind: 'new' });
    expect(await commands.find('key-1')).toMatchObject({ end: null });
  });

  test('the first end stays', async () => {
    await commands.note(command('key-1'));
    await commands.settle('key-1', busy);
    await commands.settle('key-1', answered);
    expect(await commands.find('key-1')).toMatchObject({ end: busy });
    await commands.settle('key-9', answered);
    expect(await commands.find('key-9')).toBeNull();
  });

  test('what was never sent can be forgotten, what has ended cannot', async () => {
    await commands.note(command('key-1'));
    await commands.forget('key-1');
    expect(await commands.note(command('key-1'))).toEqual({ kind: 'new' });
    await commands.settle('key-1', busy);
    await commands.forget('key-1');
    expect(await commands.find('key-1')).toMatchObject({ end: busy });
  });

  test.each<CommandEnd>([
    answered,
    { state: 'done', result: 'parked', slot: '701' },
    { state: 'refused', reason: 'noDialplan', detail: 'Include "toritsugi-commands.conf" 取次.' },
    { state: 'unknown' },
  ])('every kind of end is read back as it was: %o', async (end) => {
    await commands.note(command('key-1'));
    await commands.settle('key-1', end);
    expect((await commands.find('key-1'))?.end).toEqual(end);
  });

  test('a restart frees the phones and keeps the keys; those of months ago go', async () => {
    await commands.note(command('key-1'));
    now += 31 * 24 * 3_600_000;
    await commands.note(command('key-2', { dialling: '1002' }));
    await commands.restart();
    expect(await commands.find('key-1')).toBeNull();
    expect(await commands.find('key-2')).toMatchObject({ end: null, dialling: null });
    expect(await commands.note(command('key-3', { dialling: '1002' }))).toEqual({ kind: 'new' });
  });
}
