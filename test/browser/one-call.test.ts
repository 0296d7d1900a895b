/** The proof: a recorded call goes over TCP through the running hub to a real browser, and into both CRMs. */
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildWebApp, launchBrowser, openDesk, visit } from '../support/browser.ts';
import { Operator, untilKnown, untilListening } from '../support/operator.ts';
import { type RunningHub, startHubHere } from '../support/running-hub.ts';
import { type PlayedCall, type SandboxWorld, startSandboxWorld } from '../support/sandbox-world.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

let browser: Browser;
let world: SandboxWorld;
let hub: RunningHub;
let contexts: BrowserContext[] = [];
/** The clock of the hub and of the PBX, moved by hand: durations come out to the second. */
let now = 0;

beforeAll(async () => {
  buildWebApp();
  browser = await launchBrowser();
}, 60_000);

afterAll(() => browser.close());

beforeEach(async () => {
  now = Date.now();
  world = await startSandboxWorld({ now: () => now });
  hub = await startHubHere(world.environment, { now: () => now, webFolder: resolve('dist/web') });
  await untilListening(hub.url);
});

afterEach(async () => {
  for (const context of contexts) await context.close();
  contexts = [];
  await hub.stop();
  await world.close();
});

async function deskOf(extension: string): Promise<Page> {
  const context = await visit(browser);
  contexts.push(context);
  return openDesk(context, hub.url, extension);
}

const card = (page: Page, stage: string) => page.locator(`article[data-stage=${stage}]`);
const name = (page: Page, text: string) => page.getByRole('heading', { level: 1, name: text });
const notes = (page: Page) => page.getByRole('textbox', { name: 'メモ' });
const saved = (page: Page) => page.locator('[data-save=saved]');

/** All phones that this call rings are ringing. */
function ring({ playback }: PlayedCall, phones: number): void {
  for (let ringing = 0; ringing < phones; ringing += 1) playback.advanceTo({ Event: 'DialState', DialStatus: 'RINGING' });
}

/** Somebody picks up; both are in the conversation. */
function answer({ playback }: PlayedCall): void {
  playback.advanceTo({ Event: 'BridgeEnter' });
  playback.advanceTo({ Event: 'BridgeEnter' });
}

async function untilLogged(operator: Operator, callId: string): Promise<void> {
  await until('both CRMs have the call', async () => {
    const row = await operator.ledgerRow(callId);
    return row?.entries.length === 2 && row.entries.every(({ state }) => state === 'logged');
  });
}

test('a call rings, the right customer is on the screen, and what was said about it is once in both CRMs', async () => {
  const operator = await Operator.signIn(hub.url, '1002');
  await untilKnown(operator, '09012345678');
  const [hanako, ichiro] = [await deskOf('1002'), await deskOf('1001')];
  const call = world.playCall('01-queue-answered');

  ring(call, 4);
  for (const page of [hanako, ichiro]) {
    await card(page, 'ringing').waitFor();
    await name(page, '山田 太郎').waitFor();
    await card(page, 'ringing').getByText('株式会社山田製作所').first().waitFor();
    await card(page, 'ringing').getByText('090-1234-5678').waitFor();
  }
  const startedAt = now;

  now += 3_000;
  answer(call);
  await card(hanako, 'talking').waitFor();
  await card(ichiro, 'ringing').waitFor({ state: 'detached' });
  await ichiro.getByText('鈴木 花子 が応答').waitFor();

  await hanako.locator('[data-outcome=won]').click();
  await notes(hanako).fill('見積書を送る\n来週 <確認> & "再訪"');
  await saved(hanako).waitFor();
  now += 6_000;
  call.playback.finish();
  await card(hanako, 'afterCall').waitFor();
  await hanako.getByRole('button', { name: /^完了/ }).click();
  await card(hanako, 'afterCall').waitFor({ state: 'detached' });

  const callId = call.callId();
  await untilLogged(operator, callId);
  const record = await operator.call(callId);
  const recordingName = record.recordings[0] ?? 'none';
  expect(recordingName).toMatch(/^in-0312345679-09012345678-.*\.wav$/);
  expect(world.tasksOf(callId)).toEqual([
    expect.objectContaining({
      Subject: '着信 090-1234-5678 成約',
      Status: 'Completed',
      Priority: 'Normal',
      CallType: 'Inbound',
      CallDurationInSeconds: 6,
      CallObject: callId,
      CallDisposition: '成約',
      ActivityDate: dayInTokyo(startedAt),
      WhoId: world.contact('山田 太郎'),
      WhatId: world.account('株式会社山田製作所'),
      OwnerId: world.salesforce.userId,
      Description: `見積書を送る\n来週 <確認> & "再訪"\n\n担当: 鈴木 花子 1002\n録音: ${recordingName}`,
    }),
  ]);
  expect(world.callRecordsOf(callId)).toEqual([
    expect.objectContaining({
      件名: '着信 090-1234-5678 成約',
      開始日時: toTheMinute(startedAt),
      終了日時: toTheMinute(startedAt + 9_000),
      方向: '着信',
      電話番号: '090-1234-5678',
      着信番号: '03-1234-5679',
      キュー: 'sales',
      顧客レコード番号: world.customer('山田 太郎'),
      顧客名: '山田 太郎',
      担当内線: '1002',
      結果: '応答',
      通話秒数: '6',
      待ち秒数: '3',
      保留秒数: '0',
      録音: recordingName,
      対応結果: '成約',
      メモ: '見積書を送る\n来週 <確認> & "再訪"',
    }),
  ]);
  expect(await operator.calls()).toHaveLength(1);
  expect(await operator.ledger()).toMatchObject({ summary: { owed: 0 } });
});

test('when two people share the number a key chooses one, and another choice later moves the log instead of writing a second', async () => {
  const operator = await Operator.signIn(hub.url, '1004');
  await untilKnown(operator, '09033334444');
  const page = await deskOf('1004');
  const call = world.playCall('04-ring-group');

  ring(call, 3);
  await page.getByRole('button', { name: '高橋 一郎 を選ぶ' }).first().waitFor();
  await page.keyboard.press('1');
  const chosen = await until('the first choice is known', async () => {
    const { matches } = await operator.call(call.callId());
    return matches.find(({ connector }) => connector === 'salesforce');
  });
  await name(page, chosen.name).waitFor();
  const other = chosen.name === '高橋 一郎' ? '高橋 花子' : '高橋 一郎';

  answer(call);
  await card(page, 'talking').waitFor();
  await page.locator('[data-outcome=prospect]').click();
  await page.locator('[data-state=saved]').waitFor();
  call.playback.finish();
  await card(page, 'afterCall').waitFor();
  const callId = call.callId();
  await untilLogged(operator, callId);
  const [written] = world.tasksOf(callId);
  const firstId = written?.Id;
  expect(world.tasksOf(callId)).toEqual([
    expect.objectContaining({
      WhoId: world.contact(chosen.name),
      WhatId: world.account('高橋家'),
      CallDisposition: '見込みあり',
    }),
  ]);

  await page.getByRole('button', { name: `${other} を選ぶ` }).click();
  await name(page, other).waitFor();
  await until('the log has moved', () => world.tasksOf(callId).some(({ WhoId }) => WhoId === world.contact(other)));
  await untilLogged(operator, callId);
  expect(world.tasksOf(callId)).toEqual([expect.objectContaining({ Id: firstId, WhoId: world.contact(other) })]);
  expect(world.callRecordsOf(callId)).toEqual([
    expect.objectContaining({ 顧客レコード番号: world.customer('高橋 一郎'), 対応結果: '見込みあり' }),
  ]);
});

const inTokyo = (at: number) => new Date(at + 9 * 3_600_000).toISOString();

function dayInTokyo(at: number): string {
  return inTokyo(at).slice(0, 10);
}

/** kintone keeps instants to the minute. */
function toTheMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}:00Z`;
}
