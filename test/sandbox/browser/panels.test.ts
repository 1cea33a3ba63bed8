import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Locator } from 'playwright-core';
import { noChromium } from '../../../sandbox/browser/chromium.ts';
import { type Driver, openPage } from '../../../sandbox/browser/driver.ts';
import { until } from '../../maro.ts';

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
    await builder.getByLabel('Issues', { exact: true }).fill('PLAT-8');
    await builder.getByLabel('Continue if this step fails').check();
    await builder.getByLabel('Add a step').selectOption({ label: 'Untrack Jira issues' });
    const second = builder.getByRole('group', { name: '2. Untrack Jira issues' });
    const keys = { label: '1. Track Jira issues: Issue keys' };
    const fromBefore = second.getByLabel('Issues: from before');
    assert.doesNotMatch(String(await fromBefore.textContent()), /Count|All tracked|channel/, 'only texts are offered');
    await fromBefore.selectOption(keys);
    await builder.getByRole('button', { name: 'Move step 2 up' }).click();
    await builder.getByText('Fill in “Issues” of “Untrack Jira issues” again').waitFor();
    await builder.getByRole('button', { name: 'Move step 1 down' }).click();
    await second.getByLabel('Issues: from before').selectOption(keys);
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

    await (await open('Trouble')).getByLabel('Jira').selectOption('answers');
    await page.getByRole('button', { name: 'Workflow Builder', exact: true }).click();
    await builder.getByRole('button', { name: 'Edit' }).click();
    await builder.getByRole('button', { name: 'Remove step 2' }).click();
    await builder.getByRole('button', { name: 'Save' }).click();
    await run('Triage');
    await builder.getByRole('article').nth(1).waitFor();
    await builder.getByRole('article').first().locator('header').getByText('✓ completed').waitFor();
    assert.match(String(await builder.getByRole('article').first().textContent()), /All trackedtrue/);
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
  });

  test('does on the board what people do in Jira', async () => {
    const { page, say, message } = d;
    const jira = await open('Jira');
    await jira.getByLabel('Summary of a new issue').fill('Tell newcomers where to begin');
    await jira.getByRole('button', { name: 'Create' }).click();
    const card = jira.getByRole('article', { name: 'PLAT-97' });
    await card.getByRole('button', { name: 'More for PLAT-97' }).click();
    await page.getByRole('menuitem', { name: 'Edit summary' }).click();
    await card.getByRole('textbox').fill('Tell everybody where to begin');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByText('Tell everybody where to begin').waitFor();
    await say('/maro track PLAT-97');
    await message('PLAT-97: now tracked · Tell everybody').waitFor();
    await card.getByRole('button', { name: 'More for PLAT-97' }).click();
    await page.getByRole('menuitem', { name: 'Move to Webshop' }).click();
    await card.waitFor({ state: 'detached' });
    await say('/maro track PLAT-97');
    await message(/SHOP-81 \(was PLAT-97\): tracked already/).waitFor();
    await jira.getByLabel('Project').selectOption('SHOP');
    for (const [choice, answer] of [
      ['Hide it from Maro’s login', /SHOP-81: not found/],
      ['Show it to Maro’s login', /SHOP-81: tracked already/],
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
    await panel.getByRole('button', { name: 'Drop the socket' }).click();
    await until(() => opened() > before, 'Maro asks for another socket');
    await sandbox.slack.connected();
    await panel.getByRole('button', { name: 'Restart it' }).click();
    await panel.getByRole('button', { name: 'It starts again …' }).waitFor();
    await panel.getByRole('button', { name: 'Restart it' }).waitFor();
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
    await inspector.getByLabel('Between whom').selectOption('Maro → Jira');
    await inspector.getByLabel('Filter').fill('SHOP-81');
    await inspector.getByText('POST /issue/bulkfetch').first().click();
    await inspector.getByText('"SHOP-81"').first().waitFor();
    assert.equal(await inspector.getByText('slash_commands').count(), 0);
    await inspector.getByLabel('Between whom').selectOption('Slack → Maro');
    await inspector.getByLabel('Filter').fill('xwfp');
    await inspector.getByText('events_api').first().click();
    await inspector.getByText('"bot_access_token": "xwfp-…"').waitFor();
  });

  test('nothing went wrong in the page, and it asked no other address for anything', () => {
    assert.deepEqual(d.errors, []);
    assert.deepEqual(d.foreign, []);
  });
});
