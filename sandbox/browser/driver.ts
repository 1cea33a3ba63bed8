import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { launchChromium } from './chromium.ts';
import { serveBrowser } from './server.ts';

/** A person at the sandbox's page. */
export type Driver = {
  sandbox: Sandbox;
  page: Page;
  url: string;
  /** Requests of the page that went to any other address. */
  foreign: string[];
  /** What went wrong in the page's script. */
  errors: string[];
  composer: Locator;
  /** The newest message that holds the text. */
  message(text: string | RegExp): Locator;
  /** Types a line into the composer and sends it. */
  say(line: string): Promise<void>;
  /** Becomes another person. */
  become(name: string): Promise<void>;
  stop(): Promise<void>;
};

/** Waiting ends when the page shows what is waited for; so long only where it never does. */
const PATIENCE_MS = 30_000;

/**
 * Starts a throwaway sandbox and opens its page. `withServer`: with a PostgreSQL of its own, which can be restarted from the
 * page; otherwise on the one that DATABASE_URL names, if it names one.
 */
export async function openPage({ withServer = false } = {}): Promise<Driver> {
  const databaseUrl = withServer ? undefined : process.env.DATABASE_URL || undefined;
  const folder = await mkdtemp(join(tmpdir(), 'maro-page-'));
  const [sandbox, chromium] = await Promise.all([
    startSandbox({ folder, keeping: 'throwaway', databaseUrl }),
    launchChromium(),
  ]);
  const browser = await serveBrowser(sandbox, folder);
  const page = await chromium.newPage({ viewport: { width: 1200, height: 760 }, colorScheme: 'light' });
  page.setDefaultTimeout(PATIENCE_MS);
  const foreign: string[] = [];
  const errors: string[] = [];
  page.on('request', (request) => request.url().startsWith(browser.url) || foreign.push(request.url()));
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(browser.url);
  const composer = page.getByRole('textbox', { name: /^Message / });
  await composer.waitFor();
  return {
    sandbox,
    page,
    url: browser.url,
    foreign,
    errors,
    composer,
    message: (text) => page.getByRole('article').filter({ hasText: text }).last(),
    async say(line) {
      await composer.fill(line);
      await composer.press('Enter');
    },
    async become(name) {
      const [id] = await page.getByLabel('You are').selectOption({ label: name });
      // The address names who one is once all is drawn for them.
      await page.waitForURL((url) => url.hash.startsWith(`#${id}/`));
    },
    async stop() {
      await chromium.close();
      await browser.stop();
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
