import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';
import { until } from '../../maro.ts';

describe('the workspace in the browser', { skip: noChromium }, () => {
  let d: Driver;
  before(async () => {
    d = await openPage();
  });
  after(() => d.stop());

  test('takes a command by the keyboard alone, and nobody else sees the answer', async () => {
    const { page, composer, message, become } = d;
    await page.keyboard.type('/ma');
    await page.getByText('track PLAT-1').waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.type('track PLAT-5 SHOP-17');
    await page.keyboard.press('Enter');
    await message('PLAT-5: now tracked').getByText('Only visible to you').waitFor();
    assert.equal(await composer.inputValue(), '');
    await become('ben of Acme');
    await page.getByText('No messages yet').waitFor();
    await become('ada of Acme');
    await message('PLAT-5: now tracked').waitFor();
  });

  test('tracks from the menu of a reply in a thread, in a view that Escape closes', async () => {
    const { page, say, message } = d;
    await say('Shall we look at the mails?');
    await message('Shall we look').hover();
    await message('Shall we look').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Reply in thread' }).click();
    const thread = page.getByRole('complementary', { name: 'Thread' });
    await thread.getByRole('textbox').fill('PLAT-21 is about them, <!channel>');
    await thread.getByRole('textbox').press('Enter');
    const reply = thread.getByRole('article').filter({ hasText: 'PLAT-21 is about them, <!channel>' });
    await reply.getByRole('button', { name: 'More actions' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('PLAT-21: now tracked').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Close Thread' }).click();
    await page.getByRole('button', { name: '1 reply' }).waitFor();
  });

  test('shows after Refresh what was changed on Jira’s board', async () => {
    const { page, say, message } = d;
    await say('/maro tracked');
    await message('3 tracked issues').waitFor();
    await page.getByRole('button', { name: 'Jira', exact: true }).click();
    await page.getByLabel('Status of PLAT-5').selectOption('Done');
    await page.getByRole('button', { name: 'Close Jira' }).click();
    await message('3 tracked issues').getByRole('button', { name: 'Refresh the list' }).click();
    // Maro may have heard of it from Jira before, and Refresh then says that nothing has changed.
    await message('2 open issues of 3').waitFor();
  });

  test('draws what a menu chooses: one category, then all again', async () => {
    const { page, message } = d;
    const list = () => message(/open issues of 3|done issue of 3/);
    await list().getByRole('combobox').click();
    await page.getByRole('option', { name: 'Done (1)' }).click();
    await message('1 done issue of 3').waitFor();
    await list().getByRole('combobox').click();
    await page.keyboard.type('all');
    await page.keyboard.press('Enter');
    await message('2 open issues of 3').waitFor();
  });

  test('untracks from the menu of a row, and brings it back with Undo', async () => {
    const { page, message } = d;
    await message('2 open issues of 3').getByRole('button', { name: 'More for this row' }).first().click();
    const link = page.getByRole('menuitem', { name: 'Open in Jira' });
    assert.match(String(await link.getAttribute('href')), /^https:\/\/acme\.example\/browse\//);
    await page.getByRole('menuitem', { name: 'Untrack' }).click();
    await message('is no longer tracked').getByRole('button', { name: 'Undo' }).click();
    await message('1 issue is tracked again').waitFor();
  });

  test('moves an issue from the menu of a row, by the keyboard alone', async () => {
    const { page, message } = d;
    const list = message('2 open issues of 3');
    await list.getByRole('button', { name: 'More for this row' }).first().focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'Move to…' }).focus();
    await page.keyboard.press('Enter');
    const form = page.getByRole('dialog', { name: 'Move issue' });
    const menu = form.getByRole('combobox');
    await menu.focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('in prog');
    await page.keyboard.press('Enter');
    const submit = form.getByRole('button', { name: 'Move', exact: true });
    await submit.focus();
    await page.keyboard.press('Enter');
    await message('is now In Progress.').waitFor();
  });

  test('has a person whom Jira knows by the email address', async () => {
    await d.say('/maro watch PLAT-18');
    await d.message('You now watch PLAT-18').waitFor();
  });

  test('shares the list with everybody, and pins a message', async () => {
    const { page, message, become } = d;
    await message('2 open issues of 3').getByRole('button', { name: 'Share' }).click();
    await message('shared 3 tracked issues')
      .getByRole('row', { name: /PLAT-21/ })
      .waitFor();
    const table = message('shared 3 tracked issues').getByRole('table');
    await table.getByRole('button', { name: 'Issue' }).click();
    await table.getByRole('columnheader', { name: 'Issue' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    assert.match(String(await table.getByRole('row').nth(1).textContent()), /^PLAT-5/);
    await become('ben of Acme');
    await message('@ada shared 3 tracked issues').hover();
    await message('@ada shared 3 tracked issues').getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Pin to channel' }).click();
    await page.getByRole('button', { name: '1 pinned' }).waitFor();
    await become('ada of Acme');
  });

  test('shows the board among the pinned messages, and a bookmark that leads to it, until it is hidden', async () => {
    const { page, say, message } = d;
    const bookmark = page.getByRole('navigation', { name: 'Bookmarks' }).getByRole('button', { name: 'Issues' });
    await say('/maro board');
    await message('is in this channel').waitFor();
    await page.getByRole('button', { name: '2 pinned' }).click();
    const pins = page.getByRole('region', { name: 'Pinned messages' });
    await pins.getByRole('button', { name: 'Refresh the board from Jira for everyone' }).waitFor();
    await page.getByRole('button', { name: '2 pinned' }).click();
    const link = await bookmark.getAttribute('title');
    assert.match(link ?? '', /\/archives\/C1\/p\d+$/);
    await say('/maro board hide');
    await message('The board is gone').waitFor();
    await bookmark.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: '1 pinned' }).waitFor();
  });

  test('pages through what is too much for one message', async () => {
    const { say, message } = d;
    await say(`/maro track ${Array.from({ length: 20 }, (_, i) => `PLAT-${i + 1}`).join(' ')}`);
    await message('PLAT-20: now tracked').waitFor();
    await say('/maro tracked');
    await message('1–15 of ').getByRole('button', { name: 'Next' }).click();
    await message(/16–\d+ of /)
      .getByRole('button', { name: 'Previous' })
      .click();
    await message('1–15 of ').waitFor();
  });

  test('says in Slack’s own words what Slack refuses, and what was typed stays', async () => {
    const { page, say, composer } = d;
    await say('/marooned PLAT-1');
    const toast = page.getByRole('alert').filter({ hasText: 'invalid_command' });
    await toast.getByRole('link', { name: /docs\.slack\.dev/ }).waitFor();
    assert.equal(await composer.inputValue(), '/marooned PLAT-1');
    await toast.getByRole('button', { name: 'Dismiss' }).click();
    await composer.fill('');
  });

  test('stays smooth with five thousand messages: few of them are drawn', async () => {
    const { page, sandbox, message } = d;
    await page.getByRole('button', { name: 'platform' }).click();
    for (let i = 1; i <= 5_000; i++) sandbox.slack.post(`Message number ${i}.`, { channel: 'C2', user: 'U0BEN' });
    await message('Message number 5000.').waitFor();
    assert.ok((await page.getByRole('article').count()) < 200);
    await page.getByRole('button', { name: 'checkout' }).click();
  });

  test('fits a phone: nothing is wider than the screen, and everything is reached', async () => {
    const { page } = d;
    await page.setViewportSize({ width: 400, height: 800 });
    await page.getByRole('button', { name: 'Channels and panels' }).click();
    for (const panel of ['Jira', 'Clock', 'Trouble', 'Inspector', 'Workflow Builder']) {
      if ((await page.getByRole('button', { name: panel, exact: true }).count()) === 0)
        await page.getByRole('button', { name: 'Channels and panels' }).click();
      await page.getByRole('button', { name: panel, exact: true }).click();
      await page.getByRole('complementary', { name: panel }).waitFor();
      assert.ok(((await page.evaluate('document.documentElement.scrollWidth')) as number) <= 400, panel);
      await page.getByRole('button', { name: `Close ${panel}` }).click();
    }
    await page.setViewportSize({ width: 1200, height: 760 });
  });

  test('refuses what the page of another site sends', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${d.url}acts/post`, { method: 'POST', headers, body: '{"user":"U0ADA","channel":"C1","text":"forged"}' });
    assert.equal((await post({ origin: 'https://evil.example' })).status, 403);
    assert.equal((await post({})).status, 200);
  });

  test('fills in a form: what is wrong stands at its field, a view opens on another, and all close', async (t) => {
    const { page, sandbox, say } = d;
    const plain = (text: string) => ({ type: 'plain_text', text });
    const form = {
      type: 'modal',
      title: plain('A form'),
      submit: plain('Send'),
      blocks: [
        {
          type: 'input',
          block_id: 'summary',
          label: plain('Summary'),
          element: { type: 'plain_text_input', action_id: 'a' },
        },
        {
          type: 'input',
          block_id: 'kind',
          label: plain('Kind'),
          element: {
            type: 'static_select',
            action_id: 'b',
            options: ['Bug', 'Task'].map((name) => ({ text: plain(name), value: name })),
          },
        },
        {
          type: 'input',
          block_id: 'who',
          optional: true,
          label: plain('Who'),
          element: { type: 'multi_users_select', action_id: 'c' },
        },
        {
          type: 'input',
          block_id: 'day',
          optional: true,
          label: plain('Day'),
          element: { type: 'datepicker', action_id: 'd' },
        },
      ],
    };
    const answers = [
      { response_action: 'errors', errors: { summary: 'This is too short.' } },
      { response_action: 'push', view: { type: 'modal', title: plain('Another'), blocks: [{ type: 'divider' }] } },
    ];
    const submitted: Record<string, unknown>[] = [];
    // From here on Slack delivers to an app that is nothing but this.
    const app = createServer(async (request, response) => {
      const body = Buffer.concat(await request.toArray()).toString();
      const payload = JSON.parse(body.startsWith('{') ? body : (new URLSearchParams(body).get('payload') ?? '{}'));
      if (payload.type === 'view_submission') submitted.push(payload.view.state.values);
      const answer = payload.challenge
        ? { challenge: payload.challenge }
        : payload.type === 'view_submission'
          ? answers.shift()
          : undefined;
      response.setHeader('content-type', 'application/json').end(answer ? JSON.stringify(answer) : '');
    }).listen(0, '127.0.0.1');
    t.after(() => app.close());
    await once(app, 'listening');
    await sandbox.slack.deliverOverHttp(`http://127.0.0.1:${(app.address() as AddressInfo).port}/slack/events`);
    await say('/maro form');
    const trigger = () => sandbox.slack.log.findLast(({ args }) => args.text === 'form')?.args.trigger_id;
    await until(() => trigger() !== undefined, 'the command is delivered');
    await fetch(`${sandbox.slack.apiUrl}views.open`, {
      method: 'POST',
      headers: { authorization: `Bearer ${sandbox.slack.botToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ trigger_id: trigger(), view: form }),
    });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Summary').fill('x');
    await dialog.getByRole('combobox', { name: 'Kind' }).click();
    await page.getByRole('option', { name: 'Task' }).click();
    await dialog.getByRole('combobox', { name: 'Who' }).click();
    await page.getByRole('option', { name: 'ben', exact: true }).click();
    await dialog.getByLabel('Day').fill('2026-12-01');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await dialog.getByRole('alert').getByText('This is too short.').waitFor();
    assert.equal(await dialog.getByLabel('Summary').inputValue(), 'x');
    await dialog.getByRole('button', { name: 'Send' }).click();
    await page.getByRole('dialog', { name: 'Another' }).waitFor();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('dialog', { name: 'A form' }).getByRole('button', { name: 'Close all' }).click();
    await dialog.waitFor({ state: 'detached' });
    const [first] = submitted as {
      summary: { a: { value: string } };
      kind: { b: { selected_option: { value: string } } };
      who: { c: { selected_users: string[] } };
      day: { d: { selected_date: string } };
    }[];
    assert.deepEqual(
      [
        first?.summary.a.value,
        first?.kind.b.selected_option.value,
        first?.who.c.selected_users,
        first?.day.d.selected_date,
      ],
      ['x', 'Task', ['U0BEN'], '2026-12-01'],
    );
  });

  test('has asked no other address for anything, and nothing went wrong in the page', () => {
    assert.deepEqual(d.foreign, []);
    assert.deepEqual(d.errors, []);
  });
});
