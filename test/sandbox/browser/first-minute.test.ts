import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';

describe('the first minute at the page', { skip: noChromium }, () => {
  let d: Driver;
  before(async () => {
    d = await openPage();
  });
  after(() => d.stop());

  const heading = (name: string) => d.page.getByRole('heading', { name, exact: true, level: 1 }).waitFor();
  const focused = (selector: string) => d.page.locator(`${selector}:focus`).waitFor();
  const box = async (locator: ReturnType<Driver['message']>) => (await locator.boundingBox()) ?? assert.fail();

  test('Enter completes a command from the menu, arrow keys choose another one, and Escape closes the menu', async () => {
    const { page, composer } = d;
    const option = (name: RegExp) => page.getByRole('option', { name, selected: true });
    await composer.fill('/');
    await option(/^\/maro/).waitFor();
    await composer.press('ArrowUp');
    await option(/^\/leave/).waitFor();
    await composer.press('ArrowUp');
    await composer.press('Enter');
    assert.equal(await composer.inputValue(), '/invite ');
    await composer.fill('/m');
    await composer.press('Enter');
    assert.equal(await composer.inputValue(), '/maro ');
    const menu = page.getByRole('listbox', { name: 'Commands' });
    await menu.waitFor();
    await composer.press('Escape');
    await menu.waitFor({ state: 'hidden' });
    await composer.fill('');
  });

  test('/invite brings the app into a channel, and /leave takes the channel out of the sidebar', async () => {
    const { page, say, message } = d;
    await page.getByRole('button', { name: 'incident-room' }).click();
    await page.getByText('Maro is not a member').waitFor();
    await say('/invite @maro');
    await message('@Maro has joined the channel').waitFor();
    await page.getByText('Maro is a member').waitFor();
    await say('/leave');
    await page.getByRole('button', { name: 'incident-room' }).waitFor({ state: 'detached' });
    await heading('# checkout');
  });

  test('Back and Forward go through channels, threads, and panels, and a reload stays', async () => {
    const { page, say, message } = d;
    const thread = page.getByRole('complementary', { name: 'Thread' });
    const jira = page.getByRole('complementary', { name: 'Jira' });
    await say('Who looks at it?');
    await message('Who looks at it?').hover();
    await message('Who looks at it?').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    await thread.waitFor();
    await page.getByRole('button', { name: 'Jira', exact: true }).click();
    await jira.waitFor();
    await page.getByRole('button', { name: 'platform' }).click();
    await heading('# platform');
    await page.goBack();
    await heading('# checkout');
    await page.goBack();
    await thread.getByText('Who looks at it?').waitFor();
    await page.goBack();
    await thread.waitFor({ state: 'detached' });
    await page.goForward();
    await thread.waitFor();
    await page.reload();
    await thread.getByText('Who looks at it?').waitFor();
    await page.getByRole('button', { name: 'Close Thread' }).click();
  });

  test('a link to an issue opens it in the Jira panel, in this tab or in another, and Back goes back', async () => {
    const { page, say, message } = d;
    const jira = page.getByRole('complementary', { name: 'Jira' });
    await say('/maro track PLAT-5 SHOP-17');
    const link = message('SHOP-17: now tracked').getByRole('link', { name: 'SHOP-17' });
    assert.equal(await link.getAttribute('href'), 'https://acme.example/browse/SHOP-17');
    await link.press('Enter');
    await jira.getByRole('article', { name: 'SHOP-17' }).waitFor();
    await focused('[aria-label=SHOP-17]');
    await message('PLAT-5: now').getByRole('link', { name: 'PLAT-5' }).click();
    await focused('[aria-label=PLAT-5]');
    await page.goBack();
    await focused('[aria-label=SHOP-17]');
    const [tab] = await Promise.all([page.waitForEvent('popup'), link.click({ button: 'middle' })]);
    await tab.getByRole('article', { name: 'SHOP-17' }).waitFor();
    await tab.close();
    await page.goBack();
    await jira.waitFor({ state: 'detached' });
  });

  test('the keyboard stays where it was: in a list that is drawn anew, beside a form, a panel, and a form that got its fields late', async () => {
    const { page, say, message, composer } = d;
    await say('/maro tracked');
    await message('tracked issues').getByRole('button', { name: 'Refresh' }).press('Enter');
    await message('Up to date').waitFor();
    await focused('[aria-label^="Refresh the list"]');
    await page.keyboard.press('Tab');
    await focused('[aria-label^="Share the list"]');
    await page.getByRole('button', { name: 'Jira', exact: true }).press('Enter');
    await focused('aside');
    await page.keyboard.press('Escape');
    await focused('nav button');
    await composer.focus();
    await say('/maro create');
    await focused('.view [role=combobox]');
    await page.keyboard.press('Escape');
    await focused('.composer textarea');
  });

  test('a toast covers nothing, stays while it is pointed at, and expires', async () => {
    const { page, say, composer } = d;
    await page.clock.install();
    await say('/marooned');
    const toast = page.getByRole('alert').getByRole('group', { name: 'invalid_command' });
    const [above, channel] = [await box(toast), await box(page.getByRole('main'))];
    assert.ok(above.y + above.height <= channel.y, 'it is above the channel');
    await toast.hover();
    await page.clock.fastForward(60_000);
    assert.equal(await toast.count(), 1);
    await composer.hover();
    await page.clock.fastForward(13_000);
    await toast.waitFor({ state: 'detached' });
    await composer.fill('');
  });

  test('a toast goes when the same thing is tried again', async () => {
    const { page, say } = d;
    await say('/marooned');
    const toast = page.getByRole('alert').getByRole('group', { name: 'invalid_command' });
    await toast.waitFor();
    await say('/maro help');
    await toast.waitFor({ state: 'detached', timeout: 5_000 });
  });

  test('what a form misses is said at the field, which gets the focus, until something is typed there', async () => {
    const { page, say } = d;
    await say('/maro create');
    const form = page.getByRole('dialog');
    const summary = form.getByRole('textbox', { name: 'Summary' });
    await summary.waitFor();
    await form.getByRole('combobox', { name: 'Project', exact: true }).click();
    await page.getByRole('option', { name: 'Platform (PLAT)' }).click();
    await form.getByRole('combobox', { name: 'Type' }).waitFor();
    await form.getByRole('button', { name: 'Create', exact: true }).click();
    const complaint = form.getByRole('alert').filter({ hasText: 'Please complete this required field.' });
    await complaint.waitFor();
    await focused('[aria-invalid=true]');
    await summary.pressSequentially('A');
    await complaint.waitFor({ state: 'detached' });
    await form.getByRole('button', { name: 'Close all' }).click();
    await form.waitFor({ state: 'detached' });
  });

  test('a direct message shows how much of it is unread, until one reads it', async () => {
    const { page, sandbox, become } = d;
    const entry = page.getByRole('button', { name: /^@ ?Maro/ });
    const { apiUrl, botToken } = sandbox.slack;
    for (const text of ['Your ticket is there.', 'And another one.']) {
      await fetch(`${apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel: 'D1', text }),
      });
    }
    await entry.getByText('2 unread').waitFor();
    await entry.click();
    await page.getByText('And another one.').waitFor();
    await entry.getByText('unread').waitFor({ state: 'detached' });
    sandbox.slack.post('Is anybody there?', { user: 'U0BEN', channel: 'C2' });
    const platform = page.getByRole('button', { name: /platform 1 unread/ });
    await platform.waitFor();
    await become('ben of Acme');
    await page.getByRole('button', { name: /platform$/ }).waitFor();
    await become('ada of Acme');
    await platform.click();
    await page.getByRole('button', { name: /platform$/ }).waitFor();
    await page.getByRole('button', { name: 'checkout' }).click();
  });

  test('a day stands above its first message, unless it is today', async () => {
    const { page } = d;
    const days = page.locator('.day');
    assert.equal(await days.count(), 0);
    await page.clock.fastForward('24:00:00');
    await page.getByRole('button', { name: 'platform' }).click();
    await page.getByText('Is anybody there?').waitFor();
    assert.deepEqual(await days.allTextContents(), ['yesterday']);
  });

  test('nothing went wrong in the page, and it asked no other address for anything', () => {
    assert.deepEqual([d.errors, d.foreign, d.sandbox.slack.refusals], [[], [], []]);
  });
});
