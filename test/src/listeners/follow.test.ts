import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import { follow } from '../../../src/issues/follow.ts';
import { delta } from '../../../src/issues/sync.ts';
import { startMaro, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { boardDeps, drawAll } from '../boards/world.ts';

describe('/maro follow', () => {
  let w: World;
  let deps: Awaited<ReturnType<typeof boardDeps>>;
  let channels = 0;
  let channel = '';
  before(async () => {
    const all = Array.from({ length: 40 }, (_, n) => ({
      id: `C9${n}`,
      name: `c9${n}`,
      type: 'public' as const,
      app_is_member: true,
    }));
    w = await world({ channels: all });
    w.jira.index.lagMs = 0;
    await startMaro(w);
    deps = await boardDeps(w);
  });
  beforeEach(() => {
    channel = `C9${channels++}`;
  });

  async function say(text: string, user = 'ada'): Promise<Message> {
    const { messages } = await w.slack.command(`/maro ${text}`, { channel, user });
    return messages.find(({ ephemeral_to }) => ephemeral_to !== undefined) ?? assert.fail('there is an answer');
  }
  async function press(message: Message, what: string, value?: string): Promise<string> {
    const seen = await w.slack.press(message, what, value === undefined ? {} : { value });
    return words((seen.messages.at(-1) ?? (await seen.next())).blocks).trim();
  }
  const shown = (message: Message) => words(message.blocks.length > 0 ? message.blocks : message);
  /** What the clock does: the delta, and the followed queries, all of which are due. */
  async function sync(): Promise<void> {
    await rows(w.databaseUrl, 'update follows set asked_at = null');
    await delta(deps);
    await follow(deps);
  }
  async function listed(): Promise<string[]> {
    const { issues } = await deps.services.tracker.list({
      ...{ tenant: deps.tenant, channel, category: undefined, limit: 1_000, offset: 0 },
    });
    return issues.map(({ key }) => key).sort();
  }

  test('shows what would come, and follows an epic when the person presses Follow', async () => {
    const preview = await say('follow epic plat-1');
    assert.match(shown(preview), /\*Epic PLAT-1\* has 3 issues now\..*PLAT-\d .*Issues that join it come/s);
    assert.deepEqual(await listed(), [], 'nothing is tracked before that');
    assert.equal(
      await press(preview, 'Follow'),
      'This channel now follows epic PLAT-1, which has 3 issues on the list.',
    );
    assert.deepEqual(await listed(), ['PLAT-2', 'PLAT-3', 'PLAT-4']);
    const list = shown(await say('tracked'));
    assert.match(list, /Tracked by <@\w+>.* · Follows epic PLAT-1/s);
    assert.equal(await press(await say('follow epic PLAT-1'), 'Follow'), 'This channel already follows epic PLAT-1.');
  });

  test('marks on the board what came with the query as new', async () => {
    await press(await say('follow epic PLAT-1'), 'Follow');
    await say('board');
    await drawAll(w, deps);
    const board = w.slack.messages(channel, 'ada').find(({ ephemeral_to }) => !ephemeral_to);
    const text = words(board ?? assert.fail('there is a board'));
    assert.match(text, /PLAT-4>.*\*new today\*/);
    assert.doesNotMatch(text, /changed today/);
  });

  test('changes nothing when the person presses Cancel', async () => {
    assert.equal(await press(await say('follow sprint Sprint 12'), 'Cancel'), 'Nothing changed.');
    assert.deepEqual(await listed(), []);
  });

  test('follows a sprint, and tells in changes what joined and left', async () => {
    await press(await say('follow sprint “sprint 12”'), 'Follow');
    assert.deepEqual(await listed(), ['PLAT-20', 'PLAT-3', 'PLAT-5', 'SHOP-5']);
    await say('changes');
    await say('track PLAT-5', 'ben');
    w.jira.issues.edit('PLAT-3', { sprint: 'Sprint 13' });
    w.jira.issues.edit('PLAT-5', { sprint: null });
    w.jira.issues.edit('PLAT-9', { sprint: 'Sprint 12' });
    await sync();
    assert.deepEqual(await listed(), ['PLAT-20', 'PLAT-5', 'PLAT-9', 'SHOP-5']);
    const changes = shown(await say('changes today', 'ben'));
    assert.match(changes, /PLAT-9 .*It joined by sprint 12/s);
    assert.match(changes, /PLAT-3 .*It left sprint 12/s);
    assert.match(changes, /PLAT-20 .*@\w+ tracked it by following sprint 12/s);
    for (const key of ['PLAT-3', 'PLAT-5']) w.jira.issues.edit(key, { sprint: 'Sprint 12' });
    w.jira.issues.edit('PLAT-9', { sprint: null });
  });

  test('keeps an untracked issue away, and says so', async () => {
    await press(await say('follow epic PLAT-8'), 'Follow');
    const answer = shown(await say('untrack PLAT-9'));
    assert.match(
      answer,
      /no longer tracked.*stays off the list, although this channel follows epic PLAT-8\. Track it to bring it back/s,
    );
    await sync();
    assert.deepEqual(await listed(), ['PLAT-10']);
    const row = await press(await say('tracked'), 'Untrack', 'PLAT-10');
    assert.match(
      row,
      /PLAT-10 is no longer tracked\. It stays off the list, although this channel follows epic PLAT-8/,
    );
    await say('track PLAT-10');
    assert.match(shown(await say('follow')), /epic PLAT-8.*1 issue · 1 untracked, kept off the list · followed by/s);
    await say('track PLAT-9');
    assert.deepEqual(await listed(), ['PLAT-10', 'PLAT-9']);
    assert.match(
      await press(await say('untrack all'), 'Untrack 2 issues'),
      /^2 issues are no longer tracked\. They stay off the list, although this channel follows queries that have them\./,
    );
    await say('track PLAT-9 PLAT-20');
    assert.match(
      await press(await say('untrack all'), 'Untrack 2 issues'),
      /^2 issues are no longer tracked\. 1 of them stays off the list, .* queries that have it\. Track it to bring it back\./,
    );
    await sync();
    assert.deepEqual(await listed(), []);
  });

  test('follows a filter and JQL, whatever its order, and stops with a button', async () => {
    await press(await say('follow filter Open bugs'), 'Follow');
    await press(await say('follow jql project = OPS AND statusCategory != Done ORDER BY rank DESC'), 'Follow');
    const all = await say('follow');
    assert.match(
      shown(all),
      /This channel follows 2 queries.*filter Open bugs.*JQL project = OPS AND statusCategory != Done/s,
    );
    const one = await say('unfollow jql project = OPS AND statusCategory != Done');
    assert.match(shown(one), /This channel follows 1 query/);
    const stopped = await press(one, 'Stop');
    assert.match(stopped, /no longer follows JQL project = OPS .* 3 issues left the list\. Undo tracks them again/);
    assert.ok(!(await listed()).some((key) => key.startsWith('OPS')));
    assert.match(shown(await say('follow')), /This channel follows 1 query/);
    assert.match(shown(await say('unfollow epic PLAT-1')), /This channel doesn’t follow epic PLAT-1\./);
  });

  test('puts back what left with Undo, as if somebody had tracked it', async () => {
    await press(await say('follow epic PLAT-8'), 'Follow');
    const seen = await w.slack.press(await say('unfollow'), 'Stop');
    const notice = seen.messages.at(-1) ?? (await seen.next());
    assert.equal(await press(notice, 'Undo'), '2 issues are tracked again.');
    await sync();
    assert.deepEqual(await listed(), ['PLAT-10', 'PLAT-9']);
    assert.equal(shown(await say('follow')).split('.')[0], 'This channel follows no query');
  });

  test('keeps the list when Jira refuses the query, and says so in the footer, in follow, and in doctor', async () => {
    w.jira.filters.push({ id: '10401', name: 'Mine', jql: 'project = OPS' });
    await press(await say('follow filter Mine'), 'Follow');
    const before = await listed();
    assert.equal(before.length, 4);
    w.jira.filters.pop();
    await sync();
    assert.deepEqual(await listed(), before);
    assert.match(shown(await say('tracked')), /Maro can’t follow filter Mine now, so those issues stay as they were/);
    assert.match(
      shown(await say('follow')),
      /Jira refuses it: The value 'Mine' does not exist for the field 'filter'\. Its issues stay/,
    );
    assert.match(shown(await say('doctor')), /cannot be followed, so the lists keep the issues that they had/);
    w.jira.filters.push({ id: '10401', name: 'Mine', jql: 'project = OPS AND statusCategory = Done' });
    await sync();
    assert.deepEqual(await listed(), ['OPS-2']);
    assert.doesNotMatch(shown(await say('tracked')), /can’t follow/);
    w.jira.filters.pop();
    await press(await say('unfollow'), 'Stop');
  });

  test('imports what a query has, once', async () => {
    await say('track PLAT-2');
    const preview = await say('import epic PLAT-1');
    assert.match(shown(preview), /\*Epic PLAT-1\* has 3 issues now.*They are tracked once/s);
    assert.equal(await press(preview, 'Track 3 issues'), 'Epic PLAT-1: 2 issues now tracked. 1 issue tracked already.');
    assert.deepEqual(await listed(), ['PLAT-2', 'PLAT-3', 'PLAT-4']);
    w.jira.issues.edit('PLAT-4', { parent: null });
    await sync();
    assert.deepEqual(await listed(), ['PLAT-2', 'PLAT-3', 'PLAT-4']);
    w.jira.issues.edit('PLAT-4', { parent: 'PLAT-1' });
    assert.match(shown(await say('import epic PLAT-23')), /Epic PLAT-23 has no issues that Maro can see/);
  });

  for (const [typed, answer] of [
    ['follow something', /Maro can follow an epic, a sprint, a filter, or JQL/],
    ['follow epic', /Add one epic’s key/],
    ['follow epic PLAT-1 PLAT-8', /Add one epic’s key/],
    ['follow epic https://jira.other.example/browse/PLAT-1', /another Jira site/],
    ['follow filter', /^Add the name of the filter, .* Filters shared with Maro: “Open bugs”\.$/],
    ['follow filter open', /Jira refuses filter open\. .* Nothing changed\. Filters shared with Maro: “Open bugs”\.$/],
    ['follow filter Bogus', /Jira refuses filter Bogus\. .* Filters shared with Maro: “Open bugs”\.$/],
    ['follow epic PLAT-4711', /Jira refuses epic PLAT-4711\. An issue with key 'PLAT-4711' does not exist/],
    ['follow sprint', /Add the name of the sprint/],
    ['follow sprint Sprint 99', /The value 'Sprint 99' does not exist for the field 'Sprint'\. Nothing changed\./],
    ['follow sprint x" OR project = HR OR sprint = "x', /The value 'x" OR project = HR OR sprint = "x' does not exist/],
    ['follow jql project = PLAT) OR (project = SHOP', /closes a parenthesis that it doesn’t open/],
    ['follow jql summary < 5', /Jira refuses JQL summary &lt; 5\. The stand-in does not support 'summary &lt; 5'/],
    ['import', /Maro can import an epic/],
    ['unfollow nothing', /Maro can unfollow an epic/],
    ['unfollow', /This channel follows no query/],
  ] as const) {
    test(`answers: ${typed}`, async () => {
      assert.match(shown(await say(typed)), answer);
      assert.deepEqual(await listed(), []);
    });
  }

  test('takes an epic’s key alone', async () => {
    assert.match(shown(await say('follow PLAT-8')), /\*Epic PLAT-8\* has 2 issues now/);
  });

  test('says when Jira does not answer, and follows nothing', async () => {
    const preview = await say('follow epic PLAT-8');
    w.jira.trouble('search', { kind: 'server_error', status: 503 });
    assert.match(shown(await say('follow epic PLAT-8')), /Jira isn’t answering\. Nothing changed\./);
    assert.match(await press(preview, 'Follow'), /Jira isn’t answering\. Nothing changed\./);
    w.jira.trouble('search', undefined);
    assert.deepEqual(await deps.services.tracker.follows({ tenant: deps.tenant, channel }), []);
  });

  test('refuses a query of more than 500 issues, with the number, and keeps a list whose query grows that large', async () => {
    await press(await say('follow jql text ~ "zebra"'), 'Follow');
    for (let n = 0; n < 500; n++) w.jira.issues.create('OPS', { summary: `Zebra ${n}` });
    await sync();
    assert.equal((await listed()).length, 500);
    w.jira.issues.create('OPS', { summary: 'Zebra 501' });
    await sync();
    assert.equal((await listed()).length, 500);
    assert.match(shown(await say('follow')), /The query has too many issues\. Its issues stay as they were\./);
    for (const does of ['follow', 'import']) {
      assert.match(
        shown(await say(`${does} jql text ~ "zebra"`)),
        /has about 501 issues, and the limit is 500\. Nothing changed/,
      );
    }
    w.jira.issues.remove(w.jira.issues.all().at(-1)?.key ?? '');
    channel = `C9${channels++}`;
    w.jira.resetRequests();
    const preview = await say('import jql text ~ "zebra"');
    assert.match(await press(preview, 'Track 500 issues'), /500 issues now tracked\./);
    assert.deepEqual([w.jira.count('search'), w.jira.count('bulkfetch'), w.jira.count()], [2, 6, 8]);
  });
});
