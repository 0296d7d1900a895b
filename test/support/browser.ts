/** Real Chromium on the built web app. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const TURN = 'dist/web.building';
const BUILD_LIMIT_MS = 40_000;

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface VisitorOptions {
  readonly language?: 'ja' | 'en';
  readonly colorScheme?: 'light' | 'dark';
}

/** Builds the web app when its sources are newer; a test must never look at yesterday's page. */
export function buildWebApp(): void {
  if (isBuilt()) return;
  const isOurs = takeTurn();
  try {
    if (isOurs && !isBuilt()) {
      execFileSync(process.execPath, ['node_modules/vite/bin/vite.js', 'build', '--logLevel', 'error'], { stdio: 'inherit' });
    }
  } finally {
    if (isOurs) rmdirSync(TURN);
  }
}

/** Two workers must not build into the same folder: the first builds, the others wait until it has. */
function takeTurn(): boolean {
  mkdirSync('dist', { recursive: true });
  const giveUpAt = Date.now() + BUILD_LIMIT_MS;
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(TURN);
      return true;
    } catch {
      if (isBuilt()) return false;
      if (Date.now() > giveUpAt) throw new Error(`The web app is not built; if nobody is building, remove ${TURN}.`);
      Atomics.wait(pause, 0, 0, 100);
    }
  }
}

function isBuilt(): boolean {
  const page = 'dist/web/index.html';
  if (!existsSync(page)) return false;
  return statSync(page).mtimeMs > Math.max(newestChange('src/web'), newestChange('src/desk'));
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ARGUMENTS, timeout: 20_000 });
}

/** A person with a browser of their own: own cookies, own memory. */
export async function visit(browser: Browser, options: VisitorOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({
    locale: options.language === 'en' ? 'en-GB' : 'ja-JP',
    timezoneId: 'Asia/Tokyo',
    colorScheme: options.colorScheme ?? 'light',
    viewport: { width: 1366, height: 900 },
  });
  context.setDefaultTimeout(8_000);
  return context;
}

/** Signs in on the page itself, as an operator does, and waits until the desk is live. */
export async function openDesk(context: BrowserContext, url: string, extension = '1001'): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('option', { name: new RegExp(`^${extension} `) }).click();
  await page.locator('[data-line=connected]').waitFor();
  return page;
}

/** Kept outside of the project; printed nowhere. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(tmpdir(), `toritsugi-${name}.png`) });
}

function newestChange(folder: string): number {
  const times = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
  return Math.max(...times);
}
