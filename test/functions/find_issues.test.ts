import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { startMaro, type World, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';

describe('the step find_issues', () => {
  let w: World;
  let maro: Awaited<ReturnType<typeof startMaro>>;
  before(async () => {
    w = await world();
    maro = await startMaro(w, { LOG_LEVEL: 'debug' });
    w.jira.index.lagMs = 0;
    for (let n = 1; n <= 60; n++) w.jira.issues.create('SHOP', { summary: `Zebra ${n}` });
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  const run = (search: string, inputs: object = {}) => w.slack.step('find_issues', { search, ...inputs }).finished;

  test('puts out the issues that have the words, the newest first, with one call to Jira', async () => {
    await run('sign-in');
    w.jira.requests.splice(0);
    const { state, outputs, error } = await run('One SIGN-in');
    assert.equal(state, 'completed', error);
    const { formatted_list, ...facts } = outputs;
    assert.deepEqual(facts, {
      found: true,
      count: 1,
      issue_keys: 'PLAT-1',
      text: `PLAT-1 · One sign-in for every product · In Progress · ${w.jira.site}/browse/PLAT-1`,
      error: '',
    });
    assert.match(JSON.stringify(formatted_list), /"url":"[^"]*\/browse\/PLAT-1"/);
    assert.equal(w.jira.requests.length, 1);
  });

  test('puts out at most 50 issues, and says about how many there are', async () => {
    w.jira.requests.splice(0);
    const { outputs } = await run('zebra');
    assert.equal(outputs.count, 60);
    assert.equal(String(outputs.issue_keys).split(', ').length, 50);
    assert.match(String(outputs.text), /\n… and 10 more$/);
    assert.equal(w.jira.requests.length, 2);
  });

  test('takes JQL, in its own order, and limits it to the project', async () => {
    const { outputs } = await run('text ~ zebra ORDER BY key ASC', { search_by: 'jql' });
    assert.match(String(outputs.text), /^SHOP-\d+ · Zebra 1 ·/);
    const limited = await run('text ~ zebra OR', { search_by: 'jql', project: 'PLAT' });
    assert.match(String(limited.error), /^Maro didn’t search\. Jira refused the search\. /);
    assert.equal((await run('text ~ zebra', { search_by: 'jql', project: 'plat' })).outputs.count, 0);
    assert.equal((await run('zebra', { project: 'shop' })).outputs.count, 60);
  });

  test('completes without a match', async () => {
    const { state, outputs } = await run('quagga');
    assert.equal(state, 'completed');
    assert.deepEqual([outputs.found, outputs.count, outputs.issue_keys, outputs.text], [false, 0, '', '']);
  });

  test('mentions nobody, whatever the summaries are', async () => {
    const { outputs } = await run('channel everybody');
    assert.match(String(outputs.issue_keys), /PLAT-90/);
    assert.doesNotMatch(String(outputs.text), /[<>]/);
  });

  for (const [search, inputs, sentence] of [
    ['?!', {}, 'Add a word to search for.'],
    ['x', { project: 'no key' }, '“Project” isn’t a project key, such as PLAT.'],
    ['x', { project: 'GONE' }, 'Jira refused the search. The value ‘GONE’ does not exist'],
    ['(project = PLAT', { search_by: 'jql' }, 'The JQL doesn’t close its parentheses.'],
    ['secretive = 1', { search_by: 'jql' }, 'Jira refused the search. '],
  ] as const) {
    test(`fails with a sentence for ${search} ${JSON.stringify(inputs)}, and goes on with it when told to`, async () => {
      const failed = await run(search, inputs);
      assert.equal(failed.state, 'failed');
      const said = String(failed.error).replaceAll(/'/g, '‘').replace('‘ does', '’ does');
      assert.ok(said.startsWith(`Maro didn’t search. ${sentence}`), said);
      const { state, outputs } = await run(search, { ...inputs, continue_on_error: true });
      assert.equal(state, 'completed');
      assert.deepEqual([outputs.found, outputs.count, outputs.error], [false, 0, failed.error]);
    });
  }

  test('says so when Jira does not answer', async () => {
    w.jira.trouble('all', { kind: 'server_error', status: 503 });
    assert.match(String((await run('sign')).error), /^Maro didn’t search\. Jira/);
    w.jira.trouble('all', undefined);
  });

  test('leaves none of the words in the log', () => {
    assertPrivate([maro], w, ['zebra', 'quagga', 'secretive', 'Zebra']);
  });
});

describe('the step find_issues where JIRA_PROJECTS allows PLAT only', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, { JIRA_PROJECTS: 'PLAT' });
    w.jira.index.lagMs = 0;
    w.jira.issues.create('SHOP', { summary: 'Zebra in the shop' });
    w.jira.issues.create('PLAT', { summary: 'Zebra on the platform' });
  });

  test('finds nothing elsewhere, by words, by JQL, or by the project', async () => {
    const run = (inputs: Record<string, string>) => w.slack.step('find_issues', inputs).finished;
    for (const search of [{ search: 'zebra' }, { search: 'text ~ zebra', search_by: 'jql' }]) {
      const { outputs } = await run(search);
      assert.deepEqual([outputs.count, String(outputs.text).includes('shop')], [1, false]);
    }
    const { error } = await run({ search: 'zebra', project: 'SHOP' });
    assert.equal(error, 'Maro didn’t search. Maro isn’t allowed to show issues of SHOP.');
  });
});
