/** The proof of the commands: an operator dials at the real desk, and a PBX that runs the shipped dialplan does it. */
import { resolve } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { buildWebApp, launchBrowser, openDesk, visit } from '../support/browser.ts';
import { Operator, untilKnown, untilListening } from '../support/operator.ts';
import { type RunningHub, startHubHere } from '../support/running-hub.ts';
import { type SandboxWorld, startSandboxWorld } from '../support/sandbox-world.ts';
import { until } from '../support/until.ts';

jest.setTimeout(60_000);

const customer = '09011110001';

let browser: Browser;
let world: SandboxWorld;
let hub: RunningHub;
let context: BrowserContext;

beforeAll(async () => {
  buildWebApp();
  browser = await launchBrowser();
  world = await startSandboxWorld();
  for (const number of ['1002', '1003', customer]) world.pbx.setPhone(number, { answersAfterMs: 300 });
  hub = await startHubHere(world.environment, { webFolder: resolve('dist/web') });
  context = await visit(browser);
}, 60_000);

afterAll(async () => {
  await context.close();
  await browser.close();
  await hub.stop();
  await world.close();
});

const stage = (page: Page, name: string) => page.locator(`article[data-stage=${name}]`);
const told = (page: Page, words: string) => page.locator('[data-command]').getByText(words);

test('dialled, held, asked about and handed over from the desk, a call is one call and one record in each CRM', async () => {
  await untilListening(hub.url);
  const operator = await Operator.signIn(hub.url, '1002');
  await untilKnown(operator, customer);
  const page = await openDesk(context, hub.url, '1002');
  await page.keyboard.press('d');
  await page.keyboard.type('090-1111-0001');
  await page.keyboard.press('Enter');
  await stage(page, 'talking').waitFor();
  await page.getByRole('heading', { level: 1, name: '小林 誠' }).waitFor();
  await page.keyboard.press('h');
  await stage(page, 'held').waitFor();
  await page.keyboard.press('h');
  await stage(page, 'talking').waitFor();
  await page.keyboard.press('t');
  await page.getByRole('combobox').and(page.locator(':focus')).waitFor();
  await page.keyboard.type('1003');
  await page.getByRole('option', { name: /1003/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText(/に相談中/).waitFor();
  await page.keyboard.press('t');
  await told(page, '転送しました').waitFor();
  const [line = ''] = world.pbx.calls.channelsOf('PJSIP/trunk-out');
  await until('the colleague talks', () => world.pbx.calls.channelsOf('PJSIP/1003').length === 1);
  world.pbx.calls.hangUp(line);
  const [record, ...others] = await until('the call is logged in both CRMs', async () => {
    const { rows } = await operator.ledger();
    const isLogged = rows.some(({ entries }) => entries.length === 2 && entries.every(({ state }) => state === 'logged'));
    return isLogged && rows.map(({ call }) => call);
  });
  expect(others).toEqual([]);
  expect(record).toMatchObject({
    ...{ direction: 'outbound', placedBy: '1002', spokeWith: ['1002', '1003'], hangupBy: 'customer' },
    transfers: [{ kind: 'attended', from: '1002', to: '1003', answered: true }],
  });
  const id = record?.id ?? '';
  expect([id, world.tasksOf(id).length, world.callRecordsOf(id).length]).toEqual([
    expect.stringMatching(/^main-toritsugi-/),
    1,
    1,
  ]);
});
