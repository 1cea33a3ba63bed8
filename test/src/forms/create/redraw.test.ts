import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { View } from '../../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../../maro.ts';
import { openWire, type Wire } from '../../../wire.ts';

describe('a form whose project or type is changed', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => {
    w.jira.trouble('all', undefined);
    for (const view of w.slack.views('ada').toReversed()) void w.slack.close(view);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const text = () => words(top().blocks);
  const made = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  const shows = (block: string) => top()?.blocks.some(({ block_id }) => block_id === block);
  const labels = () => top().blocks.map(({ label }) => (label as { text?: string } | undefined)?.text ?? '');

  async function open(): Promise<View> {
    await w.slack.command('/maro create', { channel: 'C1' });
    await until(() => shows('summary'), 'the form is open');
    return top();
  }
  async function choose(project: string) {
    const [option] = await w.slack.suggest(top(), 'create:project', project);
    await w.slack.press(top(), 'create:project', { value: option });
  }

  test('creates nothing in the project from before while Jira is slow, and in the new one once that is shown', async () => {
    await open();
    await choose('PLAT');
    await until(() => shows('type PLAT'), 'the types of PLAT are there');
    w.jira.trouble('all', { kind: 'latency', ms: 2_300 });
    await choose('SHOP');
    const { errors } = await w.slack.submit(top(), { summary: 'Changed to SHOP' });
    assert.deepEqual(errors, {
      project:
        'Jira is slow, so the fields for SHOP aren’t here yet. Nothing was created. Press Create again when they appear.',
    });
    assert.deepEqual(made('Changed to SHOP'), []);
    w.jira.trouble('all', undefined);
    await until(() => shows('type SHOP'), 'the types of SHOP are there');
    await w.slack.submit(top());
    await until(() => made('Changed to SHOP').length === 1, 'the ticket is there');
    assert.match(made('Changed to SHOP')[0]?.key ?? '', /^SHOP-/);
  });

  test('is drawn for the project that is selected when it shows the types of another one, and says that nothing was created', async () => {
    await open();
    await choose('PLAT');
    await until(() => shows('type PLAT'), 'the types of PLAT are there');
    const [project] = await w.slack.suggest(top(), 'create:project', 'SHOP');
    // As if the form's answer to this choice were on its way.
    await w.slack.submit(top(), { project, summary: 'Not drawn yet' });
    assert.match(
      text(),
      /The form didn’t show the fields for .+ in SHOP yet, so nothing was created\. They’re here now\. Check them, and press Create again\./,
    );
    assert.ok(shows('type SHOP') && !shows('type PLAT'));
    assert.deepEqual(made('Not drawn yet'), []);
    await w.slack.submit(top());
    await until(() => made('Not drawn yet').length === 1, 'the ticket is there');
    assert.match(made('Not drawn yet')[0]?.key ?? '', /^SHOP-/);
  });

  test('is drawn for the type that is selected when it asks for the fields of another one', async () => {
    await open();
    await choose('OPS');
    await until(() => shows('type OPS'), 'the types of OPS are there');
    await w.slack.press(top(), 'create:type', { value: 'Change' });
    await until(() => text().includes('can’t ask for'), 'the form is that of a change');
    await w.slack.submit(top(), { 'type OPS': 'Incident', 'Error code': 'E-20', summary: 'An incident' });
    assert.match(text(), /The form didn’t show the fields for Incident in OPS yet/);
    assert.ok(labels().includes('Error code'));
    assert.deepEqual(made('An incident'), []);
  });

  test('creates in the type that is selected when that asks for nothing more', async () => {
    await open();
    await choose('PLAT');
    await until(() => shows('type PLAT'), 'the types of PLAT are there');
    await w.slack.submit(top(), { 'type PLAT': 'Bug', summary: 'A bug of PLAT' });
    await until(() => made('A bug of PLAT').length === 1, 'the ticket is there');
    assert.equal(made('A bug of PLAT')[0]?.type.name, 'Bug');
  });
});

describe('a form that two processes draw anew', () => {
  let w: World;
  let wire: Wire;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: wire.url });
    await startMaro(w, { DATABASE_URL: wire.url });
    await w.slack.connected(2);
  });
  after(() => wire.stop());
  afterEach(() => {
    w.jira.trouble('all', undefined);
    w.jira.trouble('issueTypes', undefined);
    for (const view of w.slack.views('ada').toReversed()) void w.slack.close(view);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const shows = (block: string) => top()?.blocks.some(({ block_id }) => block_id === block);
  const updates = () => w.slack.calls('views.update');

  /** The form, open, and its options for these projects. */
  async function open(...projects: string[]) {
    await w.slack.command('/maro create', { channel: 'C1' });
    await until(() => shows('summary'), 'the form is open');
    return Promise.all(projects.map(async (key) => (await w.slack.suggest(top(), 'create:project', key))[0]));
  }
  /** Slack hands a choice of a project to the next process: as the person saw the form, and when. */
  async function deliver(option: unknown, { hash, action_ts }: { hash: string; action_ts: string }) {
    const view = structuredClone(top());
    const pick = { type: 'external_select', selected_option: option };
    view.state.values.project = { 'create:project': pick };
    await w.slack.deliver('interactive', {
      type: 'block_actions',
      ...{ user: { id: 'U0ADA' }, team: { id: 'T0ACME' }, trigger_id: 't' },
      container: { type: 'view', view_id: view.id },
      view: { ...view, hash },
      actions: [{ action_id: 'create:project', block_id: 'project', ...pick, action_ts }],
    });
  }
  const later = () => `${Math.floor(Date.now() / 1000) + 60}.000000`;
  /** As long as an answer that is on its way may still come. */
  const whileLateAnswersCome = () => sleep(1_500);

  /** Chooses a project of which Jira says late what it asks for, and nothing else is asked late. */
  async function pressWhileJiraIsSlow(value: unknown): Promise<void> {
    w.jira.trouble('issueTypes', { kind: 'latency', ms: 1_000, times: 1 });
    const before = w.jira.count('issueTypes');
    await w.slack.press(top(), 'create:project', { value });
    await until(() => w.jira.count('issueTypes') > before, 'Jira is asked');
  }

  test('stays as it was drawn for the newest choice, though the answer to an older one comes last', async () => {
    const [shop, ops] = await open('SHOP', 'OPS');
    await pressWhileJiraIsSlow(shop);
    await w.slack.press(top(), 'create:project', { value: ops });
    await until(() => shows('type OPS'), 'the form is drawn for OPS');
    await whileLateAnswersCome();
    assert.ok(shows('type OPS') && !shows('type SHOP'));
  });

  test('keeps what it said when it was sent, though the answer to a choice before that comes last', async () => {
    const [plat] = await open('PLAT');
    await pressWhileJiraIsSlow(plat);
    await w.slack.submit(top(), { summary: 'Too quick for two' });
    assert.match(words(top().blocks), /The form didn’t show the fields for .+ in PLAT yet/);
    await whileLateAnswersCome();
    assert.match(words(top().blocks), /The form didn’t show the fields for .+ in PLAT yet/);
  });

  test('is drawn for the newest choice, though another process drew it since the person saw it', async () => {
    const [ops] = await open('OPS');
    const before = updates().length;
    await deliver(ops, { hash: 'that of an older view', action_ts: later() });
    await until(() => shows('type OPS'), 'the form is drawn for OPS');
    const [refused, taken] = updates().slice(before);
    assert.equal(refused?.args.hash, 'that of an older view');
    assert.equal(refused?.refusal?.error, 'hash_conflict');
    assert.ok(taken && !('hash' in taken.args));
  });

  test('is not drawn for a choice that is older than one that was answered', async () => {
    const [shop, ops] = await open('SHOP', 'OPS');
    await w.slack.press(top(), 'create:project', { value: ops });
    await until(() => shows('type OPS'), 'the form is drawn for OPS');
    const before = updates().length;
    await deliver(shop, { hash: top().hash, action_ts: '1700000000.000000' });
    await sleep(500);
    assert.equal(updates().length, before);
    assert.ok(shows('type OPS') && !shows('type SHOP'));
  });

  test('is drawn while the database is away, as long as nothing else drew it', async () => {
    const [shop, ops] = await open('SHOP', 'OPS');
    await wire.stop();
    await w.slack.press(top(), 'create:project', { value: shop });
    await until(() => shows('type SHOP'), 'the form is drawn for SHOP');
    const before = updates().length;
    await deliver(ops, { hash: 'that of an older view', action_ts: later() });
    await until(() => updates().length > before, 'it was tried');
    await sleep(500);
    await wire.start();
    assert.deepEqual(
      updates()
        .slice(before)
        .map(({ refusal }) => refusal?.error),
      ['hash_conflict'],
    );
    assert.ok(shows('type SHOP') && !shows('type OPS'));
  });
});
