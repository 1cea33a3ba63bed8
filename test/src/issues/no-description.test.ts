import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { seed } from '../../../sandbox/jira/seed.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';

const LINK = 'https://acme.slack.com/archives/C1/p1731000000000100';
const SENTENCE = 'Story in PLAT has no description field, so the text and the message link are left out.';

describe('a type whose screen has no description', () => {
  let w: World;
  before(async () => {
    const projects = seed.projects.map((project) => ({
      ...project,
      types: project.types.map((type) => ({ ...type, withoutDescription: true as const })),
    }));
    w = await world({}, { seed: { ...seed, projects } });
    await startMaro(w);
  });
  const made = (summary: string) => w.jira.issues.all().filter((issue) => issue.summary === summary);
  const view = () => w.slack.views('ada').at(-1) ?? assert.fail('a view is open');
  const has = (block: string) => () =>
    w.slack
      .views('ada')
      .at(-1)
      ?.blocks.some(({ block_id }) => block_id === block) ?? false;

  test('gets a ticket without one from a step, which says so', async () => {
    const inputs = { project: 'PLAT', summary: 'By a step', description: 'Words', message_link: LINK };
    const { state, outputs } = await w.slack.step('create_ticket', inputs).finished;
    assert.equal(state, 'completed');
    assert.deepEqual([outputs.created, outputs.skipped], [true, SENTENCE]);
    assert.equal(made('By a step')[0]?.description, null);
    const plain = await w.slack.step('create_ticket', { project: 'PLAT', summary: 'Without words' }).finished;
    assert.equal(plain.outputs.skipped, '');
  });

  test('gets stories and their epic without one from a step, which says so', async () => {
    const inputs = { project: 'PLAT', stories: 'One\nTwo', epic_summary: 'Both', message_link: LINK };
    const { outputs } = await w.slack.step('create_stories', inputs).finished;
    assert.deepEqual([outputs.created, outputs.count, outputs.skipped], [true, 2, SENTENCE]);
    assert.equal(made('Both')[0]?.description, null);
  });

  test('is not asked for one in the form, and the card says so', async () => {
    const message = w.slack.post('The cart is empty\nsince Monday', { channel: 'C1' });
    await w.slack.shortcut('create_from_message', message);
    await until(has('project'), 'the form is there');
    const [project] = await w.slack.suggest(view(), 'create:project', 'PLAT');
    await w.slack.press(view(), 'create:project', { value: project });
    await until(has('type PLAT'), 'the type is there');
    assert.ok(words(view().blocks).includes(SENTENCE), words(view().blocks));
    assert.ok(view().blocks.every(({ block_id }) => block_id !== 'description' && block_id !== 'thread'));
    const seen = await w.slack.submit(view(), { summary: 'By a form' });
    assert.deepEqual(seen.errors ?? {}, {});
    const card = () => w.slack.messages('C1', 'ada').find(({ thread_ts }) => thread_ts === message.ts);
    await until(() => card() !== undefined, 'the card is there');
    assert.ok(words(card()).includes(SENTENCE), words(card()));
    assert.equal(made('By a form')[0]?.description, null);
  });

  test('left nothing that Slack refused', () => assert.deepEqual(w.slack.refusals, []));
});
