import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { startMaro, until, type World, words, world } from '../maro.ts';
import { boardDeps, drawAll } from '../src/boards/world.ts';

describe('the step board', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });
  afterEach(() => assert.deepEqual(w.slack.refusals.splice(0), []));

  const step = (name: string, inputs: object) => w.slack.step(name, { channel_id: 'C1', ...inputs }).finished;
  const boards = () =>
    w.slack.everything().filter(({ channel, metadata }) => channel === 'C1' && metadata !== undefined);

  test('posts a board, and after that leads to it', async () => {
    await step('track', { issue_keys: 'PLAT-1' });
    const { state, outputs } = await step('board', { user_id: 'U0BEN' });
    assert.equal(state, 'completed');
    const [board] = boards();
    const board_link = `https://acme.slack.com/archives/C1/p${board?.ts.replace('.', '')}`;
    assert.deepEqual(outputs, { shown: true, board_link, is_new: true, skipped: '', error: '' });
    assert.deepEqual((await step('board', {})).outputs, {
      shown: true,
      board_link,
      is_new: false,
      skipped: '',
      error: '',
    });
    assert.equal(boards().length, 1);
  });

  test('shows an issue whichever way an issue comes to the channel, without anybody asking', async () => {
    const deps = await boardDeps(w);
    const shows = async (pattern: RegExp) => {
      await until(async () => {
        await drawAll(w, deps);
        return pattern.test(words(boards()[0]));
      }, `the board shows ${pattern}`);
    };
    const ada = { channel: 'C1', user: 'ada' };
    await w.slack.command('/maro link PLAT-5', ada);
    await shows(/PLAT-5>/);
    await w.slack.shortcut('track_mentioned', w.slack.post('See SHOP-4', ada), ada);
    await shows(/SHOP-4>/);
    await w.slack.command('/maro stories', ada);
    const isOpen = () => JSON.stringify(w.slack.views('U0ADA').at(-1) ?? '').includes('create:project');
    await until(isOpen, 'the form is open');
    const form = w.slack.views('U0ADA').at(-1) ?? assert.fail();
    const [project] = await w.slack.suggest(form, 'create:project', 'PLAT');
    await w.slack.submit(form, { project, stories: 'Keep the cart', epic: 'Carts' });
    await shows(/Keep the cart/);
    await step('untrack', { issue_keys: 'PLAT-5' });
    await drawAll(w, deps);
    await until(() => !/PLAT-5>/.test(words(boards()[0])), 'the board shows it no more');
  });

  test('fails with a sentence where Maro is not, and goes on with it when told to', async () => {
    const failed = await step('board', { channel_id: 'C3' });
    assert.match(String(failed.error), /^Maro can’t see this channel, so nothing was posted/);
    const { outputs } = await step('board', { channel_id: 'C3', continue_on_error: true });
    assert.deepEqual(
      [outputs.shown, outputs.board_link, outputs.is_new, outputs.error],
      [false, '', false, String(failed.error)],
    );
    w.slack.refusals.splice(0);
  });
});
