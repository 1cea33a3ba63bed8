import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { startMaro, type World, world } from '../maro.ts';

describe('the step get_issue', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  const run = (issue_key: string, inputs: object = {}) => w.slack.step('get_issue', { issue_key, ...inputs }).finished;

  test('puts out what Jira says about the issue, with one call to Jira', async () => {
    await run('PLAT-1');
    w.jira.requests.splice(0);
    const { state, outputs } = await run('plat-1');
    assert.equal(state, 'completed');
    const { updated, ...facts } = outputs;
    assert.deepEqual(facts, {
      found: true,
      issue_key: 'PLAT-1',
      issue_url: `${w.jira.site}/browse/PLAT-1`,
      summary: 'One sign-in for every product',
      status: 'In Progress',
      status_category: 'In progress',
      done: false,
      assignee: 'Mara Lindqvist',
      issue_type: 'Epic',
      priority: 'High',
      error: '',
    });
    assert.match(String(updated), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    assert.equal(w.jira.requests.length, 1);
  });

  test('takes a link, and gives the key that a moved issue has now', async () => {
    const { outputs } = await run(`${w.jira.site}/browse/LEGACY-7`);
    assert.equal(outputs.issue_key, 'PLAT-12');
  });

  test('mentions nobody, whatever the summary is', async () => {
    assert.doesNotMatch(JSON.stringify((await run('PLAT-90')).outputs), /[<>]/);
  });

  for (const [issue_key, sentence] of [
    ['PLAT-999', 'PLAT-999: not found. There’s no such issue, or Maro can’t see it.'],
    ['foo', 'foo: not an issue key.'],
    ['PLAT-1 PLAT-2', 'That’s 2 issues, and this takes one.'],
    [Array.from({ length: 101 }, (_, i) => `PLAT-${i}`).join(' '), 'That’s 101 issues, and this takes one.'],
    [', ,', 'Add an issue key, such as PLAT-12.'],
  ] as const) {
    test(`fails with a sentence for ${issue_key.slice(0, 20)}, and goes on with it when told to`, async () => {
      const failed = await run(issue_key);
      assert.deepEqual([failed.state, failed.error], ['failed', `Nothing was read. ${sentence}`]);
      const { state, outputs } = await run(issue_key, { continue_on_error: true });
      assert.equal(state, 'completed');
      assert.deepEqual([outputs.found, outputs.issue_key, outputs.error], [false, '', failed.error]);
    });
  }

  test('says that Jira does not answer', async () => {
    w.jira.trouble('all', { kind: 'server_error', status: 503 });
    const { error } = await run('PLAT-1');
    w.jira.trouble('all', undefined);
    assert.equal(error, 'Nothing was read. Jira isn’t answering. Try again in a minute.');
  });
});
