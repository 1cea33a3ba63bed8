import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { startMaro, until, type World, words, world } from '../../../maro.ts';
import type { View } from '../../../sandbox/slack/views.ts';

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
        'Jira is slow and has not said yet what SHOP asks for, so nothing was created, and nothing is lost. Press Create again once the form shows it.',
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
      /This form did not show yet what SHOP asks for with the type .+, so nothing was created\. Now it does: look it over, and press Create again\./,
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
    await until(() => text().includes('cannot ask for'), 'the form is that of a change');
    await w.slack.submit(top(), { 'type OPS': 'Incident', summary: 'An incident' });
    assert.match(text(), /This form did not show yet what OPS asks for with the type Incident/);
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
