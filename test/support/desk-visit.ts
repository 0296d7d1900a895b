/** For each test of a browser suite: a hub of its own, and a person with a browser of their own who may visit it. */
import type { Browser, BrowserContext } from 'playwright-core';
import { buildWebApp, launchBrowser, type VisitorOptions, visit } from './browser.ts';
import { DeskHub } from './desk-hub.ts';

export interface DeskVisit {
  /** The same for all tests of the suite. */
  readonly browser: Browser;
  readonly context: BrowserContext;
  readonly hub: DeskHub;
}

/** `begun` is told before each test. To be called at a suite's top level, since it hangs itself on the hooks. */
export function visitDeskForEach(begun: (visit: DeskVisit) => void, options: VisitorOptions = {}): void {
  let browser: Browser;
  let end = async () => {};

  beforeAll(async () => {
    buildWebApp();
    browser = await launchBrowser();
  }, 60_000);

  afterAll(() => browser.close());

  beforeEach(async () => {
    const hub = await new DeskHub().start();
    const context = await visit(browser, options);
    end = async () => {
      await context.close();
      await hub.stop();
    };
    begun({ browser, context, hub });
  });

  afterEach(() => end());
}
