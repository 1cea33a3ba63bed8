import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { functions } from '../../../functions/index.ts';
import { workflows } from '../../../workflows/index.ts';
import { type World, world } from '../../maro.ts';
import { openWire, type Wire } from '../../wire.ts';
import { openTaker } from '../../workflows/runners.ts';

const CREATING = ['create_ticket', 'create_stories'];

describe('a workflow that Maro runs', () => {
  let w: World;
  let wire: Wire;
  let take: Awaited<ReturnType<typeof openTaker>>['take'];
  let requests = 0;
  before(async () => {
    w = await world();
    wire = await openWire(w.databaseUrl);
    ({ take } = await openTaker(w, wire.url));
    // What is known for ten minutes, and connections that are open.
    await run('create_and_track', { summary: 'The first of all' });
  });
  beforeEach(() => {
    w.jira.resetRequests();
    wire.trips = 0;
  });

  async function run(workflow: string, inputs: object) {
    const all = { project: 'PLAT', channel_id: 'C1', user_id: 'U0ADA', ...inputs };
    const ask = { id: `request ${++requests}`, workflow, inputs: all, door: 'command' as const };
    const { run } = await take(ask);
    const ran = await run?.();
    assert.equal(ran?.state, 'completed');
    return ran;
  }
  const asked = () => w.jira.requests.map(({ endpoint }) => endpoint);

  test('makes a ticket in two calls of Jira and five round trips: taken, sent, created, tracked, finished', async () => {
    const before = w.slack.calls().length;
    await run('create_and_track', { summary: 'Counted' });
    assert.deepEqual(asked(), ['create', 'bulkfetch']);
    assert.equal(wire.trips, 5);
    assert.deepEqual(
      w.slack
        .calls()
        .slice(before)
        .map(({ name }) => name),
      ['chat.postMessage'],
    );
  });

  test('makes thirty stories with a new epic in three calls of Jira', async () => {
    const stories = Array.from({ length: 30 }, (_, i) => `Counted story ${i}`).join('\n');
    await run('stories_and_track', { stories: 'First', epic_summary: 'To know the fields of an epic' });
    w.jira.resetRequests();
    await run('stories_and_track', { stories, epic_summary: 'Counted epic' });
    assert.deepEqual(asked(), ['create', 'bulk', 'bulkfetch']);
  });

  test('links a ticket in two calls of Jira', async () => {
    const message_link = 'https://acme.slack.com/archives/C1/p1700000000000100';
    await run('link_and_track', { issue_key: 'PLAT-1', message_link });
    assert.deepEqual(asked(), ['bulkfetch', 'remoteLink']);
  });

  test('reads an issue anew for the message when it could not be read for the list', async () => {
    w.jira.trouble('bulkfetch', { kind: 'server_error', status: 500, times: 1 });
    await run('create_and_track', { summary: 'Read twice' });
    assert.deepEqual(asked(), ['create', 'bulkfetch', 'bulkfetch']);
  });

  test("creates in its first step at most: that step has the request's own id", () => {
    for (const workflow of workflows) {
      const { steps } = JSON.parse(JSON.stringify(workflow.export())) as { steps: { function_id: string }[] };
      const creating = steps.map(({ function_id }) => CREATING.some((id) => function_id === `#/functions/${id}`));
      assert.ok(!creating.slice(1).includes(true), workflow.id);
    }
    assert.ok(CREATING.every((id) => Object.hasOwn(functions, id)));
  });
});
