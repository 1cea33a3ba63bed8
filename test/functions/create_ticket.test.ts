import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Execution } from '../../sandbox/slack/index.ts';
import { type Maro, startMaro, until, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';

describe('the step create_ticket', () => {
  let w: World;
  let maro: Maro;
  before(async () => {
    w = await world();
    maro = await startMaro(w, {}, { deadlineMs: 1_000, looksAfterMs: [1_200, 1_600, 2_400] });
  });
  afterEach(() => {
    for (const endpoint of ['all', 'create', 'issueTypes', 'search'] as const) w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const summaries: string[] = [];
  const step = (inputs: Record<string, unknown> = {}): Execution => {
    const all = { project: 'PLAT', summary: 'Export fails at night', ...inputs };
    summaries.push(all.summary);
    return w.slack.step('create_ticket', all, { unchecked: true });
  };
  const run = (inputs: Record<string, unknown> = {}) => step(inputs).finished;
  const made = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  const created = () => w.jira.count('create');
  const bodyOf = (summary: string) =>
    w.jira.requests
      .filter(({ endpoint }) => endpoint === 'create')
      .map(({ body }) => body as { fields: Record<string, unknown>; properties: unknown })
      .find(({ fields }) => fields.summary === summary);
  const state = async ({ id }: Execution) => {
    const found = await rows<{ state: string }>(w.databaseUrl, 'select state from creates where create_id = $1', id);
    return found[0];
  };

  test('creates the ticket of the type that comes first, and puts out all of it', async () => {
    const execution = await run({ summary: 'Mails arrive twice' });
    const [issue] = made('Mails arrive twice');
    assert.ok(issue);
    assert.equal(issue.type.name, 'Story', 'neither the epic before it nor a sub-task');
    assert.deepEqual(execution.outputs, {
      created: true,
      issue_key: issue.key,
      issue_id: issue.id,
      issue_url: `${w.jira.site}/browse/${issue.key}`,
      summary: 'Mails arrive twice',
      skipped: '',
      error: '',
    });
    assert.deepEqual(await state(execution), { state: 'created' });
  });

  test('reads the markup that Slack puts into its inputs', async () => {
    const description = 'Ask <@U0BEN> in <#C2|checkout> &amp; see <https://x.example/a?b=1&amp;c|the page>';
    await run({ summary: '<@U0BEN>: fish &amp; chips in <#C2|checkout>', description });
    const { name } = w.slack.workspace.users.find(({ id }) => id === 'U0BEN') ?? assert.fail();
    const body = bodyOf(`@${name}: fish & chips in #checkout`);
    assert.ok(body, 'the summary is in words');
    const text = JSON.stringify(body.fields.description);
    assert.ok(text.includes(`Ask @${name} in #checkout & see `), text);
    assert.ok(text.includes('"href":"https://x.example/a?b=1&c"'), text);
    assert.equal(w.slack.calls('users.info').length, 1);
  });

  test('puts a formatted description below the plain one, and keeps its formatting', async () => {
    const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style && { style }) });
    const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
    const formatted_description = {
      type: 'rich_text',
      elements: [
        section({ type: 'user', user_id: 'U0BEN' }, text(' saw it ', { bold: true }), {
          type: 'link',
          url: 'https://x.example',
        }),
        {
          type: 'rich_text_list',
          style: 'ordered',
          indent: 0,
          elements: [section(text('Open')), section(text('Wait'))],
        },
        { type: 'rich_text_preformatted', elements: [text('GET /')] },
      ],
    };
    const message_link = 'https://acme.slack.com/archives/C1/p1700000000000100';
    await run({ summary: 'Formatted', description: 'Ask <@U0BEN>', formatted_description, message_link });
    const { name } = w.slack.workspace.users.find(({ id }) => id === 'U0BEN') ?? assert.fail();
    const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
    const item = (words: string) => ({ type: 'listItem', content: [paragraph(text(words))] });
    const link = (words: string, href: string) => ({ ...text(words), marks: [{ type: 'link', attrs: { href } }] });
    assert.deepEqual(bodyOf('Formatted')?.fields.description, {
      type: 'doc',
      version: 1,
      content: [
        paragraph(text(`Ask @${name}`)),
        paragraph(
          text(`@${name}`),
          { ...text(' saw it '), marks: [{ type: 'strong' }] },
          link('https://x.example', 'https://x.example'),
        ),
        { type: 'orderedList', content: [item('Open'), item('Wait')] },
        { type: 'codeBlock', content: [text('GET /')] },
        paragraph(link('From a message in Slack', message_link)),
      ],
    });
    const { error } = await run({ summary: 'Formatted wrongly', formatted_description: { type: 'section' } });
    assert.match(error ?? '', /^“Formatted description” isn’t formatted text, so nothing/);
  });

  test('knows a type by its name in any case and language, and a project by its key in any case', async () => {
    await run({ project: ' shop ', summary: 'Preis fehlt', issue_type: 'fehler' });
    assert.deepEqual(
      made('Preis fehlt').map(({ key, type }) => [key.replace(/\d+/, 'n'), type.name]),
      [['SHOP-n', 'Fehler']],
    );
  });

  test('asks Jira once, for the types that it knows', async () => {
    await run({ summary: 'First of two' });
    w.jira.resetRequests();
    await run({ summary: 'Second of two' });
    assert.deepEqual([created(), w.jira.count()], [1, 1]);
  });

  test('sends the description as a document, with a link back to the message', async () => {
    const message_link = 'https://acme.slack.com/archives/C1/p1700000000000100';
    await run({ summary: 'With words', description: 'h3. Problem\n<!channel> *all*', message_link });
    const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
    assert.deepEqual(bodyOf('With words')?.fields.description, {
      type: 'doc',
      version: 1,
      content: [
        paragraph(
          { type: 'text', text: 'h3. Problem' },
          { type: 'hardBreak' },
          { type: 'text', text: '@channel *all*' },
        ),
        paragraph({
          type: 'text',
          text: 'From a message in Slack',
          marks: [{ type: 'link', attrs: { href: message_link } }],
        }),
      ],
    });
  });

  test('gives Jira what the project requires besides, and words by their formatting', async () => {
    const description = {
      type: 'doc',
      version: 1,
      content: [{ type: 'paragraph', content: [{ type: 'text', text: 'b' }] }],
    };
    const fields = JSON.stringify({ description, customfield_10042: { id: '10301' } });
    const { outputs } = await run({
      summary: 'With fields',
      fields,
      message_link: 'https://acme.slack.com/archives/C1/p1',
    });
    // A field that the project does not have is refused by Jira, and so nothing is sent in its name.
    assert.equal(outputs.created, undefined);
    const sent = bodyOf('With fields')?.fields as { description: { content: unknown[] }; customfield_10042: unknown };
    assert.deepEqual(sent.customfield_10042, { id: '10301' });
    assert.equal(sent.description.content.length, 2, 'the link back follows');
  });

  test('marks the ticket with its execution, by which it is found again', async () => {
    const { id } = await run({ summary: 'Marked' });
    assert.deepEqual(bodyOf('Marked')?.properties, [{ key: 'maro.request', value: { id } }]);
  });

  for (const [inputs, sentence] of [
    [{ summary: '  ' }, /^Nothing was created\. Add a summary\.$/],
    [
      { summary: 's'.repeat(256) },
      /^Nothing was created\. This summary has 256 characters, and Jira’s limit is 255\.$/,
    ],
    [{ summary: 'two\nlines' }, /^Nothing was created\. The summary has to be one line, and this one has several\.$/],
    [
      { description: 'd'.repeat(32_768) },
      /^Nothing was created\. This description has 32,768 characters, and Jira’s limit is 32,767\.$/,
    ],
    [
      { fields: '[1]' },
      /^Nothing was created\. “More fields” has to be a JSON object with Jira’s field IDs as its names\.$/,
    ],
    [
      { fields: '{' },
      /^Nothing was created\. “More fields” has to be a JSON object with Jira’s field IDs as its names\.$/,
    ],
    [{ project: 'GONE' }, /^Nothing was created\. Maro can’t create issues in GONE\.$/],
    [{ project: '<!channel>' }, /^Nothing was created\. “‹!channel›” isn’t a project key\.$/],
    [
      { issue_type: 'Wish <!here>' },
      /^Nothing was created\. PLAT has no issue type “Wish @here”. Choose one of these: Epic, Story, Task, Bug, Sub-task\.$/,
    ],
  ] as const) {
    test(`creates nothing for ${JSON.stringify(inputs).slice(0, 40)}, in words, and goes on when told to`, async () => {
      const before = created();
      const failed = await run(inputs);
      assert.equal(failed.state, 'failed');
      assert.match(failed.error ?? '', sentence);
      const { outputs } = await run({ ...inputs, continue_on_error: true });
      assert.deepEqual(outputs, {
        created: false,
        issue_key: '',
        issue_id: '',
        issue_url: '',
        summary: '',
        skipped: '',
        error: failed.error,
      });
      assert.equal(created(), before);
    });
  }

  test('takes a step that Slack delivers again for what it is: one ticket, one outcome', async () => {
    const execution = step({ summary: 'Delivered often' });
    await execution.finished;
    for (const retryNum of [1, 2, 3]) await w.slack.redeliver(execution, { retryNum });
    await until(() => execution.attempts.length === 4, 'each delivery is answered');
    assert.equal(made('Delivered often').length, 1);
    assert.equal(new Set(execution.attempts.map(({ args }) => JSON.stringify(args))).size, 1);
    w.slack.refusals.splice(0);
  });

  test('adopts a ticket of which Jira did not tell, and creates it once', async () => {
    w.jira.trouble('create', { kind: 'no_answer', times: 1 });
    const before = created();
    const execution = await run({ summary: 'Made in silence' });
    assert.equal(execution.state, 'completed', execution.error);
    assert.deepEqual(
      made('Made in silence').map(({ key }) => key),
      [execution.outputs.issue_key],
    );
    assert.equal(created(), before + 1);
    assert.equal((await state(execution))?.state, 'created');
  });

  test('says that a ticket may be there when it cannot be found, and does not create it again', async () => {
    w.jira.trouble('create', { kind: 'no_answer', times: 1 });
    w.jira.trouble('search', { kind: 'server_error', status: 500 });
    const before = created();
    const execution = step({ summary: 'Nobody knows' });
    const { error } = await execution.finished;
    assert.match(
      error ?? '',
      /^Jira didn’t answer in time, so the issue may or may not have been created\. Maro couldn’t look in Jira\. Maro won’t repeat the request\. Check PLAT before you do\.$/,
    );
    assert.equal((await state(execution))?.state, 'unknown');
    await w.slack.redeliver(execution);
    await until(() => execution.attempts.length === 2, 'the replay is answered');
    assert.equal(created(), before + 1);
    w.slack.refusals.splice(0);
  });

  describe('of which nobody knows whether it was created', () => {
    const looks = async (id: string) =>
      rows<{ due: boolean | null }>(
        w.databaseUrl,
        `select due_at is not null as due from runs where kind = 'look' and run_id like $1 || ' look %'`,
        id,
      );
    /** As if so many minutes had passed. */
    async function pass(id: string, minutes: number): Promise<void> {
      const look = `update runs set due_at = now() where run_id = $1`;
      await rows(w.databaseUrl, look, `${id} look ${minutes}`);
    }
    async function lose(inputs: Record<string, unknown>): Promise<Execution> {
      w.jira.trouble('create', { kind: 'no_answer', times: 1 });
      w.jira.trouble('search', { kind: 'server_error', status: 500 });
      const execution = await run(inputs);
      assert.equal((await looks(execution.id)).length, 3, 'it is looked for again, three times');
      return execution;
    }
    const told = (summary: string) =>
      w.slack.everything().filter((message) => message.bot_id !== undefined && words(message).includes(summary));

    test('tracks what it finds later, and tells the person who asked, once', async () => {
      const summary = 'Found at last';
      const { id } = await lose({ summary, channel_id: 'C1', user_id: 'U0ADA' });
      await pass(id, 1);
      await until(async () => (await looks(id)).filter(({ due }) => due).length === 2, 'it looked in vain');
      assert.deepEqual(told(summary), []);
      w.jira.trouble('search', undefined);
      await pass(id, 5);
      await until(() => told(summary).length > 0, 'the person is told');
      await pass(id, 30);
      await until(async () => (await looks(id)).every(({ due }) => !due), 'nothing is left to do');
      const [message, ...more] = told(summary);
      assert.deepEqual([message?.channel, more], ['D1', []]);
      assert.match(words(message), /This was created after all\. .* The channel tracks it now\.$/m);
      assert.equal(made(summary).length, 1);
      const { outputs } = await w.slack.step('list', { channel_id: 'C1' }).finished;
      assert.ok(String(outputs.issue_keys).includes(made(summary)[0]?.key as string));
    });

    test('is not told so before it is stored that it is looked for again', async () => {
      const refuse = "begin raise exception 'full' using errcode = '53100'; end";
      await rows(w.databaseUrl, `create function refuse() returns trigger language plpgsql as $$ ${refuse} $$`);
      await rows(
        w.databaseUrl,
        'create trigger refuse before update on creates for each row execute function refuse()',
      );
      w.jira.trouble('create', { kind: 'no_answer', times: 1 });
      w.jira.trouble('search', { kind: 'server_error', status: 500 });
      const execution = step({ summary: 'Unknown and unstored', channel_id: 'C1' });
      const lines = () => maro.log.filter(({ msg }) => msg === 'the outcome of a create was not stored');
      await until(() => lines().length > 0, 'it could not be stored');
      assert.equal(execution.attempts.length, 0, 'nothing is told');
      await rows(w.databaseUrl, 'drop trigger refuse on creates');
      await rows(w.databaseUrl, 'update runs set due_at = now() where run_id = $1', execution.id);
      assert.match((await execution.finished).error ?? '', /Maro will look again in 1, 5, and 30 minutes/);
      assert.equal((await looks(execution.id)).length, 3);
    });

    test('tells the channel when it does not know who asked', async () => {
      const summary = 'Found for the channel';
      const { id } = await lose({ summary, channel_id: 'C1' });
      w.jira.trouble('search', undefined);
      // Slack posts it, and its answer is lost: it is looked for, and not posted again.
      w.slack.trouble.lose('chat.postMessage');
      await pass(id, 1);
      await until(async () => (await looks(id)).filter(({ due }) => due).length === 2, 'the channel is told');
      assert.deepEqual(
        told(summary).map(({ channel }) => channel),
        ['C1'],
      );
    });
  });

  for (const [trouble, sentence] of [
    [{ kind: 'unauthorized' }, /^Nothing was created\. Jira refused Maro’s login/],
    // Last, since it holds up what comes after.
    [{ kind: 'rate_limited', headers: { 'Retry-After': '7' } }, /^Nothing was created\. Jira asked Maro to slow down/],
  ] as const) {
    test(`says that nothing was created when Jira says so (${trouble.kind})`, async () => {
      w.jira.trouble('create', { ...trouble, times: 1 });
      const execution = await run({ summary: `In trouble: ${trouble.kind}` });
      assert.match(execution.error ?? '', sentence);
      assert.equal((await state(execution))?.state, 'refused');
    });
  }

  test('leaves nothing of it in the log', () =>
    assertPrivate(
      [maro],
      w,
      [...new Set(summaries)].filter((s) => s.trim()),
    ));
});
