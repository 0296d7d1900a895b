/** The proof of follow-ups: two clicks at the real desk, and the promise is in both CRMs, at the time that was clicked. */
import { resolve } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { buildWebApp, launchBrowser, openDesk, visit } from '../support/browser.ts';
import { Operator, untilKnown, untilListening } from '../support/operator.ts';
import { type RunningHub, startHubHere } from '../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../support/sandbox-world.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

let browser: Browser;
let world: SandboxWorld;
let hub: RunningHub;
let context: BrowserContext;

beforeAll(async () => {
  buildWebApp();
  browser = await launchBrowser();
  world = await startSandboxWorld();
  hub = await startHubHere(world.environment, { webFolder: resolve('dist/web') });
  context = await visit(browser);
}, 60_000);

afterAll(async () => {
  await context.close();
  await browser.close();
  await hub.stop();
  await world.close();
});

test('再コール and a time: one task in Salesforce, one record in kintone; taken back at the desk, both are cancelled', async () => {
  await untilListening(hub.url);
  const operator = await Operator.signIn(hub.url, '1002');
  await untilKnown(operator, '09012345678');
  const page = await openDesk(context, hub.url, '1002');
  const call = world.playCall('01-queue-answered');
  call.playback.finish();
  await page.locator('article[data-stage=afterCall]').waitFor();
  await page.locator('[data-outcome=recall]').click();
  await page.locator('[data-recall=tomorrow10]').click();
  await page.locator('[data-follow-up=promised]').waitFor();

  const id = call.callId();
  const [task, record] = await until('both CRMs have the promise', () => {
    const both = [world.followUpTasksOf(id)[0], world.followUpRecordsOf(id)[0]] as const;
    return both.every((one) => one !== undefined) && both;
  });
  const { followUp } = await operator.call(id);
  expect(new Date(followUp?.dueAt ?? '').toISOString()).toMatch(/T01:00:00\.000Z$/);
  expect(new Date(String(task?.ReminderDateTime)).toISOString()).toBe(followUp?.dueAt);
  expect(new Date(String(record?.期限)).toISOString()).toBe(followUp?.dueAt);
  expect([task?.Status, task?.WhoId, record?.状態, record?.顧客名]).toEqual([
    'Not Started',
    world.contact('山田 太郎'),
    '未対応',
    '山田 太郎',
  ]);

  await page.getByRole('button', { name: '取り消す' }).click();
  await until('both CRMs hold it as cancelled', () => {
    return world.followUpTasksOf(id)[0]?.Status === 'Deferred' && world.followUpRecordsOf(id)[0]?.状態 === '取消';
  });
  const counted = [world.tasksOf(id), world.callRecordsOf(id), world.followUpTasksOf(id), world.followUpRecordsOf(id)];
  expect(counted.map(({ length }) => length)).toEqual([1, 1, 1, 1]);
});
