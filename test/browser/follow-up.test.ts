/** What an operator promises a customer, at the desk in real Chromium, in both languages. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { keepScreenshot, openDesk, type VisitorOptions, visit } from '../support/browser.ts';
import { answeredCall, endedCall, knownMatch, ringingCall, transferredCall } from '../support/desk-calls.ts';
import type { DeskHub } from '../support/desk-hub.ts';
import { visitDeskForEach } from '../support/desk-visit.ts';
import { until } from '../support/until.ts';

jest.setTimeout(30_000);

/** A Wednesday, 10:02 in Tokyo, by the hub's clock and by the browser's. */
const NOW = Date.parse('2026-11-25T01:02:00.000Z');

let browser: Browser;
let context: BrowserContext;
let hub: DeskHub;

visitDeskForEach((visited) => {
  ({ browser, hub } = visited);
  hub.now = () => NOW;
});

afterEach(() => context.close());

async function openAt(language: NonNullable<VisitorOptions['language']>, options: VisitorOptions = {}): Promise<Page> {
  context = await visit(browser, { language, ...options });
  await context.clock.setFixedTime(NOW);
  return openDesk(context, hub.url);
}

function talk(): ReturnType<typeof answeredCall> {
  const ringing = hub.tell(ringingCall(['1001']), 'callStarted');
  hub.tellMatch(ringing.record.id, knownMatch());
  return hub.tell(answeredCall(ringing, '1001'));
}

const section = (page: Page) => page.locator('[data-follow-up]');
const promised = (page: Page) => page.locator('[data-follow-up=promised]');
const lastPromise = () => hub.promised.at(-1)?.followUp;

test('an outcome that needs a recall and one click of time: promised, in the ledger, and changed in the same way', async () => {
  const page = await openAt('ja');
  hub.tell(endedCall(talk()), 'callEnded');
  await page.locator('[data-outcome=recall]').click();
  await section(page).getByText('かけ直す日時').waitFor();
  await keepScreenshot(page, 'follow-up-choosing-ja');
  await page.getByRole('button', { name: /明日 10:00/ }).click();
  await promised(page).getByText('11月26日(木) 10:00').waitFor();
  await until('the ledger has it', () => lastPromise()?.dueAt === '2026-11-26T01:00:00.000Z');
  await page.getByRole('textbox', { name: '次の対応の内容' }).fill('見積もりの件');
  await until('the note is there too', () => lastPromise()?.note === '見積もりの件');
  await keepScreenshot(page, 'follow-up-promised-ja');
  await page.getByRole('button', { name: '日時を変更' }).click();
  await page.getByRole('button', { name: /30分後/ }).click();
  await until('the time has changed, and the note stays', () => {
    const { dueAt, note } = lastPromise() ?? {};
    return dueAt === '2026-11-25T01:35:00.000Z' && note === '見積もりの件';
  });
  await page.getByRole('button', { name: '取り消す' }).click();
  await until('it is taken back', () => lastPromise() === null);
  await page.locator('[data-follow-up=choosing]').waitFor();
});

test('by keyboard alone: the outcome, the arrows, Enter; and a field for any other time, which refuses what is over', async () => {
  const page = await openAt('en');
  talk();
  await page.locator('[data-outcome=recall]').waitFor();
  await page.keyboard.press('Alt+2');
  await page.locator('[data-recall=in30]:focus').waitFor();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'Enter']) await page.keyboard.press(key);
  await promised(page).getByText('Thu 26 Nov, 10:00').waitFor();
  await until('the ledger has it', () => lastPromise()?.dueAt === '2026-11-26T01:00:00.000Z');
  await page.keyboard.press('f');
  await page.locator('[data-recall]:focus').first().waitFor();
  const other = page.getByLabel('Another date and time');
  await other.fill('2026-11-25T10:00');
  await page.keyboard.press('Enter');
  await page.getByText('This time is in the past').waitFor();
  await keepScreenshot(page, 'follow-up-past-en');
  await other.fill('2029-01-01T10:00');
  await page.keyboard.press('Enter');
  await page.getByText('more than two years ahead').waitFor();
  expect(lastPromise()?.dueAt).toBe('2026-11-26T01:00:00.000Z');
  await other.fill('2027-01-15T15:30');
  await page.keyboard.press('Enter');
  await promised(page).getByText('Fri, 15 Jan 2027, 15:30').waitFor();
  await until('the ledger has that one', () => lastPromise()?.dueAt === '2027-01-15T06:30:00.000Z');
});

test('says so where no CRM is told of it', async () => {
  hub.takesFollowUps = false;
  const page = await openAt('ja');
  talk();
  await page.locator('[data-outcome=recall]').click();
  await page.getByRole('button', { name: /次の月曜/ }).click();
  await promised(page).getByText('11月30日(月) 10:00').waitFor();
  await page.getByText('この予定は取次だけに残り、CRM には書き込まれません。').waitFor();
});

test('any call may have a follow-up, whatever its outcome', async () => {
  const page = await openAt('ja');
  talk();
  await page.locator('[data-outcome=won]').click();
  await page.locator('[data-follow-up=none]').getByRole('button', { name: '日時を決める' }).click();
  await keepScreenshot(page, 'follow-up-any-ja');
  await page.getByRole('button', { name: /次の月曜/ }).click();
  await promised(page).getByText('11月30日(月) 10:00').waitFor();
  await until('the ledger has it', () => lastPromise()?.dueAt === '2026-11-30T01:00:00.000Z');
});

test('whoever is done without a time is asked, and choosing one goes on by itself', async () => {
  const page = await openAt('ja');
  const ended = hub.tell(endedCall(talk()), 'callEnded');
  await page.locator('[data-outcome=recall]').click();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('いつかけ直しますか').waitFor();
  await page.locator('[data-recall=in30]:focus').waitFor();
  await keepScreenshot(page, 'follow-up-question-ja');
  expect(hub.drafts.get(ended.record.id)?.finishedBy).toBeNull();
  await page.getByRole('button', { name: /明日 14:00/ }).click();
  await page.locator('article').waitFor({ state: 'detached' });
  expect(lastPromise()?.dueAt).toBe('2026-11-26T05:00:00.000Z');
  expect(hub.drafts.get(ended.record.id)?.finishedBy).toBe('1001');
});

test('"no time yet" is an answer too; another outcome needs none', async () => {
  const page = await openAt('en');
  const ended = hub.tell(endedCall(talk()), 'callEnded');
  await page.locator('[data-outcome=recall]').click();
  await page.getByRole('button', { name: /Skip outcome/ }).click();
  await page.getByRole('alert').getByText('When will you call again?').waitFor();
  await page.locator('[data-outcome=other]').click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
  await page.locator('[data-outcome=recall]').click();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Done, no time yet' }).click();
  await page.locator('article').waitFor({ state: 'detached' });
  expect([hub.drafts.get(ended.record.id)?.finishedBy, hub.promised.length]).toEqual(['1001', 0]);
});

test('what was promised stands after a restart of the hub, and goes along with a transfer', async () => {
  const page = await openAt('ja');
  const call = talk();
  await page.locator('[data-outcome=recall]').click();
  await page.getByRole('button', { name: /1時間後/ }).click();
  await until('the ledger has it', () => lastPromise()?.dueAt === '2026-11-25T02:05:00.000Z');
  await hub.restart();
  await promised(page).getByText('11月25日(水) 11:05').waitFor();
  hub.tell(transferredCall(call, '1001', '1002'));
  const context2 = await visit(browser);
  const colleague = await openDesk(context2, hub.url, '1002');
  await promised(colleague).getByText('11月25日(水) 11:05').waitFor();
  await context2.close();
});

test('what the hub could not take survives a reload of the page and is taken when it can be', async () => {
  const page = await openAt('ja');
  talk();
  await page.locator('[data-outcome=recall]').waitFor();
  hub.broken = true;
  await page.locator('[data-outcome=recall]').click();
  await page.getByRole('button', { name: /明日 10:00/ }).click();
  await section(page).getByText('保存しています…').waitFor();
  await page.reload();
  await promised(page).getByText('11月26日(木) 10:00').waitFor();
  hub.broken = false;
  await until('the ledger has it', () => lastPromise()?.dueAt === '2026-11-26T01:00:00.000Z');
  await section(page).getByText('保存済み').waitFor();
});

test('what a colleague chooses is shown, and takes the focus from nobody', async () => {
  const page = await openAt('ja');
  const call = talk();
  await page.locator('[data-follow-up=none]').waitFor();
  await hub.desk.chooseOutcome(call.record.id, '1002', 'recall');
  await page.locator('[data-follow-up=choosing]').waitFor();
  expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('BODY');
  await page.locator('[data-outcome=won]').click();
  await page.locator('[data-outcome=recall]').click();
  await page.locator('[data-recall=in30]:focus').waitFor();
});

test('"done" after another outcome leaves no question behind', async () => {
  const page = await openAt('ja');
  const ended = hub.tell(endedCall(talk()), 'callEnded');
  await page.locator('[data-outcome=recall]').click();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').getByText('いつかけ直しますか').waitFor();
  await page.locator('[data-outcome=other]').click();
  await page.keyboard.press('Control+Enter');
  await page.locator('article').waitFor({ state: 'detached' });
  await hub.desk.reopen(ended.record.id, '1001');
  await page.locator('[data-outcome=recall]').click();
  await page.locator('[data-follow-up=choosing]').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
});

test.each(['light', 'dark'] as const)('nothing is wider than a small screen (%s)', async (colorScheme) => {
  const page = await openAt('en', { colorScheme });
  await page.setViewportSize({ width: 1024, height: 700 });
  hub.tell(endedCall(talk()), 'callEnded');
  await page.locator('[data-outcome=recall]').click();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('alert').waitFor();
  await keepScreenshot(page, `follow-up-small-${colorScheme}`);
  const isWider = await page.evaluate<boolean>('document.documentElement.scrollWidth > document.documentElement.clientWidth');
  expect(isWider).toBe(false);
});
