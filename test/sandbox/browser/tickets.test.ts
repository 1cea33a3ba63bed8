import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';
import { until } from '../../maro.ts';

describe('tickets in the page', { skip: noChromium }, () => {
  let d: Driver;
  before(async () => {
    d = await openPage();
  });
  after(async () => d?.stop());

  const made = (summary: string) => d.sandbox.jira.issues.all().filter((issue) => issue.summary === summary);
  async function pick(text: string, entry: string) {
    await d.message(text).hover();
    await d.message(text).getByRole('button', { name: 'More actions' }).click();
    await d.page.getByRole('menuitem', { name: entry }).click();
  }
  async function choose(label: string, typed: string, option: string | RegExp) {
    await d.page.getByRole('dialog').getByRole('combobox', { name: label, exact: true }).click();
    await d.page.keyboard.type(typed);
    await d.page.getByRole('option', { name: option }).first().click();
  }

  test('a message becomes a ticket in a form, with formatting, and its card stands in the thread', async () => {
    const { page, say, message } = d;
    await say('The cart forgets what was in it');
    await pick('The cart forgets', 'Create Jira issue');
    const form = page.getByRole('dialog');
    await choose('Project', 'plat', 'Platform (PLAT)');
    await form.getByRole('combobox', { name: 'Type' }).waitFor();
    const editor = form.getByRole('textbox', { name: 'Description' });
    assert.match((await editor.textContent()) ?? '', /The cart forgets/);
    await editor.click();
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Bold' }).click();
    await page.keyboard.type('always');
    await form.getByRole('button', { name: 'Bold' }).click();
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Bulleted list' }).click();
    await page.keyboard.type('on phones');
    await page.keyboard.press('Enter');
    await page.keyboard.type('and elsewhere');
    await form.getByRole('textbox', { name: 'Summary' }).fill('Cart forgets its items');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await until(() => made('Cart forgets its items').length === 1, 'the ticket is there');
    const description = JSON.stringify(made('Cart forgets its items')[0]);
    for (const part of [
      'The cart forgets',
      '"text":"always","marks":[{"type":"strong"}]',
      '"bulletList"',
      'on phones',
      'and elsewhere',
    ])
      assert.ok(description.includes(part), `${part} in ${description}`);
    await message('The cart forgets what').getByRole('button', { name: /repl/ }).click();
    await message('@ada created').getByRole('button', { name: 'Untrack' }).waitFor();
  });

  test('what the project requires is asked for, and what Jira refuses is said at its field', async () => {
    const { page, say } = d;
    await say('/maro create Nothing works any more');
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Summary' }).waitFor();
    await choose('Project', 'ops', 'Operations (OPS)');
    await form.getByLabel('Error code').fill('x'.repeat(256));
    await form.getByLabel('What customers see').fill('A white page');
    await choose('Severity', '', 'A nuisance');
    await form.getByLabel('Customers affected').fill('40');
    await form.getByLabel('Since').fill('2026-11-20');
    await choose('On call', 'yuki', /Yuki/);
    await choose('Regions', '', 'Asia');
    await page.keyboard.press('Tab');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.getByRole('alert').filter({ hasText: 'limit of 255 characters' }).waitFor();
    assert.equal(await form.getByRole('textbox', { name: 'Summary' }).inputValue(), 'Nothing works any more');
    await form.getByLabel('Error code').fill('E-17');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await until(() => made('Nothing works any more').length === 1, 'the ticket is there');
  });

  test('a likely duplicate is shown, and linked to instead', async () => {
    const { page, say, message } = d;
    await say('/maro create Renew certificates before January');
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Summary' }).waitFor();
    await choose('Project', 'plat', 'Platform (PLAT)');
    await form.getByRole('combobox', { name: 'Type' }).waitFor();
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.getByRole('button', { name: 'Link to this instead' }).click();
    await message('PLAT-15').filter({ hasText: '@ada linked' }).waitFor();
    await form.filter({ hasText: 'Done.' }).waitFor();
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    assert.equal(made('Renew certificates before January').length, 0);
  });

  test('stories are created many at once, and a message is linked', async () => {
    const { page, say, message } = d;
    await say('/maro stories');
    const form = page.getByRole('dialog');
    await form.getByRole('textbox', { name: 'Stories' }).waitFor();
    await choose('Project', 'plat', 'Platform (PLAT)');
    await form.getByRole('textbox', { name: 'Stories' }).fill('Keep the cart\nShare the cart');
    await form.getByRole('textbox', { name: 'New epic' }).fill('Carts');
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await message('Share the cart').getByRole('button', { name: 'Untrack all' }).waitFor();
    await say('Is that PLAT-18 again?');
    await pick('Is that PLAT-18', 'Link to Jira issue');
    await form.getByRole('button', { name: 'Link', exact: true }).click();
    await form.waitFor({ state: 'hidden' });
    await message('Is that PLAT-18').getByRole('button', { name: /repl/ }).click();
    await message('PLAT-18').getByRole('button', { name: 'Untrack' }).waitFor();
  });

  test('an issue is found by the keyboard alone, and a message is linked to it', async () => {
    const { page, say, message } = d;
    await say('Nobody can sign in');
    await pick('Nobody can sign in', 'Link to Jira issue');
    const form = page.getByRole('dialog');
    await form.getByRole('combobox', { name: 'Issue', exact: true }).focus();
    await page.keyboard.type('company');
    await page.getByRole('option', { name: 'PLAT-2 Sign in with the company account' }).waitFor();
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Link', exact: true }).focus();
    await page.keyboard.press('Enter');
    await form.waitFor({ state: 'hidden' });
    await message('Nobody can sign in').getByRole('button', { name: /repl/ }).click();
    await message('PLAT-2').getByRole('button', { name: 'Untrack' }).waitFor();
  });

  test('a menu in a form scrolls to the option that the keyboard is at, also on a phone', async () => {
    const { page, say } = d;
    const size = page.viewportSize() ?? assert.fail('the page has a size');
    await page.setViewportSize({ width: 390, height: 844 });
    await say('/maro move');
    const form = page.getByRole('dialog');
    await form.getByText('Which issue do you want to move?').waitFor();
    await page.keyboard.type('PLAT');
    const options = form.getByRole('option');
    await form.getByRole('option', { name: 'PLAT-' }).nth(5).waitFor();
    await page.keyboard.press('ArrowUp');
    const last = await options.last().boundingBox();
    const footer = await form.getByRole('button', { name: 'Close', exact: true }).last().boundingBox();
    assert.ok(last && footer && last.y > 0 && last.y + last.height < footer.y, JSON.stringify([last, footer]));
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    await page.setViewportSize(size);
  });

  test('a person finds and moves an issue by keyboard alone, from a command without a key', async () => {
    const { page, say, message } = d;
    await say('/maro move');
    const form = page.getByRole('dialog');
    await form.getByText('Which issue do you want to move?').waitFor();
    await page.keyboard.type('every product');
    await page.getByRole('option', { name: 'PLAT-1 One sign-in' }).waitFor();
    await page.keyboard.press('Enter');
    const menu = form.getByRole('combobox', { name: 'Move PLAT-1 to', exact: true });
    await menu.waitFor();
    await page.keyboard.type('Done');
    await page.getByRole('option', { name: 'Done' }).waitFor();
    await page.keyboard.press('Enter');
    await form.getByRole('button', { name: 'Move', exact: true }).press('Enter');
    await form.waitFor({ state: 'hidden' });
    await message('PLAT-1 is now Done').waitFor();
    assert.deepEqual([d.errors, d.foreign, d.sandbox.slack.refusals], [[], [], []]);
  });
});
