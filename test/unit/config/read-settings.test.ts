import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { InBothLanguages } from '../../../connectors/connector.ts';
import { environmentWith } from '../../../src/config/environment.ts';
import { readSettings, readSettingsBeforePbx } from '../../../src/config/read-settings.ts';
import { WrongSettings } from '../../../src/config/setting.ts';

const enough = { AMI_USER: 'toritsugi', AMI_SECRET: 'quiet', AGENTS: '1001=佐藤 一郎' };

function problemsOf(environment: Record<string, string>): string[] {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof WrongSettings) return error.problems.map(({ key }) => key);
    throw error;
  }
  return [];
}

function wordsFor(environment: Record<string, string>): InBothLanguages {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof WrongSettings) return error.told;
    throw error;
  }
  throw new Error('nothing is wrong');
}

describe('reading the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('fills in the defaults when only what is required was set', () => {
    const { hub, pbxs, connectors } = readSettings(enough);
    expect(hub).toMatchObject({ PBXS: 'main', PHONE_REGION: 'JP' });
    expect(pbxs).toMatchObject([{ name: 'main', values: { AMI_PORT: '5038', AMI_CLIENT: 'own' } }]);
    expect(connectors).toEqual([]);
  });

  test('tells every problem at once, of the hub and of the connectors', () => {
    const wrong = {
      AMI_PORT: '99999',
      AMI_TLS: 'yes',
      INSIDE_PHONES: '(',
      AGENTS: '1001=佐藤,oops',
      KINTONE_BASE_URL: 'not a url',
    };
    expect(problemsOf(wrong)).toEqual(
      expect.arrayContaining(['AMI_USER', 'AMI_SECRET', 'AMI_PORT', 'AMI_TLS', 'INSIDE_PHONES', 'AGENTS', 'KINTONE_BASE_URL']),
    );
  });

  test('tells the problems in the words of either language, with a remedy each', () => {
    const wrong = {
      AMI_PORT: 'x',
      AGENTS: 'oops',
      KINTONE_BASE_URL: 'not a url',
      SALESFORCE_LOGIN_URL: 'https://a.lightning.force.com',
    };
    const told = wordsFor(wrong);
    expect(told.en).toMatch(/^\d+ settings are wrong:\n {2}AMI_PORT: "x" is not a whole number.*\. Write the digits only\.$/m);
    expect(told.ja).toMatch(
      /^設定に問題が \d+ 件あります:\n {2}AMI_PORT: "x" は.*ではありません。数字だけで指定してください。$/m,
    );
    const lines = told.ja.split('\n').slice(1);
    expect(lines.length).toBeGreaterThanOrEqual(5);
    for (const line of lines) expect(line).toMatch(/^ {2}[A-Z_]+: .*[ぁ-ん].*。/);
  });

  test('never repeats a secret in what it says', () => {
    const run = () => readSettings({ ...enough, DATABASE_URL: 'hunter2 is no url' });
    expect(run).toThrow(/DATABASE_URL/u);
    expect(run).not.toThrow(/hunter2/u);
  });

  test('takes a secret from the file that a container mounts', () => {
    const file = path.join(folder, 'ami');
    writeFileSync(file, 'from-file\n');
    expect(readSettings({ ...enough, AMI_SECRET: '', AMI_SECRET_FILE: file }).pbxs[0]?.values.AMI_SECRET).toBe('from-file');
    expect(problemsOf({ AMI_USER: 'u', AMI_SECRET_FILE: path.join(folder, 'gone') })).toContain('AMI_SECRET_FILE');
  });

  test('reads the agents with their names and their users in the CRMs', () => {
    const AGENT_USERS = 'salesforce:1001=0055g000001,kintone:1001=sato';
    expect(readSettings({ ...enough, AGENTS: '1001=佐藤 一郎, 1002=鈴木 花子', AGENT_USERS }).agents).toEqual([
      { extension: '1001', name: '佐藤 一郎', users: { salesforce: '0055g000001', kintone: 'sato' } },
      { extension: '1002', name: '鈴木 花子', users: {} },
    ]);
    expect(problemsOf({ ...enough, AGENT_USERS: '1001=sato' })).toEqual(['AGENT_USERS']);
  });

  test('lets the process’s environment win over the .env file, and does without the file', () => {
    const file = path.join(folder, '.env');
    writeFileSync(file, 'AMI_USER=from-file\nPBXS=tokyo\n');
    expect(environmentWith(file, { AMI_USER: 'from-shell' })).toMatchObject({ AMI_USER: 'from-shell', PBXS: 'tokyo' });
    expect(environmentWith(path.join(folder, 'none'), { A: 'b' })).toEqual({ A: 'b' });
  });

  test('gives every PBX its own settings over those for all', () => {
    const { pbxs } = readSettings({
      ...{ ...enough, PBXS: 'tokyo, osaka', AMI_HOST: '10.0.0.1', AMI_PORT: '5039' },
      ...{ OSAKA_AMI_HOST: '10.0.0.2', OSAKA_AMI_USER: 'hub-osaka', OSAKA_AMI_SECRET: 'other', OSAKA_OUTSIDE_PREFIX: '0' },
    });
    expect(pbxs.map(({ name }) => name)).toEqual(['tokyo', 'osaka']);
    expect(pbxs[0]?.values).toMatchObject({ AMI_HOST: '10.0.0.1', AMI_USER: 'toritsugi', AMI_SECRET: 'quiet' });
    expect(pbxs[0]?.values).not.toHaveProperty('OUTSIDE_PREFIX');
    expect(pbxs[1]?.values).toMatchObject({
      ...{ AMI_HOST: '10.0.0.2', AMI_PORT: '5039', AMI_USER: 'hub-osaka', AMI_SECRET: 'other', OUTSIDE_PREFIX: '0' },
    });
  });

  test('takes a PBX that is heard over ARI alone, but none that is heard over nothing', () => {
    const ari = { ARI_URL: 'http://127.0.0.1:8088', ARI_USER: 'toritsugi', ARI_PASSWORD: 'quiet' };
    expect(readSettings(ari).pbxs[0]?.values).toMatchObject(ari);
    expect(problemsOf({ ARI_USER: 'toritsugi' })).toEqual(['ARI_PASSWORD', 'ARI_URL']);
    expect(problemsOf({})).toEqual(['AMI_USER', 'AMI_SECRET']);
    expect(problemsOf({ ...ari, AMI_USER: 'toritsugi' })).toEqual(['AMI_SECRET']);
  });

  test('asks for no PBX before one is heard, but lets nothing wrong pass', () => {
    expect(problemsOf({})).toEqual(['AMI_USER', 'AMI_SECRET']);
    expect(readSettingsBeforePbx({}).hub.MAPPINGS_DIR).toBe('mappings');
    expect(() => readSettingsBeforePbx({ AMI_PORT: 'many' })).toThrow(/AMI_PORT/);
  });

  test('names the PBX whose own setting is wrong', () => {
    const two = { ...enough, PBXS: 'tokyo,osaka', TOKYO_AMI_HOST: '10.0.0.1' };
    expect(problemsOf({ ...two, OSAKA_AMI_PORT: 'x', OSAKA_INSIDE_NUMBERS: '10-9999' })).toEqual([
      'OSAKA_AMI_PORT',
      'OSAKA_INSIDE_NUMBERS',
    ]);
  });

  test('takes no PBX under two names, and no records for those of two', () => {
    const files = { CEL_FILE: '/var/log/asterisk/cel-custom/Master.csv', CDR_DATABASE_URL: 'postgres://hub:secret@db/cdr' };
    expect(problemsOf({ ...enough, PBXS: 'tokyo,osaka' })).toEqual(['OSAKA_AMI_HOST']);
    const apart = { ...enough, PBXS: 'tokyo,osaka', OSAKA_AMI_HOST: '10.0.0.2' };
    expect(problemsOf(apart)).toEqual([]);
    expect(problemsOf({ ...apart, ...files })).toEqual(['OSAKA_CEL_FILE', 'OSAKA_CDR_DATABASE_URL']);
    const ari = { ARI_URL: 'http://127.0.0.1:8088', ARI_USER: 'toritsugi', ARI_PASSWORD: 'quiet' };
    expect(problemsOf({ ...apart, ...ari })).toEqual(['OSAKA_ARI_URL']);
    expect(() => readSettings({ ...apart, ...files })).toThrow(/is the same for tokyo and osaka/);
  });

  test('keeps routing and listening from taking the ARI application from each other', () => {
    const ari = { ARI_URL: 'http://127.0.0.1:8088', ARI_USER: 'toritsugi', ARI_PASSWORD: 'quiet' };
    expect(problemsOf({ ...ari, ROUTING_STASIS_APP: 'toritsugi' })).toEqual(['ROUTING_STASIS_APP']);
    expect(problemsOf({ ...ari, ROUTING_STASIS_APP: 'toritsugi-routing' })).toEqual([]);
    expect(problemsOf({ ...enough, ROUTING_STASIS_APP: 'toritsugi' })).toEqual([]);
  });

  test.each(['', 'a,a', 'Tokyo', 'with space', 'x-y', ','])('"%s" does not name PBXs', (names) => {
    expect(problemsOf({ ...enough, PBXS: names === '' ? ' ' : names })).toEqual(['PBXS']);
  });

  describe('several described services', () => {
    const service = (name: string) => {
      const file = path.join(folder, `${name}.yaml`);
      writeFileSync(
        file,
        `connector: ${name}\nservice:\n  name: CRM\n  signIn: { bearer: {} }\n  objects: { customers: { fields: { name: string } } }\n`,
      );
      return file;
    };
    const plain = () => ({
      ...enough,
      HTTP_SERVICE_FILE: service('http'),
      HTTP_BASE_URL: 'https://crm.example.jp',
      HTTP_TOKEN: 'a',
    });
    const orders = () => ({ ORDERS_HTTP_SERVICE_FILE: service('orders'), ORDERS_HTTP_BASE_URL: 'https://orders.example.jp' });

    test('are connectors of their own names, each with its own settings', () => {
      const { connectors } = readSettings({ ...plain(), ...orders(), HTTP_SERVICES: 'orders', ORDERS_HTTP_TOKEN: 'b' });
      expect(connectors.map(({ name, settings }) => [name, settings.HTTP_TOKEN ?? settings.ORDERS_HTTP_TOKEN])).toEqual([
        ['http', 'a'],
        ['orders', 'b'],
      ]);
    });

    test('need not be joined by the plain one, which is connected only when it is set', () => {
      const { connectors } = readSettings({ ...enough, ...orders(), HTTP_SERVICES: 'orders', ORDERS_HTTP_TOKEN: 'b' });
      expect(connectors.map(({ name }) => name)).toEqual(['orders']);
      expect(readSettings(plain()).connectors.map(({ name }) => name)).toEqual(['http']);
    });

    test('are described by the very files that map them, wherever those are', () => {
      for (const name of ['http', 'orders']) service(name);
      const given = { HTTP_BASE_URL: 'https://crm.example.jp', HTTP_TOKEN: 'a', HTTP_SERVICES: 'orders' };
      const named = { ORDERS_HTTP_BASE_URL: 'https://orders.example.jp', ORDERS_HTTP_TOKEN: 'b' };
      const { connectors } = readSettings({ ...enough, ...given, ...named, MAPPINGS_DIR: folder });
      expect(connectors.map(({ settings }) => settings.HTTP_SERVICE_FILE ?? settings.ORDERS_HTTP_SERVICE_FILE)).toEqual([
        path.join(folder, 'http.yaml'),
        path.join(folder, 'orders.yaml'),
      ]);
    });

    test('take a secret from a file, and no other service’s', () => {
      const file = path.join(folder, 'token');
      writeFileSync(file, 'from-file\n');
      const named = { ...plain(), ...orders(), HTTP_SERVICES: 'orders' };
      expect(problemsOf(named)).toEqual(['ORDERS_HTTP_TOKEN']);
      const { connectors } = readSettings({ ...named, ORDERS_HTTP_TOKEN_FILE: file });
      expect(connectors[1]?.settings).toMatchObject({ ORDERS_HTTP_TOKEN: 'from-file' });
    });

    test.each(['kintone', 'http', 'customers', 'routing', 'Orders', 'my-orders', 'orders,orders'])(
      'cannot be called "%s"',
      (names) => {
        expect(problemsOf({ ...enough, HTTP_SERVICES: names })).toContain('HTTP_SERVICES');
      },
    );

    test('have agents’ users of their own', () => {
      const { agents } = readSettings({ ...enough, AGENT_USERS: 'orders2:1001=sato' });
      expect(agents[0]?.users).toEqual({ orders2: 'sato' });
    });
  });
});
