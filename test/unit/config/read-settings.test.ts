import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environmentWith, readSettings } from '../../../src/config/read-settings.ts';
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

describe('reading the settings', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-settings-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('fills in the defaults when only what is required was set', () => {
    const { hub, connectors } = readSettings(enough);
    expect(hub).toMatchObject({ AMI_PORT: '5038', PBX_NAME: 'main', PHONE_REGION: 'JP', AMI_CLIENT: 'own' });
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

  test('never repeats a secret in what it says', () => {
    const run = () => readSettings({ ...enough, DATABASE_URL: 'hunter2 is no url' });
    expect(run).toThrow(/DATABASE_URL/u);
    expect(run).not.toThrow(/hunter2/u);
  });

  test('takes a secret from the file that a container mounts', () => {
    const file = path.join(folder, 'ami');
    writeFileSync(file, 'from-file\n');
    expect(readSettings({ ...enough, AMI_SECRET: '', AMI_SECRET_FILE: file }).hub.AMI_SECRET).toBe('from-file');
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
    writeFileSync(file, 'AMI_USER=from-file\nPBX_NAME=tokyo\n');
    expect(environmentWith(file, { AMI_USER: 'from-shell' })).toMatchObject({ AMI_USER: 'from-shell', PBX_NAME: 'tokyo' });
    expect(environmentWith(path.join(folder, 'none'), { A: 'b' })).toEqual({ A: 'b' });
  });
});
