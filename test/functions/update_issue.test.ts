import assert from 'node:assert/strict';
import { afterEach, before, beforeEach, describe, test } from 'node:test';
import { startMaro, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('updating an issue', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { looksAfterMs: [50, 200, 400] });
    await w.slack.command('/maro track PLAT-4 PLAT-10', { channel: 'C1' });
  });
  beforeEach(() => {
    w.jira.issues.edit('PLAT-4', { summary: 'Old', priority: 'Low', labels: ['old', 'kept'], duedate: '2026-01-01' });
    w.jira.resetRequests();
  });
  afterEach(() => {
    for (const endpoint of ['edit', 'editmeta', 'issue'] as const) w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const step = (issue_key: string, inputs: object) => w.slack.step('update_issue', { issue_key, ...inputs }).finished;
  const command = async (text: string) =>
    words((await w.slack.command(`/maro ${text}`, { channel: 'C1' })).messages[0]);
  const now = (key: string) => {
    const { summary, priority, fields } = w.jira.issues.find(key) ?? assert.fail();
    return { summary, priority, labels: fields.labels, duedate: fields.duedate };
  };

  test('changes what is given in one call, and the list shows it at once', async () => {
    const { outputs } = await step('plat-4', {
      summary: 'New &amp; better',
      add_labels: 'new, kept',
      remove_labels: 'old',
      due_date: '2026-12-24',
    });
    assert.deepEqual(outputs, {
      updated: true,
      issue_key: 'PLAT-4',
      issue_url: `${w.jira.site}/browse/PLAT-4`,
      changes: 'summary, due date 2026-12-24, added labels new kept, removed labels old',
      error: '',
    });
    const labels = ['kept', 'new'];
    assert.deepEqual(now('PLAT-4'), { summary: 'New & better', priority: 'Low', labels, duedate: '2026-12-24' });
    assert.equal(w.jira.requests.length, 1);
    const stored = await rows(w.databaseUrl, `select summary from jira_issues where issue_key = 'PLAT-4'`);
    assert.deepEqual([...stored], [{ summary: 'New & better' }]);
  });

  test('leaves what is not given as it is, and removes a due date that is “none”', async () => {
    await step('PLAT-4', { due_date: 'none' });
    const { duedate, ...rest } = now('PLAT-4');
    assert.deepEqual(rest, { summary: 'Old', priority: 'Low', labels: ['old', 'kept'] });
    assert.ok(duedate === undefined || duedate === null);
  });

  test('sets a priority by its name, by the command, too', async () => {
    const link = `<${w.jira.site}/browse/PLAT-4|PLAT-4>`;
    assert.equal(await command('priority PLAT-4 high'), `${link} was changed: priority High.`);
    assert.equal(now('PLAT-4').priority, 'High');
    assert.match(
      await command('priority PLAT-4 Urgent'),
      /^PLAT-4 wasn’t changed\. Jira doesn’t offer the priority “Urgent” here\. It offers .*High/,
    );
  });

  test('takes other fields as JSON, and says why it does not take something', async () => {
    assert.equal((await step('PLAT-4', { fields: '{"duedate": "2026-11-11"}' })).outputs.changes, 'duedate');
    assert.equal(now('PLAT-4').duedate, '2026-11-11');
    for (const [inputs, why] of [
      [{ fields: '[]' }, /^Nothing was changed\. “More fields” has to be a JSON object/],
      [{ fields: '{"customfield_1": 1}' }, /^PLAT-4 wasn’t changed\. .*customfield_1/],
      [{ due_date: 'soon' }, /^PLAT-4 wasn’t changed\. Due date takes a date like 2026-11-30, not “soon”\.$/],
      [{ add_labels: 'a', remove_labels: 'b a' }, /^PLAT-4 wasn’t changed\. The label “a” can’t be both/],
      [{ summary: 's'.repeat(256) }, /^PLAT-4 wasn’t changed\. This summary has 256 characters/],
      [{}, /^PLAT-4 wasn’t changed\. Add what to change\.$/],
    ] as const) {
      assert.match((await step('PLAT-4', inputs)).error ?? '', why);
    }
    assert.equal(now('PLAT-4').summary, 'Old');
  });

  test('is told as done if only Jira’s answer was lost', async () => {
    w.jira.trouble('edit', { kind: 'cut' });
    const inputs = { summary: 'Lost', priority: 'High', due_date: 'none', add_labels: 'new', remove_labels: 'old' };
    const { outputs, error } = await step('PLAT-4', inputs);
    assert.deepEqual([error, outputs.updated, w.jira.count('edit')], [undefined, true, 1]);
  });

  for (const inputs of [{ summary: 'Lost' }, { priority: 'High' }, { add_labels: 'new' }, { remove_labels: 'old' }]) {
    test(`is not repeated, nor told as not done, if nobody knows (${Object.keys(inputs)})`, async () => {
      w.jira.trouble('edit', { kind: 'cut', undone: true });
      assert.match((await step('PLAT-4', inputs)).error ?? '', /^Jira didn’t answer in time, so PLAT-4 may or may not/);
      assert.equal(w.jira.count('edit'), 1);
    });
  }

  for (const kind of ['not_permitted', 'conflict'] as const) {
    test(`is told as not done if Jira refuses it (${kind})`, async () => {
      w.jira.trouble('edit', { kind });
      assert.match((await step('PLAT-4', { summary: 'Refused' })).error ?? '', /^PLAT-4 wasn’t changed\. /);
      assert.equal(now('PLAT-4').summary, 'Old');
    });
  }

  test('of an issue that is gone meanwhile says so', async () => {
    w.jira.issues.remove('PLAT-10');
    assert.match(
      (await step('PLAT-10', { summary: 'Too late' })).error ?? '',
      /^PLAT-10 wasn’t changed\. There’s no such issue/,
    );
  });
});
