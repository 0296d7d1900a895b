import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { playInTurn } from '../../infra/sandbox/asterisk/play-in-turn.ts';
import { loadRecording } from '../../infra/sandbox/asterisk/recording.ts';
import { type SandboxAsterisk, startSandboxAsterisk } from '../../infra/sandbox/asterisk/sandbox-asterisk.ts';
import { type SandboxKintone, startSandboxKintone } from '../../infra/sandbox/kintone/kintone-sandbox.ts';
import { type SandboxSalesforce, startSandboxSalesforce } from '../../infra/sandbox/salesforce/sandbox-salesforce.ts';
import { readSettings } from '../config/read-settings.ts';
import { composeHub } from '../main.ts';
import { createLog } from '../observability/log.ts';
import { afterRealTime } from '../telephony/after.ts';
import { interruption } from './interruption.ts';
import { projectRoot } from './project-root.ts';
import { ownVersion } from './version.ts';
import { buildWebWhenStale } from './web-build.ts';

interface DemoFlags {
  readonly port: string;
  readonly host: string;
  readonly speed: string;
}

const recordings = path.join(projectRoot, 'infra/sandbox/asterisk/recordings');
const amiUser = { name: 'toritsugi', secret: 'sandbox-ami-secret', read: ['all'], write: ['all'] };

/** The agents of the recorded calls, as their phones name them. */
const agents = [
  ...['1001=佐藤 一郎', '1002=鈴木 花子', '1003=高橋 二郎', '1004=田中 洋子', '1005=伊藤 誠'],
  ...['1006=渡辺 彩', '1007=中村 健', '1008=小林 舞', '1009=加藤 新', '1010=吉田 理恵'],
];

/** `demo`: everything on this machine, playing recorded calls again and again. Nothing of it stays after it ends. */
export function demoCommand(): Command {
  return new Command('toritsugi demo')
    .description(
      'The whole product with nothing to configure: recorded calls, a Salesforce and a kintone sandbox, the hub, the browser app.',
    )
    .option('--port <port>', 'port of the hub; the sandboxes take the next two. 0: any free ones', '8400')
    .option('--host <address>', 'address to listen on; 0.0.0.0 to show it to others', '127.0.0.1')
    .option('--speed <factor>', 'how much faster than life the calls are played', '1')
    .addHelpText('after', '\nExample:\n  $ ./toritsugi demo --port 9000')
    .action(runDemo);
}

async function runDemo(flags: DemoFlags): Promise<void> {
  const port = wholeNumber('--port', flags.port, 65_533);
  const speed = Number(flags.speed);
  if (!(speed >= 0.1 && speed <= 100)) throw new Error('--speed is a number from 0.1 to 100');
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const webFolder = buildWebWhenStale((line) => say(`toritsugi: ${line}`));
  const opened: (() => unknown)[] = [];
  try {
    await playDemo({ port, speed, host: flags.host, webFolder, say }, (close) => opened.unshift(close));
  } finally {
    for (const close of opened) await close();
  }
}

interface DemoWishes {
  readonly port: number;
  readonly host: string;
  readonly speed: number;
  readonly webFolder: string;
  readonly say: (line: string) => void;
}

type CloseLater = (close: () => unknown) => void;

/** Plays until a signal. What it opens is told to `closeLater`, also when a later part cannot start. */
async function playDemo({ port, host, speed, webFolder, say }: DemoWishes, closeLater: CloseLater): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'toritsugi-demo-'));
  closeLater(() => rmSync(folder, { recursive: true, force: true }));
  const sandboxes = await startSandboxes(port, closeLater);
  const { pbx, salesforce, kintone } = sandboxes;
  const settings = readSettings({
    ...{ TORITSUGI_DATA_DIR: folder, HTTP_HOST: host, HTTP_PORT: String(port), AGENTS: agents.join(','), SUPERVISORS: '1010' },
    ...{ MAPPINGS_DIR: path.join(projectRoot, 'mappings'), DIRECTORY_SYNC_SECONDS: '15' },
    ...environmentOf(sandboxes, folder),
  });
  const hub = await composeHub({ settings, webFolder, version: ownVersion(), log: createLog('warn') });
  closeLater(() => hub.stop());
  say(welcome({ hub: hub.url, salesforce: salesforce.url, kintone: kintone.url }));
  const files = readdirSync(recordings).filter((name) => name.endsWith('.ami.gz'));
  const plays = files.sort().map((name) => loadRecording(path.join(recordings, name)));
  await pbx.whenLoggedIn();
  const stopPlaying = playInTurn(pbx, plays, {
    pace: { speed, maxGapMs: 10_000 },
    pauseMs: 4_000 / speed,
    loop: true,
    after: afterRealTime,
    onStart: ({ name }) => say(`  ${new Date().toLocaleTimeString('en-GB')}  ${titles[name.slice(0, 2)] ?? name}`),
  });
  closeLater(stopPlaying);
  await interruption();
}

interface Sandboxes {
  readonly pbx: SandboxAsterisk;
  readonly salesforce: SandboxSalesforce;
  readonly kintone: SandboxKintone;
}

/** The CRMs at the two ports after the hub's; 0: at any. */
async function startSandboxes(port: number, closeLater: CloseLater): Promise<Sandboxes> {
  const world = { now: Date.now, newId: randomUUID, after: afterRealTime };
  const ari = { port: 0, users: [{ name: amiUser.name, password: amiUser.secret }] };
  const pbx = await startSandboxAsterisk({ port: 0, host: '127.0.0.1', users: [amiUser], ari, ...world });
  closeLater(() => pbx.close());
  const salesforce = await startSandboxSalesforce({ port: port === 0 ? 0 : port + 1 });
  closeLater(() => salesforce.close());
  const kintone = await startSandboxKintone({ port: port === 0 ? 0 : port + 2 });
  closeLater(() => kintone.close());
  return { pbx, salesforce, kintone };
}

/** How the hub reaches them. Salesforce's key is put into `folder`. */
function environmentOf({ pbx, salesforce, kintone }: Sandboxes, folder: string): Readonly<Record<string, string>> {
  const keyFile = path.join(folder, 'salesforce.pem');
  writeFileSync(keyFile, salesforce.privateKeyPem, { mode: 0o600 });
  return {
    PBXS: 'demo',
    AMI_PORT: String(pbx.port),
    AMI_USER: amiUser.name,
    AMI_SECRET: amiUser.secret,
    ARI_URL: pbx.ariUrl ?? '',
    ARI_USER: amiUser.name,
    ARI_PASSWORD: amiUser.secret,
    SALESFORCE_LOGIN_URL: salesforce.url,
    SALESFORCE_CLIENT_ID: salesforce.clientId,
    SALESFORCE_PRIVATE_KEY_FILE: keyFile,
    SALESFORCE_USERNAME: salesforce.username,
    KINTONE_BASE_URL: kintone.url,
    KINTONE_API_TOKENS: kintone.apiTokens.join(','),
    KINTONE_APPS: 'customers=1,calls=2,followUps=3',
  };
}

/** What a newcomer is about to see, and at whose desk. */
const titles: Readonly<Record<string, string>> = {
  '01': '営業キューに 2 件の着信: 1001〜1004 が鳴ります / two calls to the sales queue: 1001-1004 ring',
  '02': '放棄呼 2 件: 1001〜1004、1005 / two callers give up: 1001-1004, then 1005',
  '04': '着信グループ: 1003〜1005 / ring group: 1003-1005',
  '07': 'IVR からキューへ: 1005〜1007、1001〜1004 / menu, then a queue: 1005-1007, then 1001-1004',
  '08': '1003 からの発信 / 1003 dials out',
  '12': 'ブラインド転送 3 件: 1006、1001〜1004、1009 ほか / three blind transfers: 1006, 1001-1004, 1009 and others',
  '14': '保留と再開: 1001〜1004 / hold and retrieve: 1001-1004',
  '26': '日本語の発信者名: 1001〜1004 / Japanese caller names: 1001-1004',
};

function welcome(urls: { readonly hub: string; readonly salesforce: string; readonly kintone: string }): string {
  return `
取次 Toritsugi — demo

  デスク / desk             ${urls.hub}/
  管理 / admin              ${urls.hub}/admin
  Salesforce sandbox        ${urls.salesforce}/
  kintone sandbox           ${urls.kintone}/

  デスクを開き、内線 1002(鈴木 花子)などを選んでください。着信と同時にお客様の画面が開きます。
  Open the desk and choose an extension, for example 1002: the customer appears when the phone rings.
  発信もできます: 090-1111-0001 は応答、090-1111-0002 は不応答、090-1111-0003 は話し中。保留・転送・終話も試せます。
  Dial, hold, transfer, hang up: 090-1111-0001 answers, 090-1111-0002 does not, 090-1111-0003 is busy.

  利用者 / demo users: ${agents.join(', ')}
  Ctrl+C で終了 / ends it.
`;
}

function wholeNumber(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 0 || number > most) throw new Error(`${name} is a whole number from 0 to ${most}`);
  return number;
}
