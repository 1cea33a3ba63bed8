import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { type Seed, seed } from '../../../sandbox/jira/seed.ts';
import type { SlackOptions } from '../../../sandbox/slack/index.ts';
import { type Manifest, readManifest } from '../../../src/manifest.ts';
import { startMaro, type World, world } from '../../maro.ts';

const [platform, ...others] = seed.projects;
const ada = { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' };
/** PLAT, in whose bugs Maro may not say who the reporter is. Jira knows Ada, and takes Ben as the reporter of nothing. */
const site: Seed = {
  ...seed,
  people: {
    ...seed.people,
    ada: { ...ada, hidesEmail: true as const },
    ben: { accountId: '712020:ben', displayName: 'Ben', emailAddress: 'Ben@example.com', noReporter: true },
  },
  projects: [
    {
      ...(platform ?? assert.fail()),
      types: platform?.types.map((type) => (type.name === 'Bug' ? { ...type, withoutReporter: true } : type)) ?? [],
    },
    ...others,
  ],
};

/** The names of the reporters of the issues with this summary; undefined for Maro's own account. */
const reportersIn = (w: World, summary: string) =>
  w.jira.issues
    .all()
    .filter((issue) => issue.summary === summary)
    .map((issue) => (issue.fields.reporter as { displayName: string } | undefined)?.displayName);

const create = (w: World, summary: string, inputs: object = {}) =>
  w.slack.step('create_ticket', { project: 'PLAT', summary, ...inputs }, { unchecked: true }).finished;

describe('the reporter of an issue', () => {
  let w: World;
  before(async () => {
    w = await world({}, { seed: site });
    await startMaro(w, {}, { deadlineMs: 1_500 });
  });
  afterEach(() => {
    w.jira.trouble('users', undefined);
    w.jira.resetRequests();
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  test('is the person who asks for it, if Jira knows their address, and is looked up once in ten minutes', async () => {
    await create(w, 'By Ada', { user_id: 'U0ADA' });
    await create(w, 'By Ada', { user_id: 'U0ADA' });
    assert.deepEqual(reportersIn(w, 'By Ada'), ['Ada Park', 'Ada Park']);
    assert.deepEqual([w.jira.count('users'), w.slack.calls('users.info').length], [1, 1]);
  });

  test('is the person who asks for an epic and for its stories', async () => {
    const inputs = {
      project: 'PLAT',
      stories: 'One story\nOther story',
      epic_summary: 'Epic of Ada',
      user_id: 'U0ADA',
    };
    await w.slack.step('create_stories', inputs, { unchecked: true }).finished;
    for (const summary of ['Epic of Ada', 'One story', 'Other story']) {
      assert.deepEqual(reportersIn(w, summary), ['Ada Park'], summary);
    }
  });

  test('is Maro where the person is unknown to Jira, or nobody asks, and that is looked up once, too', async () => {
    for (let i = 0; i < 2; i++) await create(w, 'By Cyd', { user_id: 'U0CYD' });
    await create(w, 'By nobody');
    assert.deepEqual(reportersIn(w, 'By Cyd'), [undefined, undefined]);
    assert.deepEqual(reportersIn(w, 'By nobody'), [undefined]);
    assert.equal(w.jira.count('users'), 1);
  });

  test('is Maro where Maro may not name one', async () => {
    const { outputs } = await create(w, 'A bug of Ada', { user_id: 'U0ADA', issue_type: 'Bug' });
    assert.deepEqual([outputs.created, reportersIn(w, 'A bug of Ada')], [true, [undefined]]);
    assert.equal(w.jira.count('create'), 1);
  });

  test('is Maro where Jira refuses the person, and the issues are created all the same, once', async () => {
    const { outputs } = await create(w, 'By Ben', { user_id: 'U0BEN' });
    assert.deepEqual([outputs.created, reportersIn(w, 'By Ben')], [true, [undefined]]);
    assert.equal(w.jira.count('create'), 2);
    const stories = 'Story of Ben\nLater story of Ben';
    await w.slack.step('create_stories', { project: 'PLAT', stories, user_id: 'U0BEN' }, { unchecked: true }).finished;
    assert.deepEqual(reportersIn(w, 'Story of Ben'), [undefined]);
    assert.deepEqual(reportersIn(w, 'Later story of Ben'), [undefined]);
    assert.equal(w.jira.count('bulk'), 2);
  });

  test('that a step names itself is sent as it is, and its refusal is told', async () => {
    const fields = JSON.stringify({ reporter: { accountId: 'nobody' } });
    const { error } = await create(w, 'By nobody known', { user_id: 'U0CYD', fields });
    assert.match(String(error), /The reporter specified is not a user\./);
    assert.equal(w.jira.count('create'), 1);
  });

  test('is Maro when Jira takes too long to find the person', async () => {
    w.jira.trouble('users', { kind: 'latency', ms: 1_400, times: 1 });
    const { outputs } = await create(w, 'By Noa', { user_id: 'U0NOA' });
    assert.deepEqual([outputs.created, reportersIn(w, 'By Noa')], [true, [undefined]]);
  });
});

test('the reporter is Maro without the scope for addresses, and nobody is looked up in Jira', async () => {
  const manifest = (await readManifest()) as Manifest & { oauth_config: { scopes: { bot: string[] } } };
  const bot = manifest.oauth_config.scopes.bot.filter((scope) => scope !== 'users:read.email');
  const scopes = { ...manifest.oauth_config.scopes, bot };
  const w = await world(
    { manifest: { ...manifest, oauth_config: { scopes } } as SlackOptions['manifest'] },
    { seed: site },
  );
  await startMaro(w);
  const { outputs } = await create(w, 'By Ada', { user_id: 'U0ADA' });
  assert.deepEqual([outputs.created, reportersIn(w, 'By Ada')], [true, [undefined]]);
  assert.equal(w.jira.count('users'), 0);
});
