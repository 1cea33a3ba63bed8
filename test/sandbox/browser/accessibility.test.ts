import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, test } from 'node:test';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** The elements that reach out of the page on the right. */
const WIDE = `[...document.querySelectorAll('#page *')]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
  .map((each) => 'wider than the page: ' + each.outerHTML.slice(0, 200))`;

/** What differs between light and dark: the structure of the page, which the other rules are about, does not. */
const COLOR_RULES = ['color-contrast', 'link-in-text-block'];

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

  /** What axe finds in all that is on the page now, a line for each element, and what is wider than the page. */
  async function violations(rules?: readonly string[]): Promise<string[]> {
    const { page } = d;
    const wide = (await page.evaluate(WIDE)) as string[];
    if (!(await page.evaluate("'axe' in window"))) await page.evaluate(await readFile(AXE, 'utf8'));
    const options = JSON.stringify({ resultTypes: ['violations'], ...(rules && { runOnly: rules }) });
    const found = (await page.evaluate(`axe.run(${options}).then(({ violations }) => violations)`)) as Violation[];
    const broken = found.flatMap(({ id, help, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${help}: ${html}\n${failureSummary}`),
    );
    return [...broken, ...wide];
  }

  for (const [colorScheme, width, rules] of [
    ['light', 1280],
    ['light', 390],
    ['dark', 1280, COLOR_RULES],
  ] as const) {
    test(`nothing breaks them in ${colorScheme} colors at ${width} pixels`, async () => {
      const { page } = d;
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await page.setViewportSize({ width, height: 800 });
      const isPhone = width < 700;
      const unfold = async () => {
        if (isPhone) await page.getByRole('button', { name: 'Channels and panels' }).click();
      };
      const all: Record<string, string[]> = { channel: await violations(rules) };
      await d.composer.fill('/');
      all.commands = await violations(rules);
      await d.composer.fill('');
      for (const name of ['Workflow Builder', 'Jira', 'Clock', 'Trouble', 'Inspector']) {
        await unfold();
        await page.getByRole('button', { name, exact: true }).click();
        const panel = page.getByRole('complementary', { name });
        await panel.waitFor();
        if (name === 'Workflow Builder') {
          await panel.getByRole('button', { name: 'New workflow' }).click();
          await panel.getByLabel('Add a step').selectOption('create_ticket');
        }
        all[name] = await violations(rules);
        await page.getByRole('button', { name: `Close ${name}` }).click();
      }
      await page.getByRole('button', { name: 'More for this row' }).first().click();
      all.menu = await violations(rules);
      await page.keyboard.press('Escape');
      await d.say('/maro create');
      const form = page.getByRole('dialog');
      await form.getByRole('textbox', { name: 'Summary' }).waitFor();
      await form.getByRole('button', { name: 'Create', exact: true }).click();
      await form.getByText('Please complete this required field.').first().waitFor();
      await form.getByRole('combobox', { name: 'Project', exact: true }).click();
      all.form = await violations(rules);
      await form.getByRole('button', { name: 'Close all' }).click();
      await form.waitFor({ state: 'detached' });
      assert.deepEqual(all, Object.fromEntries(Object.keys(all).map((name) => [name, []])));
    });
  }
});
