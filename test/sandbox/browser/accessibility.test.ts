import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] };

describe('the accessibility rules of axe-core', { skip: noChromium }, () => {
  let d: Driver;
  before(async () => {
    d = await openPage();
    await d.say('/maro track PLAT-5 SHOP-17');
    await d.message('PLAT-5: now tracked').waitFor();
    await d.say('/maro tracked');
    await d.page.getByRole('button', { name: 'More for this row' }).first().waitFor();
    await d.say('/marooned');
    await d.composer.fill('');
  });
  after(() => d.stop());

  /** What axe finds in all that is on the page now, a line for each element. */
  async function violations(): Promise<string[]> {
    const { page } = d;
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await readFile(AXE, 'utf8'));
    const found = (await page.evaluate('axe.run().then(({ violations }) => violations)')) as Violation[];
    return found.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}\n${failureSummary}`),
    );
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      test(`nothing breaks them in ${colorScheme} colors at ${width} pixels`, async () => {
        const { page } = d;
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        await page.setViewportSize({ width, height: 800 });
        const isPhone = width < 700;
        const unfold = async () => {
          if (isPhone) await page.getByRole('button', { name: 'Channels and panels' }).click();
        };
        const all: Record<string, string[]> = { channel: await violations() };
        await d.composer.fill('/');
        all.commands = await violations();
        await d.composer.fill('');
        for (const name of ['Workflow Builder', 'Jira', 'Trouble', 'Inspector']) {
          await unfold();
          await page.getByRole('button', { name, exact: true }).click();
          const panel = page.getByRole('complementary', { name });
          await panel.waitFor();
          if (name === 'Workflow Builder') {
            await panel.getByRole('button', { name: 'New workflow' }).click();
            await panel.getByLabel('Add a step').selectOption('create_ticket');
          }
          all[name] = await violations();
          await page.getByRole('button', { name: `Close ${name}` }).click();
        }
        await page.getByRole('button', { name: 'More for this row' }).first().click();
        all.menu = await violations();
        await page.keyboard.press('Escape');
        await d.say('/maro create');
        const form = page.getByRole('dialog');
        await form.getByRole('textbox', { name: 'Summary' }).waitFor();
        await form.getByRole('button', { name: 'Create', exact: true }).click();
        await form.getByRole('alert').first().waitFor();
        await form.getByRole('combobox', { name: 'Project', exact: true }).click();
        all.form = await violations();
        await form.getByRole('button', { name: 'Close all' }).click();
        await form.waitFor({ state: 'detached' });
        assert.deepEqual(all, Object.fromEntries(Object.keys(all).map((name) => [name, []])));
      });
    }
  }
});
