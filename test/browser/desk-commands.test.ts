import type { Browser, BrowserContext, Page } from 'playwright-core';
import { keepScreenshot, openDesk, visit } from '../support/browser.ts';
import { AGENTS, answeredCall, callId, endedCall, knownMatch, ringingCall } from '../support/desk-calls.ts';
import type { DeskHub } from '../support/desk-hub.ts';
import { visitDeskForEach } from '../support/desk-visit.ts';
import { done } from '../support/scripted-commands.ts';
import { until } from '../support/until.ts';

jest.setTimeout(30_000);

let browser: Browser;
let context: BrowserContext;
let hub: DeskHub;

visitDeskForEach((visited) => {
  ({ browser, context, hub } = visited);
});

const notice = (page: Page) => page.locator('[data-command]');
const dialBox = (page: Page) => page.getByRole('textbox', { name: '発信先の番号' });
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: false });
const ordered = (count: number) => until(`${count} orders`, async () => hub.pbx.ordered.length === count);
const kinds = () => hub.pbx.ordered.map(({ order }) => order.kind);

async function inConversation(page: Page, id = 'main-1763838000.12') {
  const call = hub.tell(ringingCall(['1001'], { id: callId(id) }), 'callStarted');
  hub.tellMatch(call.record.id, knownMatch());
  hub.pbx.connect(id, '1001');
  const talking = hub.tell(answeredCall(call, '1001'));
  await page.locator('article[data-stage=talking]').waitFor();
  return talking;
}

test('a number in any form is typed, Enter dials it, and every step is told in plain words', async () => {
  const page = await openDesk(context, hub.url);
  await page.keyboard.press('d');
  await page.keyboard.type('０９０−１１１１−０００１');
  await page.keyboard.press('Enter');
  await ordered(1);
  expect(hub.pbx.last.order).toMatchObject({ kind: 'call', extension: '1001', dial: '09011110001' });
  // The keys of the desk are free again.
  expect(await dialBox(page).and(page.locator(':focus')).count()).toBe(0);
  hub.pbx.last.stage('agentRinging');
  await notice(page).getByText('お手元の電話が鳴ります').waitFor();
  hub.pbx.last.stage('farEndRinging');
  await notice(page).getByText('相手先 ０９０−１１１１−０００１ を呼び出しています').waitFor();
  hub.pbx.last.end(done('customerBusy'));
  await notice(page).getByText('お客様が話し中でした').waitFor();
  await page.getByRole('button', { name: '閉じる' }).click();
  await notice(page).waitFor({ state: 'detached' });
});

test('Enter pressed twice, and a double click, dial once', async () => {
  const page = await openDesk(context, hub.url);
  await dialBox(page).fill('03-1234-5678');
  await dialBox(page).press('Enter');
  await dialBox(page).fill('03-1234-5678');
  await dialBox(page).press('Enter');
  await ordered(1);
  await dialBox(page).fill('06-1234-5678');
  await page.getByRole('button', { name: '発信', exact: true }).dblclick();
  await notice(page).waitFor();
  expect(hub.pbx.ordered).toHaveLength(1);
});

test('a call just begun can be stopped at once', async () => {
  const page = await openDesk(context, hub.url);
  await dialBox(page).fill('090-1111-0001');
  await dialBox(page).press('Enter');
  await ordered(1);
  const id = 'main-1763838000.12';
  hub.pbx.connect(id, '1001');
  hub.tell(ringingCall([], { id: callId(id), direction: 'outbound', placedBy: '1001' }), 'callStarted');
  await notice(page).getByText('お手元の電話を呼び出しています').waitFor();
  await button(page, '発信をやめる').click();
  await ordered(2);
  expect(kinds()).toEqual(['call', 'hangUp']);
});

test('two pages of one operator dial once too', async () => {
  const page = await openDesk(context, hub.url);
  const other = await context.newPage();
  await other.goto(hub.url);
  await other.locator('[data-line=connected]').waitFor();
  for (const each of [page, other]) await dialBox(each).fill('03-1234-5678');
  await Promise.all([dialBox(page).press('Enter'), dialBox(other).press('Enter')]);
  await until('one of them is refused', async () => {
    const words = await Promise.all([page, other].map((each) => notice(each).textContent()));
    return words.some((text) => text?.includes('重ねて発信しませんでした'));
  });
  expect(hub.pbx.ordered).toHaveLength(1);
});

test('what cannot be dialled is refused with the reason', async () => {
  const page = await openDesk(context, hub.url);
  for (const [typed, words] of [
    ['110', '緊急通報は電話機から'],
    ['Local/1002&', '電話番号として読み取れません'],
    ['1001', 'ご自分の内線番号です'],
  ] as const) {
    await dialBox(page).fill(typed);
    await dialBox(page).press('Enter');
    await notice(page).getByText(words).waitFor();
  }
  expect(hub.pbx.ordered).toEqual([]);
});

test('the number of a customer who was spoken with is called back with one click', async () => {
  const page = await openDesk(context, hub.url);
  const talking = await inConversation(page);
  hub.tell(endedCall(talking), 'callEnded');
  await page.getByRole('button', { name: '090-1234-5678 に発信' }).dblclick();
  await ordered(1);
  expect(hub.pbx.last.order).toMatchObject({ dial: '09012345678' });
});

test('hold and back by key; the buttons follow the call', async () => {
  hub.pbx.atOnce = done('held');
  const page = await openDesk(context, hub.url);
  const talking = await inConversation(page);
  await page.keyboard.press('h');
  await notice(page).getByText('お客様を保留にしました').waitFor();
  hub.pbx.connect(talking.record.id, '1001', { isWaiting: true });
  hub.tell({ ...talking, phase: 'held' });
  hub.pbx.atOnce = done('resumed');
  await button(page, '保留解除').click();
  await notice(page).getByText('お客様との通話に戻りました').waitFor();
  expect(kinds()).toEqual(['hold', 'resume']);
});

test('keys typed into the notes do nothing to the call', async () => {
  const page = await openDesk(context, hub.url);
  await inConversation(page);
  await page.getByRole('textbox', { name: 'メモ' }).fill('');
  await page.getByRole('textbox', { name: 'メモ' }).pressSequentially('htpEd');
  expect(hub.pbx.ordered).toEqual([]);
  await page.getByRole('textbox', { name: 'メモ' }).blur();
  await page.keyboard.press('e');
  expect(hub.pbx.ordered).toEqual([]);
});

test('an attended transfer by keyboard: find the colleague, ask, hand over', async () => {
  const page = await openDesk(context, hub.url);
  const talking = await inConversation(page);
  const id = talking.record.id;
  await page.keyboard.press('t');
  await page.getByRole('combobox').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('鈴木');
  await page.getByRole('option', { name: /鈴木/ }).waitFor();
  await page.keyboard.press('Enter');
  await ordered(1);
  expect(hub.pbx.last.order).toMatchObject({ kind: 'consult', colleague: '1002' });
  await notice(page).getByText('を呼び出しています。お客様は保留中です').waitFor();
  hub.pbx.connect(id, '1001', { isWaiting: true });
  hub.pbx.legs.set(id, [
    ...hub.pbx.legsOf(id),
    { channelId: 'phone-1002', extension: '1002', isCustomer: false, isUp: true, isWaiting: false, isHolder: false },
  ]);
  hub.tell({ ...talking, phase: 'held', talking: ['1001', '1002'] });
  hub.pbx.last.end(done('answered'));
  await notice(page).getByText('につながりました').waitFor();
  await page.getByText(/鈴木 蓮 に相談中/).waitFor();
  await button(page, 'お客様に戻る').waitFor();
  await page.keyboard.press('t');
  await ordered(2);
  expect(hub.pbx.last.order).toMatchObject({ kind: 'completeTransfer', colleagueChannelId: 'phone-1002' });
});

test('a blind transfer, to a colleague or to a number outside', async () => {
  hub.pbx.atOnce = done('transferred');
  const page = await openDesk(context, hub.url);
  await inConversation(page);
  await button(page, '転送').click();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'すぐに転送' }).click();
  await notice(page).getByText('転送しました').waitFor();
  await page.keyboard.press('t');
  await page.getByRole('combobox').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('03-1234-5678');
  await page.getByText('03-1234-5678 へ転送します').waitFor();
  await page.keyboard.press('Enter');
  await ordered(2);
  expect(hub.pbx.ordered.map(({ order }) => 'dial' in order && order.dial)).toEqual([AGENTS[2]?.extension, '0312345678']);
});

test('park tells the slot; hanging up needs shift', async () => {
  hub.pbx.atOnce = done('parked', '701');
  const page = await openDesk(context, hub.url);
  await inConversation(page);
  await page.keyboard.press('p');
  await notice(page).getByText('パーク保留にしました(番号 701)').waitFor();
  hub.pbx.atOnce = done('hungUp');
  await page.keyboard.press('Shift+E');
  await notice(page).getByText('電話を切りました').waitFor();
  expect(kinds()).toEqual(['park', 'hangUp']);
});

test('a hub that is away is told, and the command is not given twice when it is back', async () => {
  const page = await openDesk(context, hub.url);
  let broken = 2;
  await page.route('**/api/v1/calls', (route) => {
    broken -= 1;
    return broken >= 0 ? route.abort() : route.continue();
  });
  hub.pbx.atOnce = done('answered');
  await dialBox(page).fill('03-1234-5678');
  await dialBox(page).press('Enter');
  await notice(page).getByText('つながりました').waitFor();
  expect(hub.pbx.ordered).toHaveLength(1);
});

test.each(['ja', 'en'] as const)('reads well in %s', async (language) => {
  const look = (name: string) => keepScreenshot(page, `commands-${name}-${language}`);
  const own = await visit(browser, { language, colorScheme: language === 'ja' ? 'light' : 'dark' });
  const page = await openDesk(own, hub.url);
  await page.locator('input[type=tel]').fill('03-1234-5678');
  await look('dial');
  await page.keyboard.press('Enter');
  await ordered(1);
  hub.pbx.last.stage('farEndRinging');
  await notice(page).waitFor();
  await look('dialling');
  hub.pbx.last.end(done('numberUnknown'));
  await notice(page)
    .getByText(/使われていません|not in use/)
    .waitFor();
  await look('refused');
  const talking = await inConversation(page);
  await look('talking');
  await page.keyboard.press('t');
  await page.getByRole('listbox').waitFor();
  await look('transfer');
  await page.keyboard.press('Escape');
  hub.tell({ ...talking, phase: 'held', talking: ['1001', '1002'] });
  await page.locator('article[data-stage=held]').waitFor();
  await look('consulting');
  hub.tell(endedCall(talking), 'callEnded');
  await page.locator('article[data-stage=afterCall]').waitFor();
  await look('after');
  await own.close();
});
