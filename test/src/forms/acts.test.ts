import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import { type Seed, seed } from '../../../sandbox/jira/seed.ts';
import type { Message } from '../../../sandbox/slack/index.ts';
import type { View } from '../../../sandbox/slack/views.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

/** Jira knows Ada by her email address. */
const site: Seed = {
  ...seed,
  people: {
    ...seed.people,
    ada: { accountId: '712020:ada', displayName: 'Ada Park', emailAddress: 'ada@example.com' },
  },
};

describe('the view of an issue, and its forms', () => {
  let w: World;
  let list: Message;
  before(async () => {
    w = await world({}, { seed: site });
    await startMaro(w, {}, { looksAfterMs: [50, 200] });
    await rows(
      w.databaseUrl,
      `create function fail() returns trigger language plpgsql as
        $$ begin raise exception 'full' using errcode = 'disk_full'; end $$`,
    );
    await w.slack.command('/maro track PLAT-5', { channel: 'C1' });
  });
  afterEach(async () => {
    for (const endpoint of ['all', 'transition', 'assign', 'edit', 'comment'] as const)
      w.jira.trouble(endpoint, undefined);
    if (top() !== undefined) await w.slack.close(top(), { all: true });
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const top = () => w.slack.views('ada').at(-1) as View;
  const issue = () => w.jira.issues.find('PLAT-5');
  const isDrawn = () =>
    until(() => top() !== undefined && !words(top().blocks).startsWith('Asking Jira'), 'the view is drawn');

  async function more() {
    list = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages[0] as Message;
    await w.slack.press(list, 'list:row', { value: 'More…' });
    await isDrawn();
  }
  async function act(label: string) {
    await more();
    await w.slack.press(top(), label);
    await until(() => top().submit !== undefined && top().submit !== null, 'the form is drawn');
  }
  const says = (sentence: RegExp) => until(() => sentence.test(words(list)), `the list says ${sentence}`);
  const person = async (name: string) => {
    const [found] = await w.slack.suggest(top(), 'create:person', name);
    assert.ok(found, `nobody is called ${name}`);
    return found;
  };

  test('shows what Jira knows of the issue now', async () => {
    await more();
    assert.match(words(top().blocks), /PLAT-5.*Sign-in loops when the clock.*\n?.*Bug · In Progress · /s);
    await w.slack.close(top());
    await w.slack.command('/maro track PLAT-5', { channel: 'C1' });
  });

  test('moves the issue', async () => {
    await act('Move to…');
    await w.slack.submit(top(), { status: 'In Review' });
    assert.equal(issue()?.status.name, 'In Review');
    await says(/^PLAT-5 is now In Review\./);
  });

  test('assigns the issue to the person who is chosen, among those that Jira offers', async () => {
    await act('Assign…');
    const key = Object.keys(top().state.values)[0] ?? '';
    await w.slack.submit(top(), { [key]: await person('Yuki') });
    assert.equal(issue()?.assignee?.displayName, 'Yuki Tanaka');
    await says(/^PLAT-5 is now assigned to Yuki Tanaka\./);
  });

  test('assigns the issue to the person who leaves the menu empty', async () => {
    await act('Assign…');
    await w.slack.submit(top());
    assert.match(String(issue()?.assignee?.displayName), /^Ada/);
    await says(/^PLAT-5 is now assigned to Ada/);
  });

  test('sets the priority', async () => {
    await act('Priority…');
    await w.slack.submit(top(), { priority: 'Low' });
    assert.equal(issue()?.priority, 'Low');
    await says(/^PLAT-5 was changed: priority Low\./);
  });

  test('comments with the person’s name, and keeps the comment when Jira refuses it', async () => {
    await act('Comment…');
    w.jira.trouble('comment', { kind: 'server_error', status: 503, times: 1 });
    const text = {
      type: 'rich_text_section',
      elements: [{ type: 'text', text: 'The fix is out', style: { bold: true } }],
    };
    await w.slack.submit(top(), { comment: { type: 'rich_text', elements: [text] } });
    if (top() !== undefined) {
      assert.match(JSON.stringify(top().blocks), /The fix is out/);
      await w.slack.submit(top());
    }
    assert.match(JSON.stringify(issue()?.comments.at(-1)), /Ada.*The fix is out/i);
    await says(/^Your comment was added to PLAT-5\./);
  });

  /** Each form: its endpoint in Jira, the values to fill in, whether Jira has the change, and the participle in the answer. */
  type Form = {
    label: string;
    endpoint: 'transition' | 'assign' | 'edit';
    values: readonly string[];
    filled(value: string): Promise<Record<string, unknown>>;
    now(): string | null | undefined;
    done: string;
  };
  const forms: readonly Form[] = [
    {
      label: 'Move to…',
      endpoint: 'transition',
      values: ['In Progress', 'To Do', 'To Do', 'In Progress'],
      filled: async (status) => ({ status }),
      now: () => issue()?.status.name,
      done: 'moved',
    },
    {
      label: 'Assign…',
      endpoint: 'assign',
      values: ['Aisha Rahman', 'Tobias Krämer', 'Yuki Tanaka', 'Mara Lindqvist'],
      filled: async (name) => ({ [Object.keys(top().state.values)[0] ?? '']: await person(name) }),
      now: () => issue()?.assignee?.displayName,
      done: 'assigned',
    },
    {
      label: 'Priority…',
      endpoint: 'edit',
      values: ['Highest', 'High', 'Medium', 'Low'],
      filled: async (priority) => ({ priority }),
      now: () => issue()?.priority,
      done: 'changed',
    },
  ];
  for (const { label, endpoint, values, filled, now, done } of forms) {
    const [lost = '', vain = '', refused = '', unstored = ''] = values;
    const send = async (value: string) => w.slack.submit(top(), await filled(value));

    test(`${label} is reported as done if only Jira’s answer is lost, and never as not done if Maro cannot tell`, async () => {
      await act(label);
      w.jira.resetRequests();
      w.jira.trouble(endpoint, { kind: 'cut' });
      await send(lost);
      assert.equal(top(), undefined, 'the form is closed');
      await says(new RegExp(`^PLAT-5 (is now|was changed).*${lost}`));
      assert.deepEqual([now(), w.jira.count(endpoint)], [lost, 1]);
      await act(label);
      w.jira.trouble(endpoint, { kind: 'cut', undone: true });
      await send(vain);
      assert.match(
        words(top().blocks),
        new RegExp(`^Jira didn’t answer in time, so PLAT-5 may or may not have been ${done}`),
      );
      assert.deepEqual([now(), w.jira.count(endpoint)], [lost, 2]);
    });

    test(`${label} stays in the form if somebody else changed the issue at the same moment, and can be sent again`, async () => {
      await act(label);
      w.jira.trouble(endpoint, { kind: 'conflict', times: 1 });
      await send(refused);
      assert.match(words(top().blocks), new RegExp(`^PLAT-5 wasn’t ${done}. Somebody changed the issue`));
      await w.slack.submit(top());
      await says(new RegExp(`^PLAT-5 (is now|was changed).*${refused}`));
      assert.equal(now(), refused);
    });

    test(`${label} is reported as done even if the database does not store the change`, async () => {
      await act(label);
      await rows(
        w.databaseUrl,
        'create trigger fail before update on jira_issues for each row execute function fail()',
      );
      try {
        await send(unstored);
        await says(new RegExp(`^PLAT-5 (is now|was changed).*${unstored}`));
        assert.equal(now(), unstored);
      } finally {
        await rows(w.databaseUrl, 'drop trigger fail on jira_issues');
      }
    });
  }

  test('says why an act was not done, and keeps the form', async () => {
    await act('Priority…');
    w.jira.issues.remove('PLAT-5');
    await w.slack.submit(top(), { priority: 'High' });
    assert.match(words(top().blocks), /PLAT-5 wasn’t changed|There’s no such issue/);
  });

  test('says so of an issue that is gone', async () => {
    await w.slack.press(list, 'list:row', { value: 'More…' });
    await isDrawn();
    assert.match(words(top().blocks), /Maro can’t show PLAT-5\. There’s no such issue/);
  });
});
