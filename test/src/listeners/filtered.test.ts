import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Seed, seed } from '../../../sandbox/jira/seed.ts';
import type { Message } from '../../../sandbox/slack/index.ts';
import { startMaro, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { openWire, type Wire } from '../../wire.ts';

const ada = { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' };
const site: Seed = { ...seed, people: { ...seed.people, ada } };
const KEYS = ['PLAT-1', 'PLAT-2', 'PLAT-3', 'PLAT-5', 'PLAT-6', 'PLAT-7'];

describe('a list with a filter', () => {
  let w: World;
  let wire: Wire;
  before(async () => {
    w = await world({}, { seed: site });
    wire = await openWire(w.databaseUrl);
    await startMaro(w, { DATABASE_URL: `${wire.url}?max=1`, JIRA_PROJECTS: 'PLAT,SHOP' });
    for (const key of KEYS)
      w.jira.issues.edit(key, { assignee: 'tobias', summary: `Summary of ${key}`, status: 'To Do' });
    for (const key of ['PLAT-1', 'PLAT-2', 'PLAT-3']) w.jira.issues.edit(key, { assignee: 'ada' });
    w.jira.issues.edit('PLAT-2', { status: 'In Progress', summary: 'The login page <!channel> *fails*' });
    w.jira.issues.edit('PLAT-3', { status: 'Done' });
    for (const channel of ['C1', 'C2', 'D1']) await type(`track ${KEYS.join(' ')}`, { channel });
    await age();
  });

  /** Makes two issues ones that nobody has updated for long. */
  async function age(): Promise<void> {
    const text =
      "update jira_issues set jira_updated_at = now() - interval '15 days' where issue_key in ('PLAT-1', 'PLAT-3')";
    await rows(w.databaseUrl, text);
  }

  async function type(text: string, who: { user?: string; channel?: string } = {}): Promise<Message> {
    const seen = await w.slack.command(`/maro ${text}`, who);
    let [message] = seen.messages;
    // A busy machine may take its time.
    if (message?.text.endsWith('in a moment.')) message = await seen.next();
    assert.ok(message?.ephemeral_to, 'only the person who asked sees the answer');
    return message;
  }
  async function press(
    message: Message,
    what: string,
    more: { user?: string; value?: string | undefined } = {},
  ): Promise<Message> {
    const seen = await w.slack.press(message, what, more);
    return seen.messages.at(-1) ?? seen.next();
  }
  const untrackIn = (list: Message, key: string) => {
    const [value] = JSON.stringify(list.blocks).match(new RegExp(`untrack \\S+ ${key} ~[\\w-]+`)) ?? [];
    return press(list, 'list:row', { value });
  };
  const keysIn = (message: Message) =>
    [...JSON.stringify(message.blocks).matchAll(/browse\/((?:PLAT|SHOP)-\d+)/g)].map(([, key]) => key);
  const heading = (message: Message) => words(message.blocks).split('\n')[0];

  test('mine shows the issues of the person’s own Jira account, and the heading says so', async () => {
    const list = await type('tracked mine');
    assert.equal(heading(list), '*2 of ada’s open issues, of 6*');
    assert.deepEqual([...new Set(keysIn(list))], ['PLAT-2', 'PLAT-1']);
    assert.match(words(list.blocks), /\*Done\* · 1 issue\n/);
  });

  test('a mention, a name, a type, words, stale, and a category go together', async () => {
    const shown = async (text: string, user = 'ada') => {
      const list = await type(`tracked ${text}`, { user });
      return [heading(list), ...new Set(keysIn(list))];
    };
    assert.deepEqual(await shown('my done issues'), ['*1 of ada’s done issues, of 6*', 'PLAT-3']);
    assert.deepEqual(await shown('@ada in progress', 'ben'), ['*1 of ada’s in-progress issues, of 6*', 'PLAT-2']);
    assert.deepEqual(await shown('assignee park stale', 'ben'), ['*1 of park’s stale issues, of 6*', 'PLAT-1']);
    assert.deepEqual(await shown('stale'), ['*1 stale issue, of 6*', 'PLAT-1']);
    assert.deepEqual(await shown('"LOGIN page" in progress'), [
      '*1 in-progress issue with “LOGIN page”, of 6*',
      'PLAT-2',
    ]);
    assert.deepEqual(await shown('unassigned bugs'), ['*No match for unassigned bugs, of 6*']);
    assert.deepEqual(await shown('type *odd* "<!here>"'), [
      '*No match for issues of type ∗odd∗ with “&lt;!here&gt;”, of 6*',
    ]);
  });

  test('costs one statement, and no call to Jira once the person’s account is known', async () => {
    await type('tracked my stale issues');
    w.jira.resetRequests();
    wire.trips = 0;
    await type('tracked my stale issues');
    assert.deepEqual([wire.trips, w.jira.count()], [1, 0]);
  });

  test('every control keeps the filter, until it is cleared', async () => {
    const list = await type('tracked mine');
    const fresh = await press(list, 'Refresh');
    assert.match(words(fresh.blocks), /^Up to date\..*\n\*2 of ada’s open issues, of 6\*/);
    const done = await press(list, 'Done (1)');
    assert.equal(heading(done), '*1 of ada’s done issues, of 6*');
    assert.equal(heading(await press(done, 'All (3)')), '*2 of ada’s open issues, of 6*');
    const cleared = await press(await type('tracked mine in progress'), 'Clear filter');
    assert.equal(heading(cleared), '*1 in-progress issue of 6*');
    const fewer = await untrackIn(await type('tracked mine', { channel: 'C2' }), 'PLAT-1');
    assert.match(words(fewer.blocks), /^PLAT-1 is no longer tracked.*\n.*\*1 of ada’s open issues, of 5\*/s);
    const back = await press(fewer, 'Undo');
    assert.match(words(back.blocks), /\*2 of ada’s open issues, of 6\*/);
  });

  test('a shared list keeps the issues of the person who shared it, whoever refreshes it', async () => {
    const list = await type('tracked mine', { channel: 'C2' });
    const shared = await press(list, 'Share');
    assert.match(words(shared.blocks), /shared \*3 of ada’s issues, of 6\*/);
    assert.deepEqual([...new Set(keysIn(shared))], ['PLAT-2', 'PLAT-1', 'PLAT-3']);
    const again = await press(shared, 'Refresh', { user: 'ben' });
    assert.match(words(again.blocks), /shared \*3 of ada’s issues, of 6\*/);
  });

  test('an issue that Maro must not show matches no filter, since that would tell what is in it', async () => {
    w.jira.issues.forbid('PLAT-2');
    try {
      await press(await type('tracked', { channel: 'D1' }), 'Refresh');
      const list = await type('tracked "login"', { channel: 'D1' });
      assert.equal(heading(list), '*No match for issues with “login”, of 6*');
      assert.doesNotMatch(JSON.stringify(list.blocks), /PLAT-2/);
    } finally {
      w.jira.issues.allow('PLAT-2');
      await press(await type('tracked', { channel: 'D1' }), 'Refresh');
    }
  });

  test('untrack asks first how many match, untracks those, and undoes that', async () => {
    await age();
    const ask = await type('untrack my stale issues', { channel: 'D1' });
    assert.match(words(ask.blocks), /^Untrack 1 of ada’s stale issues in this channel\? You can undo this\./);
    const done = await press(ask, 'Untrack 1 issue');
    assert.match(words(done.blocks), /^1 issue is no longer tracked\./);
    assert.match(heading(await type('tracked', { channel: 'D1' })) ?? '', /of 5|5 /);
    await press(done, 'Undo');
    assert.equal(heading(await type('tracked stale', { channel: 'D1' })), '*1 stale issue, of 6*');
    assert.equal(words(await type('untrack unassigned', { channel: 'D1' })), 'No match for unassigned issues, of 6.');
  });

  test('words that Maro does not know are named, with what it knows', async () => {
    const said = words(await type('tracked my old bugs <b>'));
    assert.match(said, /^Maro doesn’t know “old”, “&lt;b&gt;” here\. After `\/maro tracked`, it knows `to do`/);
    assert.match(words(await type('untrack my old bugs')), /^Maro doesn’t know “old” here\. After `\/maro untrack`/);
    assert.match(words(await type('untrack oldest')), /^oldest: not an issue key/);
    assert.match(words(await type('tracked mine unassigned')), /^A filter can have only one assignee\./);
  });

  test('a person whose Jira account nobody knows is told to type a name', async () => {
    const text =
      'Maro can’t tell which Jira account is ben’s. Type the name as Jira has it instead, such as `assignee Ada`.';
    assert.equal(words(await type('tracked mine', { user: 'ben' })), text);
    assert.equal(words(await type('untrack mine', { user: 'ben' })), text);
  });

  test('nothing of it was refused by Slack', () => assert.deepEqual(w.slack.refusals, []));
});
