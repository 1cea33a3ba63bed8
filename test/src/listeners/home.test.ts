import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Seed, seed } from '../../../sandbox/jira/seed.ts';
import type { SlackOptions, View } from '../../../sandbox/slack/index.ts';
import { readConfig } from '../../../src/config.ts';
import { delta } from '../../../src/issues/sync.ts';
import { createJira } from '../../../src/jira/client.ts';
import { openCreates } from '../../../src/ledger/creates.ts';
import { drawHomesAgain } from '../../../src/listeners/home.ts';
import { createLog } from '../../../src/log.ts';
import { readManifest } from '../../../src/manifest.ts';
import { createSlackClient } from '../../../src/slack/client.ts';
import { createTracker } from '../../../src/tracker/index.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openDatabaseAt, openTrackerAt } from '../../tracker.ts';
import { openWire } from '../../wire.ts';

describe('the Home tab', () => {
  let w: World;
  before(async () => {
    w = await world();
    await startMaro(w);
  });

  async function open(user: string): Promise<View> {
    const before = w.slack.home(user)?.hash;
    await w.slack.openHome(user);
    await until(() => w.slack.home(user)?.hash !== before, 'the Home tab');
    return w.slack.home(user) as View;
  }

  test('welcomes people who track nothing yet, and says how to begin', async () => {
    const text = words((await open('cyd')).blocks);
    assert.match(text, /Welcome to Maro/);
    assert.match(text, /Your channels don’t track any issues yet\./);
  });

  test('shows the checklist for admins to the first person alone, until that person is done', async () => {
    const first = await open('cyd');
    assert.match(words(first.blocks), /^Set up Maro.*\/invite @Maro/s);
    assert.doesNotMatch(words((await open('ben')).blocks), /Set up Maro/);
    await w.slack.press(first, 'home:checked');
    await until(() => !/Set up Maro/.test(words(w.slack.home('cyd')?.blocks)), 'the checklist is gone');
    assert.doesNotMatch(words((await open('cyd')).blocks), /Set up Maro/);
    assert.match(words(w.slack.home('cyd')?.blocks), /Welcome to Maro/);
  });

  test('lists a person’s channels with the number of their issues, the latest first', async () => {
    await w.slack.command('/maro track PLAT-5 SHOP-17', { channel: 'C1' });
    await w.slack.command('/maro track PLAT-3', { channel: 'C2' });
    const text = words((await open('ada')).blocks);
    assert.match(text, /<#C2> +1 issue\n<#C1> +2 issues/);
  });

  test('lists no private channel of which Maro is not a member', async () => {
    await w.slack.command('/maro track PLAT-8', { channel: 'C3', user: 'ada' });
    assert.doesNotMatch(words((await open('ada')).blocks), /C3/);
  });

  test('has a button that opens the form to track issues in a channel', async () => {
    const seen = await w.slack.press(await open('ben'), 'open:track');
    const view = await seen.nextView();
    assert.deepEqual((await w.slack.submit(view, { issues: 'no key', channel: 'C2' })).errors, {
      issues: 'That’s not an issue key. Type a key such as PLAT-12, or paste a link to the issue.',
    });
    const sent = await w.slack.submit(view, { issues: `PLAT-9 ${w.jira.site}/browse/PLAT-21`, channel: 'C2' });
    await until(() => /PLAT-21: now tracked/.test(words(sent.views.at(-1)?.blocks)), 'the outcome');
    assert.match(words(sent.views.at(-1)?.blocks), /PLAT-9: now tracked/);
  });

  test('has a button that opens the form to create an issue, and one that shows all commands', async () => {
    const home = await open('ben');
    await w.slack.press(home, 'open:create');
    await until(() => w.slack.views('ben').some(({ callback_id }) => callback_id === 'create_ticket'), 'the form');
    const help = await (await w.slack.press(home, 'open:help')).nextView();
    assert.match(words(help.blocks), /`\/maro track PLAT-1 PLAT-2`/);
    assert.deepEqual(w.slack.refusals, []);
  });
});

describe('the Home tab of a person whom Jira knows', () => {
  const ada = { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' };
  const site: Seed = { ...seed, people: { ...seed.people, ada } };
  const members = ['U0BEN'];
  const channels = [
    { id: 'C1', name: 'checkout', type: 'public' as const, app_is_member: true },
    { id: 'C2', name: 'platform', type: 'public' as const, app_is_member: true },
    { id: 'C3', name: 'secret', type: 'private' as const, app_is_member: true, members },
  ];
  let w: World;
  let wire: Awaited<ReturnType<typeof openWire>>;
  before(async () => {
    w = await world({ channels }, { seed: site });
    w.jira.index.lagMs = 0;
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: wire.url, JIRA_PROJECTS: 'PLAT,SHOP' });
    for (const key of ['PLAT-1', 'PLAT-2', 'PLAT-3', 'PLAT-5', 'SHOP-1']) {
      w.jira.issues.edit(key, { assignee: key === 'PLAT-5' ? 'tobias' : 'ada' });
    }
    w.jira.issues.edit('PLAT-1', { status: 'In Progress' });
    w.jira.issues.edit('PLAT-2', { status: 'To Do' });
    w.jira.issues.edit('PLAT-3', { status: 'Done' });
    await w.slack.command('/maro track PLAT-1 PLAT-2', { channel: 'C1', user: 'ben' });
    await w.slack.command('/maro track PLAT-1 PLAT-3 PLAT-5', { channel: 'C2', user: 'ben' });
    await w.slack.command('/maro track SHOP-1', { channel: 'C3', user: 'ben' });
  });

  /** Runs the delta once, as a job of Maro does. */
  async function sync(): Promise<void> {
    const { url: host, email, apiToken } = w.jira;
    const tracker = await openTrackerAt(w.databaseUrl);
    const log = createLog('silent');
    const jira = createJira({ host, email, apiToken, projects: ['PLAT', 'SHOP'] }, log, (site) =>
      tracker.rememberSite({ tenant: 'T0ACME', ...site }),
    );
    await delta({ tenant: 'T0ACME', services: { jira, tracker, log } });
  }

  async function open(user: string): Promise<View> {
    const before = w.slack.home(user)?.hash;
    await w.slack.openHome(user);
    await until(() => w.slack.home(user)?.hash !== before, 'the Home tab');
    return w.slack.home(user) as View;
  }
  const keysIn = (text: string) => [...text.matchAll(/\|((?:PLAT|SHOP)-\d+)>/g)].map(([, key]) => key);

  test('lists the person’s open issues of all channels, each once, those in progress first', async () => {
    const text = words((await open('ada')).blocks);
    assert.deepEqual(keysIn(text), ['PLAT-1', 'PLAT-2']);
    assert.match(text, /Maro hasn’t read changes from Jira yet\./);
  });

  test('moves an issue from its row, and shows the outcome above the same part of the list', async () => {
    const home = await open('ada');
    const { hash } = home;
    await w.slack.press(home, 'home:category', { value: 'To do (1)' });
    await until(() => w.slack.home('ada')?.hash !== hash, 'the Home tab is drawn again');
    await w.slack.press(w.slack.home('ada') as View, 'home:row', { value: 'Move to…' });
    const form = () => w.slack.views('ada').at(-1);
    await until(() => form()?.callback_id === 'move_issue', 'the form');
    const direct = () => w.slack.everything().filter(({ channel }) => channel === 'D1').length;
    const before = direct();
    await w.slack.submit(form() as View, { status: 'In Progress' });
    const text = () => words(w.slack.home('ada')?.blocks);
    await until(() => /Your issues.*PLAT-2 is now In Progress\./s.test(text()), 'the outcome');
    assert.deepEqual(keysIn(text().split('What changed lately')[0] ?? ''), []);
    assert.match(text(), /None of your issues are in this part of the list/);
    assert.equal(direct(), before);
    assert.doesNotMatch(words((await open('ada')).blocks), /is now In Progress/);
    w.jira.issues.edit('PLAT-2', { status: 'To Do' });
    await w.slack.command('/maro track PLAT-2', { channel: 'C1', user: 'ben' });
    assert.deepEqual(w.slack.refusals, []);
  });

  test('lists the part that the person chooses', async () => {
    const home = await open('ada');
    const { hash } = home;
    await w.slack.press(home, 'home:category', { value: 'Done (1)' });
    await until(() => w.slack.home('ada')?.hash !== hash, 'the Home tab is drawn again');
    assert.deepEqual(keysIn(words(w.slack.home('ada')?.blocks)), ['PLAT-3']);
  });

  test('shows nothing of a private channel to a person whom Slack does not list there', async () => {
    w.jira.issues.edit('SHOP-1', { summary: 'A secret' });
    await sync();
    assert.doesNotMatch(words((await open('ada')).blocks), /SHOP|secret|C3/i);
    const member = words((await open('ben')).blocks);
    assert.match(member, /SHOP-1.*A secret/);
    assert.match(member, /<#C3>/);
  });

  test('shows what changed in the person’s channels since they track the issue, and how fresh that is', async () => {
    w.jira.issues.edit('PLAT-5', { status: 'Done' }, 'mara');
    await sync();
    const text = words((await open('ada')).blocks);
    assert.match(text, /PLAT-5.*\n.*Mara Lindqvist moved it from .* to Done/);
    assert.match(text, /Updated from Jira <!date/);
    w.jira.trouble('search', { kind: 'server_error', status: 503 });
    await sync();
    w.jira.trouble('search', undefined);
    assert.match(words((await open('ada')).blocks), /Jira hasn’t answered since <!date/);
  });

  test('says that it does not know the person’s account, and shows what changed', async () => {
    const text = words((await open('cyd')).blocks);
    assert.match(text, /Maro can’t tell which Jira account is yours/);
    assert.match(text, /PLAT-5/);
  });

  test('shows an issue no longer when it is somebody else’s, or not visible', async () => {
    w.jira.issues.edit('PLAT-2', { assignee: 'tobias' });
    await sync();
    assert.deepEqual(keysIn(words((await open('ada')).blocks)), ['PLAT-1']);
    w.jira.issues.edit('PLAT-2', { assignee: 'ada' });
    await sync();
    assert.deepEqual(keysIn(words((await open('ada')).blocks)), ['PLAT-1', 'PLAT-2']);
  });

  /** Runs the job that draws Home tabs again. */
  async function drawAgain(): Promise<void> {
    const config = readConfig(w.env);
    const log = createLog('silent');
    const database = await openDatabaseAt(w.databaseUrl);
    const tracker = createTracker(database);
    const slack = createSlackClient(config.slack, log);
    const jira = createJira({ ...config.jira, projects: ['PLAT', 'SHOP'] }, log);
    const services = { tracker, jira, slack, log, creates: openCreates(database, 'T0ACME') };
    await drawHomesAgain({ tenant: 'T0ACME', services });
  }
  /** Lets time pass, as the database sees it. */
  async function wait(seconds: number): Promise<void> {
    for (const [table, column] of [
      ['home_openings', 'drawn_at'],
      ['issue_changes', 'recorded_at'],
      ['tracked_issues', 'tracked_at'],
      ['untracked_issues', 'untracked_at'],
    ]) {
      await rows(w.databaseUrl, `update ${table} set ${column} = ${column} - interval '${seconds} seconds'`);
    }
  }
  const hashes = () => ['ada', 'ben'].map((user) => w.slack.home(user)?.hash);

  describe('that is open while something changes', () => {
    before(async () => {
      await open('ada');
      await open('ben');
      await wait(11);
    });

    test('is drawn again for those alone whose channels changed, until it shows the change', async () => {
      await drawAgain();
      await wait(11);
      const [ada, ben] = hashes();
      w.jira.issues.edit('SHOP-1', { summary: 'Of the private channel' });
      await sync();
      await drawAgain();
      assert.equal(hashes()[0], ada);
      assert.notEqual(hashes()[1], ben);
      assert.match(words(w.slack.home('ben')?.blocks), /Of the private channel/);
      await wait(11);
      await drawAgain();
      const after = hashes();
      await wait(11);
      await drawAgain();
      assert.deepEqual(hashes(), after);
    });

    test('is drawn at most once in ten seconds', async () => {
      await open('ada');
      const [ada] = hashes();
      w.jira.issues.edit('PLAT-1', { summary: 'Another summary' });
      await sync();
      await drawAgain();
      assert.equal(hashes()[0], ada);
      await wait(11);
      await drawAgain();
      assert.match(words(w.slack.home('ada')?.blocks), /Another summary/);
    });

    test('keeps the part that the person chose', async () => {
      const home = await open('ada');
      await w.slack.press(home, 'home:category', { value: 'Done (1)' });
      await until(() => w.slack.home('ada')?.hash !== home.hash, 'the Home tab is drawn again');
      await wait(11);
      await w.slack.command('/maro track PLAT-7', { channel: 'C1', user: 'ben' });
      await drawAgain();
      assert.deepEqual(keysIn(words(w.slack.home('ada')?.blocks)), ['PLAT-3']);
    });

    test('is drawn without a private channel that the person has left', async () => {
      await open('ben');
      w.slack.workspace.channel('C3').members = [];
      await wait(11);
      await w.slack.command('/maro track PLAT-8', { channel: 'C1', user: 'ada' });
      await drawAgain();
      assert.doesNotMatch(words(w.slack.home('ben')?.blocks), /C3|SHOP/);
      w.slack.workspace.channel('C3').members = members;
    });

    test('is not drawn again an hour after it was opened', async () => {
      await open('ada');
      const [ada] = hashes();
      await rows(w.databaseUrl, "update home_openings set opened_at = opened_at - interval '61 minutes'");
      await wait(11);
      await w.slack.command('/maro track PLAT-9', { channel: 'C1', user: 'ada' });
      await drawAgain();
      assert.equal(hashes()[0], ada);
    });
  });

  test('takes one trip to the database besides the one for the checklist', async () => {
    await open('ada');
    // The ledger may add a round trip when it looks for due runs.
    let trips = Infinity;
    for (let time = 0; time < 3; time++) {
      wire.trips = 0;
      await open('ada');
      trips = Math.min(trips, wire.trips);
    }
    assert.equal(trips, 2);
    assert.deepEqual(w.slack.refusals, []);
  });
});

describe('the Home tab of an app that may not list channels', () => {
  async function homeWithout(...missing: string[]): Promise<string> {
    const manifest = (await readManifest()) as SlackOptions['manifest'];
    const bot = (manifest.oauth_config?.scopes?.bot ?? []).filter((scope) => !missing.includes(scope));
    const w = await world({ manifest: { ...manifest, oauth_config: { scopes: { bot } } } });
    await startMaro(w);
    await w.slack.command('/maro track PLAT-3', { channel: 'C2' });
    await w.slack.openHome('ada');
    await until(() => w.slack.home('ada') !== undefined, 'the Home tab');
    return words(w.slack.home('ada')?.blocks);
  }

  test('names the scopes', async () => {
    assert.match(
      await homeWithout('channels:read', 'groups:read'),
      /Maro can’t list your channels here\. .*code missing_scope/,
    );
  });

  test('lists public channels when only the scope for private ones is missing', async () => {
    assert.match(await homeWithout('groups:read'), /<#C2> +1 issue/);
  });
});

test('the bare command offers what people do most', async () => {
  const w = await world();
  await startMaro(w);
  const [message] = (await w.slack.command('/maro')).messages;
  assert.match(words(message), /`\/maro track PLAT-1 PLAT-2`/);
  const form = await (await w.slack.press(message as never, 'open:track')).nextView();
  const sent = await w.slack.submit(form, { issues: 'PLAT-5' });
  await until(() => /PLAT-5: now tracked/.test(words(sent.views.at(-1)?.blocks)), 'the outcome');
  const list = await w.slack.press(message as never, 'Show the list');
  assert.match(words(await list.next()), /1 tracked issue/);
  assert.deepEqual(w.slack.refusals, []);
});
