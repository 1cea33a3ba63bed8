import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { type Maro, startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openWire, type Wire } from '../../wire.ts';

describe('the form for a ticket', () => {
  let w: World;
  let maro: Maro;
  let wire: Wire;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    maro = await startMaro(w, { DATABASE_URL: wire.url });
  });
  afterEach(async () => {
    // A test that fails leaves the database and Jira whole to those after it.
    wire.silence(false);
    wire.lose(false);
    await wire.start();
    w.jira.trouble('all', undefined);
    for (const user of ['ada', 'ben']) for (const view of w.slack.views(user).toReversed()) void w.slack.close(view);
    w.jira.trouble('create', undefined);
    w.jira.trouble('search', undefined);
  });

  const top = (user = 'ada') => w.slack.views(user).at(-1) as View;
  const text = (view: View | undefined) => words(view?.blocks);
  const made = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  const inThread = (message: Message) =>
    w.slack.messages(message.channel, 'ada').filter(({ thread_ts }) => thread_ts === message.ts);
  const privately = (channel: string) =>
    w.slack.messages(channel, 'ada').filter(({ ephemeral_to }) => ephemeral_to !== undefined);
  const direct = () =>
    w.slack.messages(
      w.slack.workspace.channels.find(({ type, members }) => type === 'im' && members?.[0] === 'U0ADA')?.id ?? '',
      'ada',
    );

  /** Waits until the form stands there with this field. */
  async function formWith(block: string, user = 'ada'): Promise<View> {
    await until(() => top(user)?.blocks.some(({ block_id }) => block_id === block) ?? false, `a form with ${block}`);
    return top(user);
  }
  /** What a menu holds, whether it has this option or not. */
  const chosen = (value: string) => ({ type: 'external_select', selected_option: { value } });
  async function choose(view: View, project: string): Promise<View> {
    const options = await w.slack.suggest(view, 'create:project', project);
    // Also where the form showed this project before, so that nothing of this is left to be done.
    await drawnAfter(() => w.slack.press(view, 'create:project', { value: options[0] }));
    return formWith(`type ${project}`);
  }
  async function drawnAfter(act: () => Promise<unknown>): Promise<void> {
    const drawn = () => w.slack.calls('views.update').filter(({ answer }) => answer !== undefined).length;
    const before = drawn();
    await act();
    await until(() => drawn() > before, 'the form is drawn anew');
  }
  async function open(message: Message): Promise<View> {
    await w.slack.shortcut('create_from_message', message);
    return formWith('summary');
  }

  test('says that Jira is away, and gives back what was typed', async () => {
    await w.jira.down();
    await w.slack.command('/maro create Zebra crossing repainted', { channel: 'C1' });
    await until(() => w.slack.views('ada').length > 0 && !text(top()).startsWith('Asking'), 'the view has an answer');
    await w.jira.up();
    const all = text(top()) + JSON.stringify(top().blocks);
    assert.match(all, /Zebra crossing repainted/);
    assert.match(text(top()), /Jira isn’t answering/);
  });

  test('opens from a message, becomes a ticket that is tracked, and a card in the thread', async () => {
    const message = w.slack.post('The *cart* is empty after a reload\nsince Monday', { channel: 'C1' });
    const form = await choose(await open(message), 'PLAT');
    assert.equal(form.state.values.summary?.summary?.value, 'The cart is empty after a reload');
    const seen = await w.slack.submit(form, { summary: 'Cart is empty after a reload' });
    assert.deepEqual(seen.errors ?? {}, {});
    await until(() => inThread(message).length > 0, 'the card is there');
    const [issue] = made('Cart is empty after a reload');
    const card = words(inThread(message)[0]);
    assert.ok(issue && card.includes(issue.key), card);
    assert.match(card, /@U0ADA created/);
    const description = JSON.stringify(issue);
    assert.match(description, /"cart","marks":\[\{"type":"strong"\}\].*since Monday/s);
    assert.match(description, /https:\/\/acme\.slack\.com\/archives\/C1\/p/);
    const list = words((await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0]);
    assert.ok(list.includes('Cart is empty after a reload'), list);
    assert.equal(w.slack.views('ada').length, 0);
  });

  test('is one call of Slack before any of Jira, and what Jira knows of projects is asked once for everybody', async () => {
    w.jira.resetRequests();
    const before = w.slack.calls().length;
    w.jira.trouble('all', { kind: 'latency', ms: 200 });
    await w.slack.shortcut('create_from_message', w.slack.post('Something else', { user: 'ben' }), { user: 'ben' });
    await until(() => w.slack.views('ben').length > 0, 'a view is open');
    assert.deepEqual(
      w.slack
        .calls()
        .slice(before, before + 1)
        .map(({ name }) => name),
      ['views.open'],
    );
    w.jira.trouble('all', undefined);
    await formWith('summary', 'ben');
    assert.equal(w.jira.count(), 0, 'projects, types and fields were known');
  });

  test('begins with the project and the type of the last ticket of the channel', async () => {
    const form = await open(w.slack.post('Another one', { channel: 'C1' }));
    const { values } = (await formWith('type PLAT')).state;
    assert.equal(values.project?.['create:project']?.selected_option && true, true);
    assert.match(JSON.stringify(values['type PLAT']), /Story/);
    assert.equal(form.title.text, 'Create Jira issue');
  });

  test('turns formatting into that of Jira, mentions into names, and pings nobody', async () => {
    const message = w.slack.post('x', { channel: 'C1' });
    const form = await choose(await open(message), 'PLAT');
    const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
    const description = {
      type: 'rich_text',
      elements: [
        section(
          { type: 'text', text: 'bold', style: { bold: true } },
          { type: 'text', text: ' and ' },
          { type: 'user', user_id: 'U0BEN' },
          { type: 'broadcast', range: 'channel' },
        ),
        { type: 'rich_text_list', style: 'bullet', elements: [section({ type: 'text', text: 'one' })] },
        { type: 'rich_text_list', style: 'bullet', indent: 1, elements: [section({ type: 'text', text: 'within' })] },
        { type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'code()' }] },
        { type: 'rich_text_quote', elements: [{ type: 'link', url: 'https://example.com', text: 'there' }] },
      ],
    };
    await w.slack.submit(form, { summary: 'With formatting', description });
    await until(() => made('With formatting').length === 1, 'the ticket is there');
    const adf = JSON.stringify(made('With formatting')[0]?.fields.description ?? made('With formatting')[0]);
    for (const part of [
      '"strong"',
      '@ben',
      '@channel',
      '"bulletList"',
      '"codeBlock"',
      '"blockquote"',
      'https://example.com',
    ]) {
      assert.ok(adf.includes(part), `${part} in ${adf}`);
    }
  });

  const labels = () => top().blocks.map(({ label }) => (label as { text?: string } | undefined)?.text ?? '');

  /** The form for an incident, which has a required field of each kind. */
  async function incident(message: Message) {
    const form = await choose(await open(message), 'OPS');
    await w.slack.press(form, 'create:type', { value: 'Incident' });
    await until(() => labels().includes('Error code'), 'the fields of an incident are there');
    const [person] = await w.slack.suggest(top(), 'create:person', 'yuki');
    const menu = (type: string) =>
      top().blocks.find(({ element }) => (element as { type?: string } | undefined)?.type === type) ?? assert.fail();
    const first = (type: string) => (menu(type).element as { options: { value: string }[] }).options[0]?.value;
    const many = (menu('multi_static_select').label as { text: string }).text;
    return {
      [many]: [first('multi_static_select')],
      'Error code': 'E-17',
      'What customers see': 'A white page',
      Severity: 'A nuisance',
      'Customers affected': '40',
      Since: '2026-11-20',
      'On call': person,
    };
  }

  test('asks for what the project requires, each in its way, and says at the field what Jira says of it', async () => {
    const message = w.slack.post('Down', { channel: 'C1' });
    const values = await incident(message);
    const seen = await w.slack.submit(top(), { ...values, 'Error code': 'x'.repeat(256), summary: 'With all fields' });
    assert.deepEqual(Object.values(seen.errors ?? {}), [
      'The entered text is too long. It exceeds the allowed limit of 255 characters.',
    ]);
    assert.equal(made('With all fields').length, 0);
    await w.slack.submit(top(), { ...values, summary: 'With all fields' });
    await until(() => made('With all fields').length === 1, 'what was corrected was created');
    assert.match(JSON.stringify(made('With all fields')), /E-17.*A white page.*Yuki/s);
  });

  test('asks for labels, a moment, several people, a place in two steps, and other lists', async () => {
    const form = await choose(await open(w.slack.post('Storage', { channel: 'C1' })), 'OPS');
    await w.slack.press(form, 'create:type', { value: 'Maintenance' });
    await until(() => labels().includes('Crew'), 'the fields of maintenance are there');
    const people = [
      ...(await w.slack.suggest(top(), 'create:person', 'yuki')),
      ...(await w.slack.suggest(top(), 'create:person', 'mara')),
    ];
    const values = {
      Priority: 'Low',
      Labels: 'disks, slow  disks',
      Components: ['Storage'],
      'Fix versions': ['2027.1'],
      'Change ticket': 'CHG0042',
      'Affected systems': 'db-1',
      Starts: 1_795_860_000,
      Crew: people,
      'Data center and rack': 'Frankfurt › Rack 2',
    };
    const tooLong = await w.slack.submit(top(), { ...values, Labels: 'x'.repeat(256), summary: 'New disks' });
    assert.deepEqual(tooLong.errors, {
      'field OPS 10025 labels': 'A label can have up to 255 characters, and one of these is longer.',
    });
    const none = await w.slack.submit(top(), { Labels: ' , ' });
    assert.deepEqual(none.errors, { 'field OPS 10025 labels': 'Add at least one label.' });
    await w.slack.submit(top(), { Labels: values.Labels });
    await until(() => made('New disks').length === 1, 'the ticket is there');
    const [issue] = made('New disks');
    const { customfield_10053: shown, customfield_10054: rack, ...fields } = issue?.fields ?? {};
    assert.equal(issue?.priority, 'Low');
    assert.deepEqual(fields, {
      labels: ['disks', 'slow'],
      components: [{ id: '10601' }],
      fixVersions: [{ id: '10611' }],
      customfield_10050: 'CHG0042',
      customfield_10051: ['db-1'],
      customfield_10052: '2026-11-28T10:00:00.000+0000',
    });
    assert.match(JSON.stringify(shown), /Yuki.*Mara/);
    assert.match(JSON.stringify(rack), /Frankfurt.*Rack 2/);
  });

  /** Opens the details of the form on top, for a type of a project. */
  async function details(block: string): Promise<View> {
    await w.slack.press(top(), 'create:details');
    return formWith(block);
  }

  test('shows the details when they are asked for, keeps what was typed, and sends them', async () => {
    const form = await choose(await open(w.slack.post('Details', { channel: 'C1' })), 'OPS');
    await drawnAfter(() => w.slack.press(form, 'create:type', { value: 'Task' }));
    assert.ok(!top().blocks.some(({ block_id }) => block_id === 'field OPS 10022 labels'));
    Object.assign(top().state.values.summary?.summary ?? {}, { value: 'A task with details' });
    const shown = await details('field OPS 10022 assignee');
    assert.deepEqual(labels().filter(Boolean), [
      ...['Project', 'Type', 'Summary', 'Description', 'Assignee', 'Priority', 'Labels', 'Parent'],
    ]);
    assert.equal(shown.state.values.summary?.summary?.value, 'A task with details');
    const [assignee] = await w.slack.suggest(top(), 'create:person', 'tobias');
    const typed = { Assignee: assignee, Priority: 'High', Labels: 'slack, maro', Parent: 'nothing' };
    const noKey = await w.slack.submit(top(), typed);
    assert.deepEqual(noKey.errors, { 'field OPS 10022 parent': 'The parent has to be one issue key or link.' });
    const noEpic = await w.slack.submit(top(), { Parent: `${w.jira.site}/browse/ops-3` });
    assert.deepEqual(noEpic.errors, {
      'field OPS 10022 parent': 'Given parent issue does not belong to appropriate hierarchy.',
    });
    await w.slack.submit(top(), { Parent: 'ops-1' });
    await until(() => made('A task with details').length === 1, 'the task is there');
    const [issue] = made('A task with details');
    assert.deepEqual(
      [issue?.assignee?.displayName, issue?.priority, issue?.parent?.key, issue?.fields.labels],
      ['Tobias Krämer', 'High', 'OPS-1', ['slack', 'maro']],
    );
  });

  test('keeps the details for another type, offers only those that the type has, and needs none of them', async () => {
    await choose(await open(w.slack.post('Details again', { channel: 'C1' })), 'PLAT');
    await drawnAfter(() => w.slack.press(top(), 'create:type', { value: 'Task' }));
    const shown = await details('field PLAT 10002 labels');
    Object.assign(shown.state.values['field PLAT 10002 labels']?.labels ?? {}, { value: 'kept' });
    await w.slack.press(shown, 'create:type', { value: 'Epic' });
    const epic = await formWith('field PLAT 10000 labels');
    assert.equal(epic.state.values['field PLAT 10000 labels']?.labels?.value, 'kept');
    assert.ok(!labels().includes('Parent'));
    await w.slack.submit(top(), { summary: 'An epic with a label' });
    await until(() => made('An epic with a label').length === 1, 'the epic is there');
    assert.deepEqual(made('An epic with a label')[0]?.fields.labels, ['kept']);
  });

  test('says in the menu of people that Maro may not search for them, and takes that for nobody', async () => {
    const values = await incident(w.slack.post('Nobody', { channel: 'C1' }));
    w.jira.trouble('assignable', { kind: 'not_permitted' });
    const [nobody, ...others] = await w.slack.suggest(top(), 'create:person', 'yuki');
    w.jira.trouble('assignable', undefined);
    assert.equal(nobody?.text.text, 'Jira doesn’t let Maro search for people. Ask your Maro admin.');
    assert.deepEqual(others, []);
    const seen = await w.slack.submit(top(), { ...values, 'On call': nobody, summary: 'Nobody is on call' });
    assert.match(String(seen.errors?.['field OPS 10021 customfield_10046']), /^No person was chosen\./);
    assert.equal(made('Nobody is on call').length, 0);
  });

  test('begins the name of an epic with its summary, and does without one', async () => {
    const form = await choose(await open(w.slack.post('Two sites', { channel: 'C1' })), 'OPS');
    await w.slack.press(form, 'create:type', { value: 'Programme' });
    await until(() => labels().includes('Epic Name'), 'the name of an epic is asked for');
    const name = () => top().state.values['field OPS 10020 customfield_10011']?.epic_name?.value;
    assert.equal(name(), 'Two sites');
    await w.slack.submit(top(), { summary: 'Two sites, one name', 'Epic Name': '' });
    await until(() => made('Two sites, one name').length === 1, 'the epic is there');
    assert.equal(made('Two sites, one name')[0]?.fields.customfield_10011, 'Two sites, one name');
  });

  test("leads to Jira's own form for a field that it cannot ask for", async () => {
    const form = await choose(await open(w.slack.post('Change', { channel: 'C1' })), 'OPS');
    await w.slack.press(form, 'create:type', { value: 'Change' });
    await until(() => text(top()).includes('can’t ask for'), 'the sentence is there');
    const carried = () => {
      const [, url = ''] = /<(https?:[^|]+CreateIssueDetails[^|]+)\|Jira’s own form>/.exec(text(top())) ?? [];
      return Object.fromEntries(new URL(url).searchParams);
    };
    const { description: source = '', ...drawn } = carried();
    assert.deepEqual(drawn, { pid: '10002', issuetype: '10023', summary: 'Change' });
    assert.match(source, /^Change\n\nFrom a message in Slack: https:\/\/acme\.slack\.com\/archives\/C1\/p\d+$/);
    await w.slack.press(top(), 'create:details');
    await formWith('field OPS 10023 parent');
    const typed = { summary: 'By another form', description: 'R & D', 'Error code': 'E-19', Parent: 'OPS-1' };
    await w.slack.submit(top(), { ...typed, Labels: 'slack' });
    await until(() => text(top()).startsWith('Nothing was created. Jira requires “Sprint”'), 'the form says so');
    const ids = { pid: '10002', issuetype: '10023' };
    const fields = { customfield_10040: 'E-19', labels: 'slack' };
    const { description = '', ...others } = carried();
    assert.deepEqual(others, { ...ids, summary: 'By another form', ...fields });
    assert.match(description, /^R & D\n\nFrom a message/);
    assert.match(text(top()), /Not carried over: “Parent”\./);
    assert.equal(top().state.values.summary?.summary?.value, 'By another form');
    assert.equal(made('By another form').length, 0);
  });

  test('says at the summary what Jira would not take', async () => {
    const form = await choose(await open(w.slack.post('Long', { channel: 'C1' })), 'PLAT');
    for (const [summary, complaint] of [
      ['x'.repeat(256), 'This summary has 256 characters, and Jira’s limit is 255.'],
      [' ', 'Add a summary.'],
    ] as const) {
      const seen = await w.slack.submit(form, { summary });
      assert.deepEqual(seen.errors, { summary: complaint });
    }
  });

  test('shows likely duplicates once, and links to one of them instead', async () => {
    const issue = w.jira.issues.create('PLAT', { summary: 'Payment page hangs forever' });
    w.jira.index.catchUp();
    for (const presses of [1, 2]) {
      const message = w.slack.post('payments', { channel: 'C2' });
      const form = await choose(await open(message), 'PLAT');
      await w.slack.submit(form, { summary: 'Payment page hangs forever' });
      await until(() => text(top()).includes('This issue may already exist'), 'the duplicates are shown');
      assert.ok(text(top()).includes(issue.key));
      const duplicates = top();
      const press = () => w.slack.press(duplicates, 'create:link', { value: issue.key });
      await Promise.allSettled(Array.from({ length: presses }, press));
      await until(() => inThread(message).some((each) => words(each).includes(issue.key)), 'the card is there');
      await until(
        async () => (await rows(w.databaseUrl, 'select from runs where due_at is not null')).length === 0,
        'all is done',
      );
      assert.equal(inThread(message).length, 1, 'however often it was pressed');
      assert.deepEqual(
        // A form of an earlier test may have been closed while it was drawn anew.
        w.slack.refusals.splice(0).filter(({ error }) => error !== 'hash_conflict' && error !== 'not_found'),
        [],
      );
      // Of two presses the later one has the last word: that the first is at it, or was.
      const end = presses === 1 ? /^Done\./ : /^(Done\.|This is already on its way|This form was already sent)/;
      await until(() => end.test(text(top())), 'the view says so');
      assert.equal(made('Payment page hangs forever').length, 1, 'nothing was created');
    }
  });

  test('says so when Slack does not show what came of linking to a duplicate', async () => {
    const message = w.slack.post('payments once more', { channel: 'C2' });
    const form = await choose(await open(message), 'PLAT');
    await w.slack.submit(form, { summary: 'Payment page hangs forever', description: 'Kept for me' });
    await until(() => text(top()).includes('This issue may already exist'), 'the duplicates are shown');
    const [key = ''] = /PLAT-\d+/.exec(JSON.stringify(top().blocks)) ?? [];
    const duplicates = top();
    w.jira.trouble('remoteLink', { kind: 'latency', ms: 500, times: 1 });
    await w.slack.press(duplicates, 'create:link', { value: key });
    await until(() => text(top()).startsWith('Linking'), 'Maro is at it');
    w.slack.trouble.fail('views.update', 'invalid_arguments');
    await until(() => text(top()).startsWith('Slack didn’t show whether '), 'the view says so');
    assert.match(text(top()), /You typed:.*Kept for me/s);
  });

  test('creates all the same what is a likely duplicate, and when the search hangs', async () => {
    const form = await choose(await open(w.slack.post('again', { channel: 'C1' })), 'PLAT');
    await w.slack.submit(form, { summary: 'Payment page hangs forever' });
    await until(() => text(top()).includes('This issue may already exist'), 'the duplicates are shown');
    await w.slack.submit(top());
    await until(() => made('Payment page hangs forever').length === 2, 'it was created');
    const other = await choose(await open(w.slack.post('more', { channel: 'C1' })), 'PLAT');
    w.jira.trouble('search', { kind: 'no_answer', times: 1 });
    await w.slack.submit(other, { summary: 'Payment page hangs forever' });
    await until(() => made('Payment page hangs forever').length === 3, 'it was created without the search');
  });

  test('takes three calls of Jira and five round trips to the database, from its form to its receipt', async () => {
    let least = Number.POSITIVE_INFINITY;
    // Maro's jobs look for work now and then; three tickets are not all disturbed.
    for (const summary of ['Alpha counted', 'Beetroot measured', 'Cinnamon weighed']) {
      const message = w.slack.post('counted', { channel: 'C1' });
      const form = await choose(await open(message), 'PLAT');
      w.jira.resetRequests();
      wire.trips = 0;
      await w.slack.submit(form, { summary });
      await until(() => w.slack.views('ada').length === 0, 'the form is closed');
      least = Math.min(least, wire.trips);
      assert.equal(inThread(message).length, 1);
      assert.deepEqual(
        w.jira.requests.map(({ endpoint }) => endpoint),
        ['search', 'create', 'bulkfetch'],
      );
    }
    // Five of its own: accepted, sent, settled, tracked, finished. PostgreSQL tells the jobs of the one left behind, so they look.
    assert.ok(least <= 5 + 1, `${least} round trips`);
  });

  test('is closed only when Jira is done, says so when that takes long, and ends with the receipt', async () => {
    const message = w.slack.post('slow', { channel: 'C1' });
    const form = await choose(await open(message), 'PLAT');
    w.jira.trouble('create', { kind: 'latency', ms: 2_600, times: 1 });
    await w.slack.submit(form, { summary: 'Slowly created' });
    assert.match(text(top()), /^Jira is slow right now\./);
    w.slack.trouble.fail('views.update', 'invalid_arguments');
    await until(() => inThread(message).length > 0, 'the card is there');
    await until(() => text(top()).startsWith('Done'), 'the view says so');
  });

  test('comes back filled when Jira refuses late, and as a direct message when it was closed', async () => {
    for (const closed of [false, true]) {
      const values = await incident(w.slack.post('late', { channel: 'C1' }));
      const summary = `Refused late ${closed}`;
      w.jira.trouble('search', { kind: 'latency', ms: 850, times: 1 });
      w.jira.trouble('create', { kind: 'latency', ms: 1_900, times: 1 });
      await w.slack.submit(top(), {
        ...values,
        'Error code': 'y'.repeat(256),
        summary,
        description: 'All that I typed',
      });
      assert.match(text(top()), /^Jira is slow right now\./);
      if (!closed) {
        await until(() => /Nothing was created\. .*255/.test(text(top())), 'the form is there again');
        assert.match(JSON.stringify(top().blocks), /Refused late.*All that I typed/);
        await w.slack.submit(top(), { 'Error code': 'E-18' });
        await until(() => made(summary).length === 1, 'the corrected form was taken');
        continue;
      }
      await w.slack.close(top());
      await until(() => direct().some((each) => words(each).includes(summary)), 'the direct message is there');
      const told = direct().at(-1);
      assert.match(words(told), /Nothing was created\. .*You typed:.*All that I typed/s);
      assert.equal(made(summary).length, 0);
    }
  });

  test('that is refused late and that Slack does not show again says why, and gives back all of a long text and the texts of other fields', async () => {
    const values = await incident(w.slack.post('late and long', { channel: 'C1' }));
    const description = 'All that I typed. '.repeat(850).trim();
    const before = direct().length;
    w.jira.trouble('search', { kind: 'latency', ms: 850, times: 1 });
    w.jira.trouble('create', { kind: 'latency', ms: 1_900, times: 1 });
    const code = 'z'.repeat(256);
    await w.slack.submit(top(), { ...values, 'Error code': code, summary: 'Refused late and long', description });
    w.slack.trouble.fail('views.update', 'invalid_arguments');
    const told = () => direct().slice(before).map(words).join('').replaceAll('\n', '');
    await until(() => told().includes(`Error code: ${code}`), 'the last of the messages is there');
    assert.match(told(), /^Nothing was created\. .*You typed:Refused late and long/);
    assert.match(text(top()), /^Nothing was created\. /);
    assert.ok(told().includes(description));
  });

  test('says that the database is away, is there again, and creates nothing until it is back', async () => {
    const form = await choose(await open(w.slack.post('no database', { channel: 'C1' })), 'PLAT');
    await wire.stop();
    await w.slack.submit(form, { summary: 'Without a database' });
    assert.match(text(top()), /^Not confirmed yet: Maro’s database isn’t answering\. Press Create again/);
    assert.match(JSON.stringify(top().blocks), /Without a database/);
    await wire.start();
    assert.equal(made('Without a database').length, 0);
    await w.slack.submit(top());
    await until(() => made('Without a database').length === 1, 'the same form is taken');
  });

  test('of which the database does not say whether it is stored is there again, and sent again creates nothing twice', async () => {
    for (const [break_, mend, summary] of [
      [() => wire.lose(true), () => wire.lose(false), 'Stored without a word'],
      [() => wire.silence(true), () => wire.silence(false), 'Sent into silence'],
    ] as const) {
      const message = w.slack.post('in doubt', { channel: 'C1' });
      const form = await choose(await open(message), 'PLAT');
      await w.slack.command('/maro tracked');
      break_();
      await w.slack.submit(form, { summary });
      assert.match(text(top()), /^Not confirmed yet: .* Press Create again in a moment\. It won’t be done twice\./);
      assert.match(JSON.stringify(top().blocks), new RegExp(summary));
      mend();
      await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
      await w.slack.submit(top());
      await until(() => inThread(message).length > 0, 'the card is there');
      assert.deepEqual([made(summary).length, inThread(message).length], [1, 1]);
    }
  });

  test("is answered within Slack's three seconds while Jira and the database are silent together, and so is a command", async () => {
    const message = w.slack.post('silence', { channel: 'C1' });
    const form = await choose(await open(message), 'PLAT');
    w.jira.trouble('all', { kind: 'latency', ms: 6_000 });
    wire.silence(true);
    const [, typed] = await Promise.all([
      w.slack.submit(form, { summary: 'Quietly quilted' }),
      w.slack.command('/maro track PLAT-1'),
    ]);
    wire.silence(false);
    w.jira.trouble('all', undefined);
    assert.match(
      words(typed.messages[0]),
      /^Maro’s database isn’t answering\. If no answer appears here or in a direct message within a minute/,
    );
    assert.match(words(await typed.next()), /^PLAT-1: not checked/);
    assert.match(text(top()), /^Not confirmed yet/);
    await w.slack.submit(top());
    await until(() => made('Quietly quilted').length === 1, 'the same form is taken');
  });

  test('a command of which the database does not say whether it is stored is answered once', async () => {
    w.jira.trouble('bulkfetch', { kind: 'latency', ms: 2_400, times: 1 });
    const typing = w.slack.command('/maro track PLAT-2', { channel: 'C3' });
    await until(() => w.jira.requests.some(({ endpoint }) => endpoint === 'bulkfetch'), 'Jira is asked');
    wire.lose(true);
    const typed = await typing;
    wire.lose(false);
    assert.match(words(typed.messages[0]), /^Maro’s database isn’t answering\./);
    // The list may have been asked for while the answers were lost, too.
    assert.match(words(await typed.next()), /^(PLAT-2: (now tracked|not checked)|Maro( cannot reach its|'s) database)/);
    await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
    const left = () => rows(w.databaseUrl, "select from runs where kind = 'command' and due_at is not null");
    await until(async () => (await left()).length === 0, 'nothing is left to do');
    assert.equal(typed.messages.length, 2);
  });

  test('a person is never asked to repeat a comment that may be stored, and hears of it when it is added', async () => {
    const added = () =>
      (w.jira.issues.find('PLAT-2')?.comments ?? []).filter((each) => /Quilted/.test(JSON.stringify(each)));
    const told = () => w.slack.messages('D1', 'ada').map(words);
    const before = told().length;
    const ask = (statement: string) => rows(w.databaseUrl, statement);
    await ask(`create function wait() returns trigger language plpgsql as
      $$ begin perform pg_advisory_xact_lock_shared(7); return new; end $$`);
    await ask('create trigger wait before insert on runs for each row execute function wait()');
    await ask('select pg_advisory_lock(7)');
    const typed = w.slack.command('/maro comment PLAT-2 Quilted', { channel: 'C1' });
    const waits = "select from pg_stat_activity where wait_event = 'advisory' and datname = current_database()";
    await until(async () => (await ask(waits)).length > 0, 'it is being stored');
    wire.lose(true);
    await ask('select pg_advisory_unlock(7)');
    const { messages } = await typed;
    wire.lose(false);
    await ask('drop trigger wait on runs');
    await until(() => words(messages.at(-1)).includes('Check the issue before you repeat it'), 'it is answered');
    assert.match(words(messages.at(-1)), /may or may not be done soon.*You typed:\nQuilted/s);
    await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
    await until(() => told().length > before, 'the direct message is there');
    assert.match(told().at(-1) ?? '', /Your comment> was added to/);
    assert.equal(added().length, 1);
  });

  test('whose ticket cannot be tracked any more has a card that says so, and tries again', async () => {
    const message = w.slack.post('lost database', { channel: 'C1' });
    const form = await choose(await open(message), 'PLAT');
    w.jira.resetRequests();
    w.jira.trouble('create', { kind: 'latency', ms: 400, times: 1 });
    const submitted = w.slack.submit(form, { summary: 'Zirconium polished' });
    const creating = () => w.jira.requests.some(({ endpoint }) => endpoint === 'create');
    await until(creating, 'Jira is asked');
    await wire.stop();
    await submitted;
    await until(() => inThread(message).length > 0, 'the card is there');
    await wire.start();
    assert.match(words(inThread(message)[0]), /can’t reach its database.*might not be tracked in this channel/s);
    await w.slack.press(inThread(message)[0] as Message, 'Try again');
    await until(() => /Tracked in this channel by/.test(words(inThread(message)[0])), 'it is tracked');
    assert.equal(made('Zirconium polished').length, 1);
  });

  test('that is accepted and cannot be sent is kept, and says not to send it anew', async () => {
    const form = await choose(await open(w.slack.post('kept', { channel: 'C1' })), 'PLAT');
    await rows(
      w.databaseUrl,
      "create function refuse() returns trigger language plpgsql as 'begin raise exception ''broken''; end'",
    );
    for (const table of ['runs', 'creates']) {
      const trigger = `create trigger refuse before update on ${table} for each row execute function refuse()`;
      await rows(w.databaseUrl, trigger);
    }
    await w.slack.submit(form, { summary: 'Quartz sorted' });
    assert.match(text(top()), /Maro saved it and will try again in a minute or two, so don’t send it again/);
    for (const table of ['runs', 'creates']) await rows(w.databaseUrl, `drop trigger refuse on ${table}`);
    await rows(w.databaseUrl, 'update runs set due_at = now() where due_at is not null');
    await until(() => made('Quartz sorted').length === 1, 'it is created by the ledger');
  });

  for (const [what, message] of [
    [
      'a bot’s message',
      {
        type: 'message',
        subtype: 'bot_message',
        bot_id: 'B1',
        text: 'Build <https://ci.example/7|#7> failed &amp; <!channel>',
      },
    ],
    ['a file', { type: 'message', subtype: 'file_share', text: '', files: [{ id: 'F1', name: 'screenshot.png' }] }],
    ['a message without words', { type: 'message', text: '' }],
  ] as const) {
    test(`opens from ${what} with what it has, and pings nobody`, async () => {
      await w.slack.command('/maro help');
      const { trigger_id } =
        w.slack.log.findLast(({ kind, name }) => kind === 'delivery' && name === 'slash_commands')?.args ?? {};
      const payload = {
        ...{
          type: 'message_action',
          callback_id: 'create_from_message',
          trigger_id,
          response_url: 'https://hooks.example',
        },
        ...{ user: { id: 'U0ADA' }, team: { id: 'T0ACME', domain: 'acme' }, channel: { id: 'C1' } },
        message: { ...message, ts: '1700000000.000100' },
      };
      await w.slack.deliver('interactive', payload);
      const form = await choose(await formWith('summary'), 'PLAT');
      await w.slack.submit(form, { summary: `From ${what}` });
      await until(() => made(`From ${what}`).length === 1, 'the ticket is there');
      const adf = JSON.stringify(made(`From ${what}`)[0]?.description);
      if (what.startsWith('a bot')) assert.match(adf, /"#7".*https:\/\/ci\.example\/7.* failed & .*@channel/);
      if (what === 'a file') assert.match(adf, /Files: screenshot\.png/);
      assert.match(adf, /From a message in Slack/);
    });
  }

  test('opens from what another app posted, with its title and every word, and names for people', async () => {
    w.slack.workspace.users.push(
      { id: 'W0EVE', short: 'W1', name: 'eve', team_id: 'T0ACME', display_name: '', deleted: true },
      { id: 'U0FAY', short: 'U6', name: 'fay', team_id: 'T0ACME', display_name: '', real_name: undefined },
    );
    const message = w.slack.arrive(
      {
        text: 'Triggered',
        attachments: [
          {
            fallback: 'Cart is down',
            title: 'Cart is down',
            title_link: 'https://alerts.example/7',
            text: 'Ask <@W0EVE> &amp; <@U0FAY>',
            fields: [{ title: 'Service', value: '*checkout*' }],
          },
        ],
        files: [{ id: 'F1', title: 'Graph of errors', name: 'graph.png' }],
      },
      'C1',
    );
    const form = await choose(await open(message), 'PLAT');
    assert.equal(form.state.values.summary?.summary?.value, 'Cart is down');
    await w.slack.submit(form, {});
    await until(() => made('Cart is down').length === 1, 'the ticket is there');
    const adf = JSON.stringify(made('Cart is down')[0]?.description);
    assert.match(adf, /Triggered.*Cart is down.*alerts\.example.*Ask @eve & @fay.*Service.*checkout.*Graph of errors/);
  });

  test('with a mention in the message can be sent as it is', async () => {
    const message = w.slack.post('Ask <@U0BEN> in <#C2|platform> about mentions');
    Object.assign(message, { text: 'Ask <@U0BEN> in <#C2|platform> about mentions' });
    const form = await choose(await open(message), 'PLAT');
    assert.equal(form.state.values.summary?.summary?.value, 'Ask @ben in #platform about mentions');
    await w.slack.submit(form, {});
    await until(() => made('Ask @ben in #platform about mentions').length === 1, 'the ticket is there');
  });

  test('has names for the mentions that a person typed, when it is shown again', async () => {
    const form = await choose(await open(w.slack.post('again', { channel: 'C1' })), 'PLAT');
    const description = {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'Ask ' },
            { type: 'user', user_id: 'U0BEN' },
          ],
        },
      ],
    };
    w.jira.trouble('create', { kind: 'forbidden', times: 1 });
    await w.slack.submit(form, { summary: 'Shown again', description });
    await until(() => JSON.stringify(top()?.blocks).includes('@ben'), 'the form is there again');
    assert.doesNotMatch(JSON.stringify(top().blocks), /user_id/);
  });

  test('says at the project that Jira is slow, when what it requires has to be asked for anew, and stays as it is', async () => {
    const form = await choose(await open(w.slack.post('slow', { channel: 'C1' })), 'PLAT');
    const view = structuredClone(form);
    view.state.values.project = { 'create:project': chosen('SHOP') };
    view.state.values['type SHOP'] = { 'create:type': chosen('10011') };
    w.jira.trouble('all', { kind: 'latency', ms: 2_300 });
    const payload = { type: 'view_submission', user: { id: 'U0ADA' }, team: { id: 'T0ACME' }, trigger_id: 't', view };
    const ack = await w.slack.deliver('interactive', payload);
    w.jira.trouble('all', undefined);
    assert.match(JSON.stringify(ack), /"errors":\{"project":"Jira is slow, so nothing was created yet/);
  });

  test('that was sent before its project was drawn shows first what the project asks for', async () => {
    const form = await open(w.slack.post('quick', { channel: 'C3' }));
    const [project] = await w.slack.suggest(form, 'create:project', 'PLAT');
    await w.slack.submit(form, { project, summary: 'Too quick' });
    assert.ok(top().blocks.some(({ block_id }) => block_id === 'type PLAT'));
    assert.equal(made('Too quick').length, 0);
  });

  test('says when the description is longer than Jira takes, and when the project is gone', async () => {
    const form = await choose(await open(w.slack.post('long', { channel: 'C1' })), 'PLAT');
    const { errors } = await w.slack.submit(form, { summary: 'Too long', description: 'd'.repeat(32_768) });
    assert.deepEqual(errors, { description: 'This description has 32,768 characters, and Jira’s limit is 32,767.' });
    const view = structuredClone(form);
    const { values } = view.state;
    values.project = { 'create:project': chosen('GONE') };
    const payload = { type: 'view_submission', user: { id: 'U0ADA' }, team: { id: 'T0ACME' }, trigger_id: 't', view };
    assert.match(
      JSON.stringify(await w.slack.deliver('interactive', payload)),
      /Maro can no longer see the project GONE in Jira/,
    );
    values.project = { 'create:project': chosen('PLAT') };
    values['type PLAT'] = { 'create:type': chosen('99999') };
    const other = await w.slack.deliver('interactive', { ...payload, view });
    assert.match(JSON.stringify(other), /PLAT no longer has this type/);
    assert.equal(made('Too long').length, 0);
  });

  test('sent twice creates one ticket', async () => {
    const form = await choose(await open(w.slack.post('twice', { channel: 'C1' })), 'PLAT');
    w.jira.trouble('create', { kind: 'latency', ms: 300, times: 1 });
    const view = structuredClone(form);
    view.state.values.summary = { summary: { type: 'plain_text_input', value: 'Sent twice' } };
    const payload = {
      type: 'view_submission',
      user: { id: 'U0ADA', team_id: 'T0ACME' },
      team: { id: 'T0ACME' },
      trigger_id: 't',
      view,
    };
    const acks = await Promise.all([w.slack.deliver('interactive', payload), w.slack.deliver('interactive', payload)]);
    assert.ok(acks.every(({ ok }) => ok));
    const after = await w.slack.deliver('interactive', payload);
    assert.match(JSON.stringify(after), /may have done something, so it wasn’t sent again/);
    assert.equal(made('Sent twice').length, 1);
  });

  test("of another person's is refused", async () => {
    const form = await choose(await open(w.slack.post('mine', { channel: 'C1' })), 'PLAT');
    const payload = {
      type: 'view_submission',
      user: { id: 'U0BEN' },
      team: { id: 'T0ACME' },
      trigger_id: 't',
      view: form,
    };
    const ack = await w.slack.deliver('interactive', payload);
    assert.match(JSON.stringify(ack), /Someone else opened this form, so nothing was created/);
  });

  test('from anywhere asks for the channel; without one the receipt comes as a direct message', async () => {
    await w.slack.shortcut('create_anywhere');
    const form = await choose(await formWith('channel'), 'PLAT');
    await w.slack.submit(form, { summary: 'For myself' });
    await until(() => direct().some((message) => words(message).includes('For myself')), 'the direct message is there');
    assert.match(words(direct().at(-1)), /It isn’t tracked, because no channel was chosen/);
  });

  test('from anywhere for a channel is tracked and shown there', async () => {
    await w.slack.shortcut('create_anywhere');
    const form = await choose(await formWith('channel'), 'PLAT');
    await w.slack.submit(form, { summary: 'For the platform', channel: 'platform' });
    await until(
      () => w.slack.messages('C2', 'ada').some((each) => words(each).includes('For the platform')),
      'the card',
    );
  });

  for (const isAnswered of [true, false]) {
    const where = isAnswered ? 'where the form was opened' : 'in a direct message when Slack does not take it there';
    test(`where Maro is not a member shows the person the ticket and how to invite Maro, ${where}`, async () => {
      const summary = `In a private channel, ${where}`;
      const form = await choose(await open(w.slack.post('secret', { channel: 'C3' })), 'PLAT');
      if (!isAnswered) w.slack.trouble.expireUrls();
      await w.slack.submit(form, { summary });
      const told = () => [...privately('C3'), ...direct()].filter((message) => words(message).includes(summary));
      await until(() => told().length > 0, 'the receipt');
      assert.match(words(told()[0]), /invite @?Maro/);
      assert.deepEqual(
        told().map(({ channel }) => channel === 'C3'),
        [isAnswered],
      );
      const list = words((await w.slack.command('/maro tracked', { channel: 'C3' })).messages[0]);
      assert.match(list, /In a private channel/);
    });
  }

  test('adds the thread when that is asked for', async () => {
    const root = w.slack.post('It began here', { channel: 'C1' });
    const reply = w.slack.post('and went on', { channel: 'C1', user: 'ben', thread_ts: root.ts });
    const form = await choose(await open(reply), 'PLAT');
    await w.slack.submit(form, { summary: 'With its thread', thread: 'thread' });
    await until(() => made('With its thread').length === 1, 'the ticket is there');
    const all = JSON.stringify(made('With its thread')[0]);
    for (const part of ['It began here', 'and went on', 'ada:']) assert.ok(all.includes(part), part);
  });

  test('says at the box when Slack does not show Maro the thread', async () => {
    const root = w.slack.post('Private', { channel: 'C3' });
    const reply = w.slack.post('and so on', { channel: 'C3', thread_ts: root.ts });
    const form = await choose(await open(reply), 'PLAT');
    const { errors } = await w.slack.submit(form, { summary: 'Behind closed doors', thread: 'thread' });
    assert.match(String(errors?.thread), /can’t see this thread\. Invite it/);
    assert.equal(made('Behind closed doors').length, 0);
  });

  test('says when it is sent that Jira is away, and is there again with all that was typed', async () => {
    await w.slack.command('/maro create Zebra crossing repainted', { channel: 'C1' });
    const form = await choose(await formWith('summary'), 'PLAT');
    await w.jira.down();
    await w.slack.submit(form);
    await w.jira.up();
    assert.match(text(top()), /Nothing was created\. Jira isn’t answering/);
    assert.match(JSON.stringify(top().blocks), /Zebra crossing repainted/);
    await w.slack.submit(top());
    await until(() => made('Zebra crossing repainted').length === 1, 'the same form is taken');
  });

  test('has its card untracked and tracked again from its buttons', async () => {
    const message = w.slack.post('buttons', { channel: 'C1' });
    const form = await choose(await open(message), 'PLAT');
    await w.slack.submit(form, { summary: 'With buttons' });
    await until(() => inThread(message).length > 0, 'the card is there');
    const card = () => inThread(message)[0] as Message;
    await w.slack.press(card(), 'ticket:untrack');
    await until(() => words(card()).includes('Untracked in this channel'), 'it is off the list');
    await w.slack.press(card(), 'ticket:track');
    await until(() => words(card()).includes('Tracked in this channel by'), 'it is on the list again');
  });

  test('nothing was refused by Slack, and nothing that was typed is in the log', () => {
    assert.deepEqual(
      w.slack.refusals.filter(
        ({ error }) => !['not_in_channel', 'channel_not_found', 'not_found', 'expired_url'].includes(error),
      ),
      [],
    );
    assert.doesNotMatch(maro.written(), /Payment|For myself|cart|secret|xoxb-|xapp-/);
  });
});
