import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Maro, startMaro, type World, words, world } from '../maro.ts';
import { assertPrivate } from '../privacy.ts';
import { rows } from '../rows.ts';

type Tracked = { tenant_id: string; channel_id: string; issue_key: string; tracked_by: string };

const GLOBEX = { id: 'T0GLOBEX', domain: 'globex', name: 'Globex' };

/** Three workspaces with channels of the same ids, and one database for all. */
describe('companies that share a database', () => {
  let acme: World;
  let globex: World;
  let group: World;
  const maros: Maro[] = [];
  before(async () => {
    [acme, globex, group] = await Promise.all([world(), world({ team: GLOBEX }), world({ isEnterpriseInstall: true })]);
    const shared = { DATABASE_URL: acme.databaseUrl, JIRA_HOST: acme.jira.url };
    for (const w of [acme, globex, group]) w.jira = acme.jira;
    maros.push(...(await Promise.all([acme, globex, group].map((w) => startMaro(w, shared)))));
  });

  const say = async (w: World, text: string, channel = 'C1', user = 'U0ADA') => {
    const [message] = (await w.slack.command(`/maro ${text}`, { channel, user })).messages;
    return words(message);
  };
  const stored = (channel: string) =>
    rows<Tracked>(
      acme.databaseUrl,
      `select tenant_id, channel_id, issue_key, tracked_by from tracked_issues join jira_issues using (tenant_id, site, issue_id)
       where channel_id = $1 order by tenant_id`,
      channel,
    );

  test('see only their own lists, although channel and issue are called the same', async () => {
    assert.match(await say(acme, 'track PLAT-1'), /PLAT-1: now tracked/);
    assert.match(await say(globex, 'tracked'), /No issues tracked in this channel yet/);
    assert.match(await say(globex, 'untrack PLAT-1'), /PLAT-1: was not tracked/);
    assert.match(await say(globex, 'track PLAT-1', 'C1', 'U0BEN'), /PLAT-1: now tracked/);
    assert.match(await say(group, 'track PLAT-1 PLAT-2', 'C1', 'U0CYD'), /PLAT-1: now tracked/);
    assert.deepEqual((await stored('C1')).map((row) => [row.tenant_id, row.issue_key, row.tracked_by]).sort(), [
      ['E0ACME', 'PLAT-1', 'U0CYD'],
      ['E0ACME', 'PLAT-2', 'U0CYD'],
      ['T0ACME', 'PLAT-1', 'U0ADA'],
      ['T0GLOBEX', 'PLAT-1', 'U0BEN'],
    ]);
    assert.match(await say(globex, 'untrack PLAT-1'), /PLAT-1: no longer tracked/);
    assert.match(await say(acme, 'tracked'), /1 tracked issue.*PLAT-1.*@U0ADA/s);
    assert.match(await say(group, 'tracked'), /2 tracked issues|1 open issue of 2/);
  });

  test('get their own steps, and lists of their own in them', async () => {
    const inputs = { channel_id: 'C2', issue_keys: 'PLAT-3' };
    await acme.slack.step('track', inputs).finished;
    const theirs = await globex.slack.step('list', { channel_id: 'C2' }).finished;
    assert.equal(theirs.outputs.count, 0);
    const { outputs } = await globex.slack.step('untrack', inputs).finished;
    assert.deepEqual([outputs.untracked, outputs.count], [true, 1]);
    assert.deepEqual(
      (await stored('C2')).map(({ tenant_id }) => tenant_id),
      ['T0ACME'],
    );
  });

  test('with an installation for a whole organisation, belong to it in every workspace of theirs', async () => {
    await group.slack.step('track', { channel_id: 'D1', issue_keys: 'PLAT-5' }).finished;
    await group.slack.deliver('slash_commands', {
      ...{ command: '/maro', text: 'track PLAT-4', channel_id: 'D1', user_id: 'U0ADA', team_id: 'T0ELSEWHERE' },
      ...{ enterprise_id: 'E0ACME', is_enterprise_install: 'true' },
    });
    assert.deepEqual(
      (await stored('D1')).map((row) => row.tenant_id),
      ['E0ACME', 'E0ACME'],
    );
    const [execution] = await rows<{ tenant_id: string }>(
      acme.databaseUrl,
      "select tenant_id from runs where inputs -> 'inputs' ->> 'issue_keys' = 'PLAT-5'",
    );
    assert.equal(execution?.tenant_id, 'E0ACME');
  });

  test("in a shared channel: what another company's person does is kept with the installed one", async () => {
    assert.match(await say(acme, 'track PLAT-6', 'C4', 'U0NOA'), /PLAT-6: now tracked/);
    await acme.slack.step(
      'track',
      { channel_id: 'C4', issue_keys: 'PLAT-7', user_id: 'U0NOA' },
      { user: 'U0NOA', channel: 'C4' },
    ).finished;
    assert.deepEqual((await stored('C4')).map((row) => [row.tenant_id, row.issue_key, row.tracked_by]).sort(), [
      ['T0ACME', 'PLAT-6', 'U0NOA'],
      ['T0ACME', 'PLAT-7', 'U0NOA'],
    ]);
    assert.match(await say(acme, 'tracked', 'C4', 'U0ADA'), /2 tracked issues|1 open issue of 2/);
  });

  test('whatever a payload calls the workspace', async () => {
    const forged = { command: '/maro', text: 'tracked', channel_id: 'C1', user_id: 'U0ADA', team_id: 'T0ACME' };
    const ack = await globex.slack.deliver('slash_commands', { ...forged, enterprise_id: 'E0ACME' });
    assert.match(JSON.stringify(ack), /No issues tracked in this channel yet/);
  });

  test('and leave no secret in any log', () => {
    for (const w of [acme, globex, group]) assertPrivate(maros, w, ['PLAT-', 'U0ADA', 'U0NOA']);
  });
});
