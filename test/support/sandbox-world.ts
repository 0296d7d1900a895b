/** Everything a hub is connected to, as sandboxes on loopback ports: a PBX that plays by hand, a Salesforce org, a kintone domain. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Playback } from '../../infra/sandbox/asterisk/player.ts';
import { callsOf } from '../../infra/sandbox/asterisk/recorded-calls.ts';
import { loadRecording } from '../../infra/sandbox/asterisk/recording.ts';
import { type SandboxAsterisk, startSandboxAsterisk } from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import type { WireValue } from '../../infra/sandbox/kintone/field-values.ts';
import { type SandboxKintone, startSandboxKintone } from '../../infra/sandbox/kintone/kintone-sandbox.ts';
import type { Row } from '../../infra/sandbox/salesforce/record-store.ts';
import { type SandboxSalesforce, startSandboxSalesforce } from '../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { findObject } from '../../infra/sandbox/salesforce/schema.ts';
import { afterRealTime } from '../../src/telephony/after.ts';

const recordings = path.resolve('infra/sandbox/asterisk/recordings');
const CUSTOMERS_APP = '1';
const CALLS_APP = '2';
const FOLLOW_UPS_APP = '3';
const PBX_NAME = 'main';

export const amiUser = { name: 'toritsugi', secret: 'a secret of the test', read: ['all'], write: ['all'] };

/** The phones of the recorded calls. */
export const agents = ['1001=佐藤 一郎', '1002=鈴木 花子', '1003=高橋 二郎', '1004=田中 洋子', '1005=伊藤 誠'];

/** A call of a recording on its way, moved by hand. */
export interface PlayedCall {
  readonly playback: Playback;
  /** The hub's id of it. @throws before its first packet was played */
  callId(): string;
}

export interface SandboxWorld {
  readonly pbx: SandboxAsterisk;
  readonly salesforce: SandboxSalesforce;
  readonly kintone: SandboxKintone;
  readonly folder: string;
  /** The settings of a hub that is connected to all three. */
  readonly environment: Readonly<Record<string, string>>;
  /** One call of a recording, with ids of its own; `from` replaces the caller's number. */
  playCall(recording: string, options?: { readonly call?: number; readonly from?: string }): PlayedCall;
  tasksOf(callId: string): readonly Row[];
  /** The follow-ups of a call. */
  followUpTasksOf(callId: string): readonly Row[];
  followUpRecordsOf(callId: string): readonly Readonly<Record<string, WireValue>>[];
  callRecordsOf(callId: string): readonly Readonly<Record<string, WireValue>>[];
  /** Ids by name. */
  contact(name: string): string;
  account(name: string): string;
  customer(name: string): string;
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

export interface SandboxWorldOptions {
  readonly now?: () => number;
}

export async function startSandboxWorld({ now = Date.now }: SandboxWorldOptions = {}): Promise<SandboxWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-hub-'));
  const local = { port: 0, host: '127.0.0.1' };
  const pbx = await startSandboxAsterisk({
    ...{ ...local, users: [amiUser], now, newId: randomUUID, after: afterRealTime, refusalDelayMs: 1 },
  });
  const salesforce = await startSandboxSalesforce({ port: 0 });
  const kintone = await startSandboxKintone({ port: 0 });
  const keyFile = path.join(folder, 'salesforce.pem');
  writeFileSync(keyFile, salesforce.privateKeyPem, { mode: 0o600 });

  function rowsOf(object: string): readonly Row[] {
    const definition = findObject(object);
    return definition === undefined ? [] : [...salesforce.store.all(definition)].filter(({ IsDeleted }) => IsDeleted !== true);
  }
  function idOf(object: string, name: string): string {
    const found = rowsOf(object).find(({ Name }) => Name === name);
    if (found === undefined) throw new Error(`The sandbox org has no ${object} ${name}.`);
    return String(found.Id);
  }
  const recordsOf = (app: string) => [...(kintone.state.apps.get(app)?.all() ?? [])];

  const valuesOf = (app: string, callId: string) =>
    recordsOf(app)
      .map(({ values }) => values)
      .filter(({ 通話ID }) => 通話ID === callId);

  return {
    ...{ pbx, salesforce, kintone, folder },
    environment: {
      TORITSUGI_DATA_DIR: folder,
      HTTP_PORT: '0',
      PBXS: PBX_NAME,
      AMI_PORT: String(pbx.port),
      AMI_USER: amiUser.name,
      AMI_SECRET: amiUser.secret,
      AGENTS: agents.join(','),
      MAPPINGS_DIR: path.resolve('mappings'),
      SALESFORCE_LOGIN_URL: salesforce.url,
      SALESFORCE_CLIENT_ID: salesforce.clientId,
      SALESFORCE_PRIVATE_KEY_FILE: keyFile,
      SALESFORCE_USERNAME: salesforce.username,
      KINTONE_BASE_URL: kintone.url,
      KINTONE_API_TOKENS: kintone.apiTokens.join(','),
      KINTONE_APPS: `customers=${CUSTOMERS_APP},calls=${CALLS_APP},followUps=${FOLLOW_UPS_APP}`,
    },
    playCall(name, { call = 0, from } = {}) {
      const recording = loadRecording(path.join(recordings, `${name}.ami.gz`));
      const chosen = callsOf(recording)[call];
      if (chosen === undefined) throw new Error(`${name} has no call ${call}.`);
      const numbers = from === undefined ? {} : { [chosen.callerNumber]: from };
      const playback = pbx.play(recording, { pace: 'byHand', calls: [chosen.id], numbers });
      return {
        playback,
        callId() {
          const fresh = playback.freshOf(chosen.id);
          if (fresh === null) throw new Error(`The call of ${name} has not begun yet.`);
          return `${PBX_NAME}-${fresh}`;
        },
      };
    },
    tasksOf: (callId) => rowsOf('Task').filter((task) => task.Toritsugi_Call_Id__c === callId),
    callRecordsOf: (callId) => valuesOf(CALLS_APP, callId),
    followUpTasksOf: (callId) => rowsOf('Task').filter((task) => task.Toritsugi_Call_Id__c === `${callId}-followUp`),
    followUpRecordsOf: (callId) => valuesOf(FOLLOW_UPS_APP, callId),
    contact: (name) => idOf('Contact', name),
    account: (name) => idOf('Account', name),
    customer(name) {
      const found = recordsOf(CUSTOMERS_APP).find(({ values }) => values.顧客名 === name);
      if (found === undefined) throw new Error(`The sandbox app has no customer ${name}.`);
      return String(found.id);
    },
    async close() {
      await Promise.all([pbx.close(), salesforce.close(), kintone.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
