import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tracker } from '../../../src/tracker/index.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openTrackerAt } from '../../tracker.ts';

describe('what becomes of a channel', () => {
  let w: World;
  let tracker: Tracker;
  before(async () => {
    w = await world();
    await startMaro(w);
    tracker = await openTrackerAt(w.databaseUrl);
  });

  async function say(text: string, channel: string) {
    const [message] = (await w.slack.command(`/maro ${text}`, { channel })).messages;
    return words(message ?? assert.fail('there is an answer'));
  }
  const stateOf = async (channel: string) => {
    const found = await rows<{ archived: boolean; left: boolean }>(
      w.databaseUrl,
      `select archived_at is not null as archived, left_at is not null as left from channel_states where channel_id = $1`,
      channel,
    );
    return found[0];
  };
  const has = (channel: string, archived: boolean, left: boolean) => async () => {
    const state = await stateOf(channel);
    return state?.archived === archived && state.left === left;
  };

  test('is known when it is archived, comes back, or loses Maro, also when the events come in another order', async () => {
    await w.slack.befall('C2', 'archived');
    await until(has('C2', true, false), 'it is archived');
    await w.slack.befall('C2', 'unarchived');
    await until(has('C2', false, false), 'it is back');
    await w.slack.befall('C3', 'app removed');
    await until(has('C3', false, true), 'Maro was removed');
    await w.slack.befall('C3', 'app invited');
    await until(has('C3', false, false), 'Maro is back');
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    const tenant = 'T-order';
    await tracker.setChannelState({ tenant, channel: 'C-order', at: at(2), state: 'unarchived' });
    await tracker.setChannelState({ tenant, channel: 'C-order', at: at(1), state: 'archived' });
    assert.deepEqual(await stateOf('C-order'), { archived: false, left: false });
  });

  test('is known by the last event of each kind, and lets Maro go on if two come at the same time', async () => {
    const tenant = 'T-order';
    const at = (ms: number) => new Date(Date.now() + ms);
    const [first, second, third] = [at(0), at(1), at(2)];
    const event = (channel: string, state: 'archived' | 'unarchived' | 'left' | 'joined', at: Date) =>
      tracker.setChannelState({ tenant, channel, at, state });
    await event('C-kinds', 'left', first);
    await event('C-kinds', 'archived', third);
    await event('C-kinds', 'joined', second);
    assert.deepEqual(await stateOf('C-kinds'), { archived: true, left: false });
    await event('C-same', 'unarchived', first);
    await event('C-same', 'archived', first);
    assert.deepEqual(await stateOf('C-same'), { archived: false, left: false });
    await event('C-same', 'left', first);
    await event('C-same', 'joined', first);
    assert.deepEqual(await stateOf('C-same'), { archived: false, left: false });
  });

  test('is known by its time within a second, when the events overtake each other', async () => {
    w.slack.trouble.holdBack(400);
    const unarchived = w.slack.befall('C2', 'unarchived');
    await sleep(5);
    await w.slack.befall('C2', 'archived');
    w.slack.trouble.holdBack(0);
    await unarchived;
    const stored = async () =>
      (await rows(w.databaseUrl, "select from runs where kind = 'channel life' and due_at is null")).length;
    await until(async () => (await stored()) === 6, 'the events of this test and of the first one are stored');
    assert.deepEqual(await stateOf('C2'), { archived: true, left: false });
  });

  test('takes its issues to the id that it gets, where those of the new id stay, however often Slack says so', async () => {
    await say('track PLAT-1 PLAT-2', 'C1');
    await say('untrack PLAT-2', 'C1');
    await say('tracked', 'C1');
    await rows(
      w.databaseUrl,
      `
      insert into tracked_issues select tenant_id, 'C1NEW', site, issue_id, tracked_at, 'U-NEW', door, message_link, operation_id
      from tracked_issues where channel_id = 'C1'`,
    );
    await w.slack.befall('C1', { renumbered: 'C1NEW' });
    await until(
      async () => (await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C1'")).length === 0,
      'it moved',
    );
    const tables = ['tracked_issues', 'untracked_issues', 'visits'];
    for (const table of tables) {
      assert.equal((await rows(w.databaseUrl, `select from ${table} where channel_id = 'C1'`)).length, 0, table);
      assert.equal((await rows(w.databaseUrl, `select from ${table} where channel_id = 'C1NEW'`)).length, 1, table);
    }
    const [kept] = await rows(w.databaseUrl, "select tracked_by from tracked_issues where channel_id = 'C1NEW'");
    assert.equal(kept?.tracked_by, 'U-NEW');
    await tracker.moveChannel({ tenant: 'T0ACME', from: 'C1', to: 'C1NEW' });
    assert.match(await say('tracked', 'C1NEW'), /1 open issue|1 tracked issue/);
  });

  test('is forgotten when it is deleted, and nothing of another channel or installation is', async () => {
    await say('track PLAT-5', 'C4');
    await rows(
      w.databaseUrl,
      `
      insert into tracked_issues select 'T-other', channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
      from tracked_issues where channel_id = 'C4'`,
    );
    await w.slack.befall('C4', 'deleted');
    const left = () => rows(w.databaseUrl, "select tenant_id from tracked_issues where channel_id = 'C4'");
    await until(async () => (await left()).length === 1, 'it is forgotten');
    assert.deepEqual(await left(), [{ tenant_id: 'T-other' }]);
    assert.equal((await rows(w.databaseUrl, "select from tracked_issues where channel_id = 'C1NEW'")).length, 1);
  });

  test('is all forgotten a day after the app was uninstalled, unless Maro started again with a token that works', async () => {
    const tenant = 'T0ACME';
    const uninstalled = async () =>
      (await rows(w.databaseUrl, 'select from installations where uninstalled_at is not null')).length === 1;
    await w.slack.uninstall({ bot: [], oauth: ['U0ADA'] });
    assert.equal(await uninstalled(), false);
    await w.slack.uninstall();
    await until(uninstalled, 'it is noted');
    assert.equal(await tracker.forgetUninstalled(), 0);
    const site = await rows<{ site: string }>(w.databaseUrl, 'select site from jira_sites');
    assert.deepEqual((await tracker.planDelta({ tenant, site: site[0]?.site ?? '' })).projects, []);
    await tracker.markInstalled({ tenant });
    assert.equal(await uninstalled(), false);
    await tracker.markUninstalled({ tenant, at: new Date(Date.now() - 60_000) });
    assert.equal(await uninstalled(), false, 'an event from before the start is too late');
    await tracker.markUninstalled({ tenant, at: new Date(Date.now() + 60_000) });
    await rows(w.databaseUrl, "update installations set uninstalled_at = now() - interval '25 hours'");
    assert.equal(await tracker.forgetUninstalled(), 1);
    for (const table of ['tracked_issues', 'jira_issues', 'runs', 'installations', 'jira_sites', 'visits']) {
      assert.equal((await rows(w.databaseUrl, `select from ${table} where tenant_id = 'T0ACME'`)).length, 0, table);
    }
    assert.equal((await rows(w.databaseUrl, "select from tracked_issues where tenant_id = 'T-other'")).length, 1);
  });
});
