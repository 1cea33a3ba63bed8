import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { startMaro, until, type World, words, world } from '../maro.ts';
import { rows } from '../rows.ts';

describe('the step create_stories', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w, {}, { deadlineMs: 1_000, looksAfterMs: [1_200, 1_600, 2_400] });
  });
  afterEach(() => {
    for (const endpoint of ['all', 'create', 'bulk', 'search'] as const) w.jira.trouble(endpoint, undefined);
    w.jira.resetRequests();
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const run = (stories: string | string[], inputs: object = {}): Promise<Execution> => {
    const lines = typeof stories === 'string' ? stories : stories.join('\n');
    return w.slack.step('create_stories', { project: 'PLAT', stories: lines, ...inputs }, { unchecked: true }).finished;
  };
  const named = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  const creates = () => [w.jira.count('create'), w.jira.count('bulk')];
  /** Longer than Jira takes. */
  const TOO_LONG = 'l'.repeat(256);

  test('creates a new epic and the stories in it, by type level and in two calls', async () => {
    await run('To know the types', { epic_summary: 'To know the fields of an epic' });
    w.jira.resetRequests();
    const stories = Array.from({ length: 30 }, (_, i) => `Story ${i + 1} of thirty`);
    const { outputs } = await run(stories, { epic_summary: 'An epic of thirty' });
    const [epic] = named('An epic of thirty');
    assert.equal(epic?.type.hierarchyLevel, 1);
    const made = stories.map((story) => named(story)[0]);
    assert.ok(made.every((issue) => issue?.parent === epic && issue?.type.name === 'Story'));
    assert.deepEqual(outputs, {
      created: true,
      epic_key: epic?.key,
      issue_keys: made.map((issue) => issue?.key).join(', '),
      count: 30,
      made: 'an epic and 30 stories',
      skipped: '',
      error: '',
    });
    assert.deepEqual([creates(), w.jira.count()], [[1, 1], 2]);
  });

  test('gives a new epic its summary as its name where Jira requires a name', async () => {
    const { outputs } = await run('In a named epic', { project: 'OPS', epic_summary: ' Two sites instead of one ' });
    const [epic] = named('Two sites instead of one');
    assert.equal(epic?.fields.customfield_10011, 'Two sites instead of one');
    assert.equal(outputs.epic_key, epic?.key);
  });

  test('creates stories in an epic that is there already, in a project with names of its own', async () => {
    const { outputs } = await run('Gutschein prüfen', { project: 'SHOP', epic_key: `${w.jira.site}/browse/shop-1` });
    assert.deepEqual([outputs.created, outputs.epic_key], [true, 'SHOP-1']);
    assert.equal(named('Gutschein prüfen')[0]?.parent?.key, 'SHOP-1');
  });

  test('creates a story for each item and each line of a formatted text, after those in plain text', async () => {
    const section = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
    const list = (indent: number, ...items: string[]) => ({
      type: 'rich_text_list',
      style: 'bullet',
      indent,
      elements: items.map(section),
    });
    const formatted_stories = {
      type: 'rich_text',
      elements: [section('In a line\n'), list(0, 'In an item', 'In another'), list(1, 'In an inner item')],
    };
    const { outputs } = await run('In plain text', { formatted_stories });
    assert.equal(outputs.count, 5);
    const keys = ['In plain text', 'In a line', 'In an item', 'In another', 'In an inner item'].map(
      (summary) => named(summary)[0]?.key,
    );
    assert.equal(outputs.issue_keys, keys.join(', '));
    const { outputs: alone } = await run('', { formatted_stories });
    assert.equal(alone.count, 4);
  });

  test('creates stories from a list, without its bullets and numbers', async () => {
    const lines = ['- A dash', '* A star', '• A bullet', '1. A number', '(12) Another number', '- [ ] A box'];
    const { outputs } = await run([...lines, '-5 °C is cold', '2nd try', '  '].join('\n'));
    assert.equal(outputs.count, 8);
    const summaries = [
      'A dash',
      'A star',
      'A bullet',
      'A number',
      'Another number',
      'A box',
      '-5 °C is cold',
      '2nd try',
    ];
    for (const summary of summaries) assert.equal(named(summary).length, 1, summary);
  });

  test('creates stories without an epic, and passes over empty lines', async () => {
    const { outputs } = await run('  One by itself \r\n\r\n\n Another by itself');
    assert.deepEqual([outputs.count, outputs.epic_key], [2, '']);
    assert.equal(named('One by itself')[0]?.parent, null);
  });

  test('names each story that Jira refuses, and the others stand, each under its own key and summary', async () => {
    const stories = ['Before it', TOO_LONG, 'Between them', `${TOO_LONG} <!channel>`, 'After them'];
    const { state, outputs } = await run(stories, { epic_summary: 'An epic of five' });
    assert.equal(state, 'completed');
    const standing = ['Before it', 'Between them', 'After them'].map((story) => named(story)[0]);
    assert.deepEqual(
      { ...outputs, skipped: '' },
      {
        created: false,
        epic_key: named('An epic of five')[0]?.key,
        issue_keys: standing.map((issue) => issue?.key).join(', '),
        count: 3,
        made: 'an epic and 3 stories',
        skipped: '',
        error: '',
      },
    );
    const why = (length: number) => `not created. This summary has ${length} characters, and Jira’s limit is 255.`;
    const short = `${'l'.repeat(79)}…`;
    assert.equal(outputs.skipped, `${short}: ${why(256)} ${short}: ${why(265)}`);
  });

  test('creates nothing of more than fifty, before any call', async () => {
    const { error } = await run(Array.from({ length: 51 }, (_, i) => `Story ${i}`));
    assert.equal(error, 'Nothing was created. That’s 51 stories, and the limit is 50. Split them up.');
    assert.equal(w.jira.count(), 0);
  });

  for (const [stories, inputs, sentence] of [
    [' \n ', {}, /^Nothing was created\. Add at least one story\.$/],
    ['One', { project: 'no project' }, /^Nothing was created\. “no project” isn’t a project key\.$/],
    ['One', { project: 'GONE' }, /^Nothing was created\. Maro can’t create issues in GONE\.$/],
    [
      'One',
      { epic_key: 'PLAT-999' },
      /^Nothing was created\. Epic PLAT-999: not found\. There’s no such issue, or Maro can’t see it\.$/,
    ],
    ['One', { epic_key: 'PLAT-1 PLAT-8' }, /^Nothing was created\. Choose one epic, by its key or a link to it\.$/],
    [
      'One',
      { epic_key: 'PLAT-1', epic_summary: 'New' },
      /^Nothing was created\. Choose a new epic or an existing one, not both\.$/,
    ],
    ['One', { epic_summary: TOO_LONG }, /^Nothing was created\. The epic failed: This summary has 256 characters/],
    [TOO_LONG, {}, /^Nothing was created\. This summary has 256 characters, and Jira’s limit is 255\.$/],
  ] as const) {
    const what = JSON.stringify({ stories, ...inputs }).slice(0, 60);
    test(`creates nothing for ${what}, in words, and goes on when told to`, async () => {
      const failed = await run(stories, inputs);
      assert.equal(failed.state, 'failed');
      assert.match(failed.error ?? '', sentence);
      const { outputs } = await run(stories, { ...inputs, continue_on_error: true });
      const nothing = { created: false, epic_key: '', issue_keys: '', count: 0, made: '', skipped: '' };
      assert.deepEqual(outputs, { ...nothing, error: failed.error });
      assert.deepEqual(creates(), [0, 0]);
    });
  }

  test('says so when there is the epic and no story', async () => {
    w.jira.trouble('bulk', { kind: 'unauthorized', times: 1 });
    const { outputs } = await run(['One', 'Two'], { epic_summary: 'An epic of none' });
    assert.equal(outputs.epic_key, named('An epic of none')[0]?.key);
    assert.deepEqual([outputs.created, outputs.count, outputs.issue_keys, outputs.error], [false, 0, '', '']);
    assert.match(String(outputs.skipped), /^One: not created; Two: not created\. Jira refused Maro’s login\./);
  });

  test('says of stories in a new epic that they may be there, when nobody knows, and not to try again', async () => {
    w.jira.trouble('bulk', { kind: 'no_answer', times: 1 });
    w.jira.trouble('search', { kind: 'server_error', status: 500 });
    const { outputs } = await run(['Perhaps one', 'Perhaps two'], {
      epic_summary: 'An epic of some',
      channel_id: 'C1',
    });
    assert.deepEqual([outputs.created, outputs.count], [false, 0]);
    assert.match(
      String(outputs.skipped),
      /^Perhaps one: may or may not have been created; Perhaps two: may or may not have been created\. Jira didn’t/,
    );
    assert.doesNotMatch(String(outputs.skipped), /not created|[Tt]ry again/);
  });

  test('tells which stories it found, and looks for the others later, and tells those once', async () => {
    w.jira.trouble('bulk', { kind: 'no_answer', times: 1 });
    const running = run(['Found first', 'Found later'], { channel_id: 'C1', user_id: 'U0ADA' });
    await until(() => named('Found later').length > 0, 'the stories are there');
    const [first, later] = ['Found first', 'Found later'].map((summary) => named(summary)[0]?.key as string);
    w.jira.issues.forbid(later as string);
    const { id, outputs } = await running;
    assert.deepEqual([outputs.created, outputs.issue_keys, outputs.count], [false, first, 1]);
    assert.match(String(outputs.skipped), /^Found later: may or may not have been created/);
    w.jira.issues.allow(later as string);
    const told = (text: string) =>
      w.slack.everything().filter((message) => message.channel === 'D1' && words(message).includes(text));
    for (const minutes of [1, 5, 30]) {
      await rows(w.databaseUrl, 'update runs set due_at = now() where run_id = $1', `${id} look ${minutes}`);
    }
    await until(
      async () =>
        (await rows(w.databaseUrl, `select from runs where run_id like '${id} look %' and due_at is not null`))
          .length === 0,
      'nothing is left to look for',
    );
    assert.deepEqual([told('Found later').length, told('Found first').length], [1, 0]);
    assert.match(words(told('Found later')[0]), /The channel tracks it now\./);
    assert.deepEqual(await rows(w.databaseUrl, 'select state from creates where create_id = $1', id), [
      { state: 'created' },
    ]);
  });

  test('adopts epic and stories of which Jira did not tell, and creates each once', async () => {
    w.jira.trouble('create', { kind: 'no_answer', times: 1 });
    w.jira.trouble('bulk', { kind: 'no_answer', times: 1 });
    const { id, state, outputs, error } = await run(['A of two', 'B of two'], { epic_summary: 'An epic in silence' });
    assert.equal(state, 'completed', error);
    const [epic, a, b] = ['An epic in silence', 'A of two', 'B of two'].map(named);
    assert.deepEqual([epic?.length, a?.length, b?.length], [1, 1, 1]);
    assert.deepEqual([outputs.epic_key, outputs.issue_keys], [epic?.[0]?.key, `${a?.[0]?.key}, ${b?.[0]?.key}`]);
    assert.deepEqual(creates(), [1, 1]);
    const stored = await rows(w.databaseUrl, `select state from creates where create_id like '${id}%'`);
    assert.deepEqual(stored, [{ state: 'created' }, { state: 'created' }]);
  });
});
