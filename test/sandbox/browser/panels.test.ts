import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';
import { until } from '../../maro.ts';
import { startReceiver } from '../jira/receiver.ts';

describe('what stands around the workspace', { skip: noChromium }, () => {
  let d: Driver;
  before(async () => {
    d = await openPage({ withServer: true });
  });
  after(() => d.stop());

  async function open(name: string): Promise<Locator> {
    const panel = d.page.getByRole('complementary', { name });
    if (!(await panel.isVisible())) await d.page.getByRole('button', { name, exact: true }).click();
    await panel.waitFor();
    return panel;
  }

  async function flip(name: string, on: boolean): Promise<void> {
    const panel = await open('Trouble');
    await panel.getByRole('switch', { name }).click();
    await panel.getByRole('switch', { name, checked: on }).waitFor();
  }

  async function run(workflow: string): Promise<void> {
    const builder = await open('Workflow Builder');
    await builder.getByRole('listitem').filter({ hasText: workflow }).getByRole('button', { name: 'Run' }).click();
  }

  test('builds a workflow, and runs it while Jira is down: a step goes on that may, and one that may not fails', async () => {
    const { page } = d;
    await (await open('Trouble')).getByLabel('Jira').selectOption('is down');
    const builder = await open('Workflow Builder');
    await builder.getByRole('button', { name: 'New workflow' }).click();
    await builder.getByLabel('Name').fill('Triage');
    await builder.getByLabel('Add a step').selectOption({ label: 'Track Jira issues' });
    await builder.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('alert').getByText('Fill in “Issues” of “Track Jira issues”.').waitFor();
    await builder.getByLabel('Issues', { exact: true }).fill('PLAT-8');
    await builder.getByLabel('Continue if this step fails').check();
    await builder.getByLabel('Add a step').selectOption({ label: 'Untrack Jira issues' });
    const second = builder.getByRole('group', { name: '2. Untrack Jira issues' });
    const keys = { label: '1. Track Jira issues: Issue keys' };
    const fromBefore = second.getByLabel('Issues: from an earlier step');
    assert.doesNotMatch(String(await fromBefore.textContent()), /Count|All tracked|channel/, 'only texts are offered');
    await fromBefore.selectOption(keys);
    await builder.getByRole('button', { name: 'Move step 2 up' }).press('Enter');
    // The button is disabled now, since no step comes before the first one.
    await builder.getByRole('group', { name: '1. Untrack Jira issues' }).locator('button:focus').waitFor();
    await builder.getByText('Fill in “Issues” of “Untrack Jira issues” again').waitFor();
    await builder.getByRole('button', { name: 'Move step 1 down' }).click();
    await second.getByLabel('Issues: from an earlier step').selectOption(keys);
    await builder.getByRole('button', { name: 'Save' }).click();
    await run('Triage');
    const first = builder.getByRole('article').first();
    await first.getByText('✗ failed').first().waitFor();
    const [track, untrack] = [first.getByRole('listitem').nth(0), first.getByRole('listitem').nth(1)];
    await track.getByText('✓ completed').waitFor();
    assert.match(
      String(await track.textContent()),
      /All trackedfalse.*ErrorNothing was tracked\. PLAT-8: not checked/s,
    );
    assert.match(String(await untrack.textContent()), /Issuesempty/);

    await (await open('Trouble')).getByLabel('Jira').selectOption('is up');
    await page.getByRole('button', { name: 'Workflow Builder', exact: true }).click();
    await builder.getByRole('button', { name: 'Edit' }).click();
    await builder.getByRole('button', { name: 'Remove step 2' }).click();
    await builder.getByRole('button', { name: 'Save' }).click();
    await run('Triage');
    await builder.getByRole('article').nth(1).waitFor();
    await builder.getByRole('article').first().locator('header').getByText('✓ completed').waitFor();
    assert.match(String(await builder.getByRole('article').first().textContent()), /All trackedtrue/);
  });

  test('shows the values of an input that has a few by the names that the manifest gives them', async () => {
    const builder = await open('Workflow Builder');
    await builder.getByRole('button', { name: 'New workflow' }).click();
    await builder.getByLabel('Add a step').selectOption({ label: 'Find Jira issues' });
    const menu = builder.getByLabel('Search by (optional)', { exact: true });
    await menu.waitFor();
    assert.deepEqual(await menu.locator('option').allTextContents(), ['–', 'Words', 'JQL']);
    await builder.getByRole('button', { name: 'Cancel' }).click();
  });

  test('offers in a step what Maro offers: projects, their types, and the fields that they require', async () => {
    const builder = await open('Workflow Builder');
    await builder.getByRole('button', { name: 'New workflow' }).click();
    await builder.getByLabel('Name').fill('Incident');
    await builder.getByLabel('Add a step').selectOption({ label: 'Create a Jira issue' });
    const choose = async (input: string, option: string) => {
      await builder.getByRole('combobox', { name: input, exact: true }).click();
      await builder.getByRole('option', { name: option }).click();
    };
    await choose('Project', 'Operations (OPS)');
    await choose('Issue type', 'Incident');
    await builder.getByLabel('Summary', { exact: true }).fill('Orders are lost');
    const fields = builder.getByRole('group', { name: 'Required fields' });
    const values = {
      'Error code': 'E-42',
      'What customers see': 'Nothing',
      Severity: 'A nuisance',
      Regions: 'Europe, Asia',
      'Customers affected': '12',
      Since: '2026-11-14',
      'On call': 'Aisha Rahman',
    };
    for (const [name, value] of Object.entries(values)) await fields.getByLabel(name).fill(value);
    const formatted = builder.getByRole('textbox', { name: 'Formatted description' });
    await formatted.fill('They come twice');
    await builder.getByRole('button', { name: 'Save' }).click();
    await run('Incident');
    const ran = builder.getByRole('article').filter({ hasText: 'Incident' }).first();
    await ran.locator('header').getByText('✓ completed').waitFor();
    assert.match(String(await ran.textContent()), /Createdtrue.*OPS-5/s);
    await ran.getByRole('link', { name: 'https://acme.example/browse/OPS-5' }).waitFor();
    await run('Create and track a Jira issue');
    await builder.locator('input:focus').fill('OPS');
    await run('Link and track a Jira issue');
    await builder.getByRole('button', { name: 'Run Link and track a Jira issue' }).waitFor();
    assert.equal(await builder.locator('input:focus').inputValue(), '', 'each workflow has inputs of its own');
  });

  test('does on the board what people do in Jira', async () => {
    const { page, say, message } = d;
    const jira = await open('Jira');
    await jira.getByLabel('Summary of a new issue').fill('Tell newcomers where to begin');
    await jira.getByRole('button', { name: 'Create' }).click();
    const card = jira.getByRole('article', { name: 'PLAT-97' });
    await card.getByRole('button', { name: 'More for PLAT-97' }).click();
    await page.getByRole('menuitem', { name: 'Edit summary' }).click();
    await card.getByLabel('Summary of PLAT-97').fill('Tell everybody where to begin');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('Tell everybody where to begin').waitFor();
    await jira.getByLabel('Act as').selectOption('Yuki Tanaka');
    await card.getByLabel('Priority of PLAT-97').selectOption('High');
    await card.getByLabel('Due date of PLAT-97').fill('2026-12-24');
    await card.getByText('0 comments').click();
    await card.getByLabel('New comment on PLAT-97').fill('Where is that?');
    await card.getByRole('button', { name: 'Comment', exact: true }).click();
    await card.getByText('1 comment', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'More for the comment of Yuki Tanaka' }).click();
    await page.getByRole('menuitem', { name: 'Edit comment' }).click();
    await card.getByLabel('Text of the comment').fill('On the first page.');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('Yuki Tanaka On the first page.').waitFor();
    const { issues } = d.sandbox.jira;
    assert.deepEqual(
      issues.find('PLAT-97')?.histories.map(({ author, items }) => [author?.displayName, items[0]?.field]),
      [
        ['Mara Lindqvist', 'summary'],
        ['Yuki Tanaka', 'priority'],
        ['Yuki Tanaka', 'duedate'],
      ],
    );
    await card.getByRole('button', { name: 'More for the comment of Yuki Tanaka' }).click();
    await page.getByRole('menuitem', { name: 'Delete comment' }).click();
    await card.getByText('0 comments').waitFor();
    await say('/maro track PLAT-97');
    await message('PLAT-97: now tracked · Tell everybody').waitFor();
    await card.getByRole('button', { name: 'More for PLAT-97' }).click();
    await page.getByRole('menuitem', { name: 'Move to Webshop' }).click();
    await card.waitFor({ state: 'detached' });
    await say('/maro track PLAT-97');
    await message(/SHOP-81 \(was PLAT-97\): tracked already/).waitFor();
    await jira.getByLabel('Project').selectOption('SHOP');
    for (const [choice, answer] of [
      ['Hide from Maro', /SHOP-81: not found/],
      ['Show to Maro', /SHOP-81: tracked already/],
      ['Delete', /SHOP-81: not found/],
    ] as const) {
      await jira.getByRole('button', { name: 'More for SHOP-81' }).click();
      await page.getByRole('menuitem', { name: choice }).click();
      await say('/maro track SHOP-81 PLAT-1');
      await message(answer).waitFor();
    }
  });

  test('delivers a step twice, of which one counts', async () => {
    const { sandbox } = d;
    await flip('Deliver every step twice', true);
    const before = delivered();
    await run('Triage');
    await until(() => delivered() >= before + 2, 'it came twice');
    assert.equal(sandbox.slack.refusals.filter(({ error }) => error !== 'execution_not_in_running_state').length, 0);
    await flip('Deliver every step twice', false);

    function delivered(): number {
      return sandbox.slack.log.filter(({ kind, name }) => kind === 'delivery' && name === 'events_api').length;
    }
  });

  test('revokes the token, so that a step hangs, and says so', async () => {
    const { page } = d;
    await flip('Revoke the bot’s token', true);
    const builder = await open('Workflow Builder');
    await run('Triage');
    await builder.getByRole('article').first().getByText('… in progress').first().waitFor();
    const inspector = await open('Inspector');
    await inspector.getByLabel('Filter').fill('token_revoked');
    await inspector.getByText('functions.completeSuccess').first().click();
    await inspector.getByText('"error": "token_revoked"').first().waitFor();
    await flip('Revoke the bot’s token', false);
    assert.equal(await page.getByRole('alert').getByText('token_revoked').count(), 0);
  });

  test('drops the socket and restarts the database, and Maro answers again', async () => {
    const { sandbox, say, message } = d;
    const panel = await open('Trouble');
    const opened = () => sandbox.slack.calls('apps.connections.open').length;
    const before = opened();
    await panel.getByRole('button', { name: 'Drop the connection' }).click();
    await until(() => opened() > before, 'Maro asks for another socket');
    await sandbox.slack.connected();
    await panel.getByRole('button', { name: 'Restart', exact: true }).click();
    await panel.getByRole('button', { name: 'Restarting …' }).waitFor();
    await panel.getByRole('button', { name: 'Restart', exact: true }).waitFor();
    await say('/maro track PLAT-3');
    await message('PLAT-3: now tracked').waitFor();
  });

  test('limits posts to one channel, and takes that back', async () => {
    const { sandbox } = d;
    const post = async (channel: string) => {
      const { status } = await fetch(`${sandbox.slack.apiUrl}chat.postMessage`, {
        method: 'POST',
        headers: { authorization: `Bearer ${sandbox.slack.botToken}`, 'content-type': 'application/json' },
        body: JSON.stringify({ channel, text: 'A post.' }),
      });
      return status;
    };
    await flip('Rate limit posts to #checkout', true);
    await until(async () => (await post('C1')) === 429, 'posts are limited');
    assert.equal(await post('C2'), 200);
    await flip('Rate limit posts to #checkout', false);
    await until(async () => (await post('C1')) === 200, 'posts are taken again');
  });

  test('inspects what went over each wire, with tokens masked', async () => {
    const inspector = await open('Inspector');
    await inspector.getByLabel('Sender and receiver').selectOption('Maro → Jira');
    await inspector.getByLabel('Filter').fill('SHOP-81');
    await inspector.getByText('POST /issue/bulkfetch').first().click();
    await inspector.getByText('"SHOP-81"').first().waitFor();
    assert.equal(await inspector.getByText('slash_commands').count(), 0);
    await inspector.getByLabel('Sender and receiver').selectOption('Slack → Maro');
    await inspector.getByLabel('Filter').fill('xwfp');
    await inspector.getByText('events_api').first().click();
    await inspector.getByText('"bot_access_token": "xwfp-…"').waitFor();
  });

  test('shows what Jira’s webhooks tell Maro, and loses them', async (t) => {
    const { webhooks, issues } = d.sandbox.jira;
    const panel = await open('Trouble');
    webhooks.register(undefined);
    await panel.getByText('Jira sends no webhooks to Maro here.').waitFor();
    const receiver = await startReceiver(t);
    webhooks.register({ url: receiver.url });
    await panel.getByLabel('Webhooks').selectOption('are lost');
    await until(async () => {
      issues.comment('PLAT-1', 'Lost');
      return webhooks.deliveries.at(-1)?.statuses.length === 0;
    }, 'webhooks are lost');
    await panel.getByLabel('Webhooks').selectOption('arrive');
    const inspector = await open('Inspector');
    await inspector.getByLabel('Sender and receiver').selectOption('Jira → Maro');
    await inspector.getByLabel('Filter').fill('"PLAT-1"');
    await until(async () => {
      issues.edit('PLAT-1', { summary: `Told at ${receiver.received.length} ${Math.random()}` });
      await webhooks.settled();
      return receiver.received.some(({ body }) => body.webhookEvent === 'jira:issue_updated');
    }, 'webhooks arrive');
    await inspector.getByText('jira:issue_updated').first().click();
    await inspector.getByText('"PLAT-1"').first().waitFor();
    webhooks.register(undefined);
  });

  test('moves the clock ahead by keyboard, keeps the focus on the button, and begins another day', async () => {
    const { page, sandbox } = d;
    const panel = await open('Clock');
    const button = panel.getByRole('button', { name: 'To 9:00 tomorrow' });
    await button.press('Enter');
    await panel.getByText(/ at 9:0\d:\d\d.AM$/).waitFor();
    await panel.getByText(/^Europe\/Berlin · .* ahead$/).waitFor();
    await panel.locator('button:focus').getByText('To 9:00 tomorrow').waitFor();
    const before = sandbox.clock.aheadMs;
    await panel.getByRole('button', { name: '1 day' }).press('Space');
    await until(() => sandbox.clock.aheadMs > before, 'the clock moves again');
    sandbox.slack.post('Good morning.', { channel: 'C1', user: 'ada' });
    await page.getByText('today', { exact: true }).waitFor();
  });

  test('nothing went wrong in the page, and it asked no other address for anything', () => {
    assert.deepEqual(d.errors, []);
    assert.deepEqual(d.foreign, []);
  });
});
