import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message } from '../../../sandbox/slack/index.ts';
import { startMaro, until, type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';

const HIDDEN = 'not visible to Maro anymore';

describe('an issue that may not be shown anymore', () => {
  let w: World;
  let maro: Awaited<ReturnType<typeof startMaro>>;
  /** Tracked in PLAT, and moved to SHOP since. */
  let moved: string;
  /** The key that it has in SHOP, which nobody may see. */
  let movedTo: string;

  const type = async (text: string, channel = 'C1'): Promise<Message> => {
    const [message] = (await w.slack.command(`/maro ${text}`, { channel })).messages;
    assert.ok(message);
    return message;
  };
  const press = async (message: Message, what: string, value?: string): Promise<Message> => {
    const seen = await w.slack.press(message, what, value === undefined ? {} : { value });
    return seen.messages.at(-1) ?? seen.next();
  };
  const step = (name: string, inputs: object) => w.slack.step(name, { channel_id: 'C1', ...inputs });
  const restart = async (more: NodeJS.ProcessEnv, meanwhile: () => Promise<unknown> = async () => {}) => {
    await maro.stop();
    await meanwhile();
    // So that its own first question is over when it is ready.
    w.jira.resetRequests();
    maro = await startMaro(w, more);
  };

  /** Nothing of Jira's words about these issues, and no key that they have where Maro may not look. */
  function tellsNothing(shown: unknown, keys: readonly string[] = ['SHOP-17', 'PLAT-9', movedTo]): void {
    const all = JSON.stringify(shown);
    for (const key of keys) {
      const { summary, status, assignee } = w.jira.issues.find(key) ?? assert.fail();
      for (const secret of [summary, status.name, assignee?.displayName]) {
        if (secret) assert.ok(!all.includes(secret), `${secret} of ${key} in ${all}`);
      }
    }
    for (const secret of keys.includes(movedTo) ? ['Kept in the dark', movedTo] : []) {
      assert.ok(!all.includes(secret), `${secret} in ${all}`);
    }
  }

  before(async () => {
    w = await world();
    maro = await startMaro(w);
    moved = w.jira.issues.create('PLAT', { summary: 'Kept in the dark', status: 'Blocked' }).key;
    await type(`track PLAT-3 SHOP-17 PLAT-9 ${moved}`);
    await step('post_ticket', { issue_keys: 'SHOP-17', user_id: 'U0ADA' }).finished;
    await step('post_ticket', { issue_keys: 'PLAT-3 SHOP-17', user_id: 'U0ADA' }).finished;
    await type('track SHOP-17', 'C2');
    await step('post_ticket', { channel_id: 'C2', issue_keys: 'PLAT-4 SHOP-17', note: 'By night' }).finished;
    movedTo = w.jira.issues.move(moved, 'SHOP').key;
    w.jira.issues.edit(movedTo, { summary: 'Warehouse of secrets', status: 'In Prüfung' });
    w.jira.issues.forbid('PLAT-9');
    await restart({ JIRA_PROJECTS: 'PLAT' });
  });

  test('since JIRA_PROJECTS was narrowed is its key on the list, without a call to Jira', async () => {
    w.jira.resetRequests();
    const list = await type('tracked');
    assert.equal(w.jira.count(), 0);
    assert.match(words(list), new RegExp(`\\*SHOP-17\\* ${HIDDEN}\\n`));
    tellsNothing(list, ['SHOP-17']);
    assert.match(words(list), /\|PLAT-3> .* · In Review/);
  });

  test('is told by Refresh by the key that people know, and by nothing else', async () => {
    const after = await press(await type('tracked'), 'Refresh');
    const told = [...words(after).matchAll(new RegExp(`(\\S+) is ${HIDDEN}`, 'g'))].map(([, key]) => key);
    assert.deepEqual(new Set(told), new Set([moved, 'PLAT-9', 'SHOP-17']));
    tellsNothing(after);
    const again = await press(after, 'Refresh');
    assert.match(words(again), /^Up to date\. Nothing changed in Jira\./);
  });

  test('that moved, is gone or is forbidden is its key on the list from then on, below the others', async () => {
    const list = await type('tracked');
    for (const key of ['SHOP-17', 'PLAT-9', moved]) {
      assert.match(words(list), new RegExp(`\\*${key}\\* ${HIDDEN}\\n`));
      assert.doesNotMatch(words(list), new RegExp(`\\|${key}>`));
    }
    assert.match(words(list), /\|PLAT-3>.*Not visible.*SHOP-17/s);
    tellsNothing(list);
    const [row] = list.blocks.filter((block) => JSON.stringify(block.text ?? '').includes('PLAT-9'));
    const { options = [] } = (row?.accessory ?? {}) as { options?: { text: { text: string } }[] };
    assert.deepEqual(
      options.map(({ text }) => text.text),
      ['Untrack'],
    );
  });

  test('is its key in what Share posts', async () => {
    const shared = await press(await type('tracked'), 'Share');
    const table = shared.blocks.find((block) => block.type === 'data_table') as unknown as {
      rows: { text?: string }[][];
    };
    const hidden = table.rows.map((row) => row.map(({ text }) => text)).filter(([, summary]) => summary === HIDDEN);
    assert.deepEqual(
      new Set(hidden.map((row) => row.join())),
      new Set(['SHOP-17', 'PLAT-9', moved].map((key) => `${key},${HIDDEN},–,–`)),
    );
    tellsNothing(shared);
  });

  test('is named by the step list as skipped, and by no other output', async () => {
    const { outputs } = await step('list', {}).finished;
    const { skipped, ...others } = outputs;
    assert.deepEqual(
      new Set(String(skipped).split('; ')),
      new Set(['SHOP-17', 'PLAT-9', moved].map((key) => `${key}: ${HIDDEN}`)),
    );
    assert.equal(others.issue_keys, 'PLAT-3');
    assert.equal(others.count, 1);
    assert.match(String(others.text), /^PLAT-3 · [^\n]+$/);
    tellsNothing(outputs);
  });

  test('is named by the steps track and link_ticket by the key that was given', async () => {
    const tracked = await step('track', { issue_keys: `PLAT-3 ${moved}` }).finished;
    assert.equal(tracked.outputs.issue_keys, 'PLAT-3');
    assert.match(String(tracked.outputs.skipped), new RegExp(`^${moved}: not allowed`));
    tellsNothing(tracked.outputs);
    const link = { issue_key: moved, message_link: 'https://acme.slack.com/archives/C1/p1700000000000100' };
    const { error } = await step('link_ticket', link).finished;
    assert.match(String(error), new RegExp(`^Nothing was linked\\. ${moved}: not allowed`));
    tellsNothing(error);
  });

  test('is its key on a card that is drawn anew, as text and in its notification', async () => {
    const cards = w.slack
      .messages('C1', 'ada')
      .filter(({ blocks }) => /"block_id":"tickets?"/.test(JSON.stringify(blocks)));
    const [one, several] = cards;
    assert.ok(one && several);
    const after = await press(several, 'Untrack all');
    assert.match(words(after), new RegExp(`PLAT-3 .*In Review.*SHOP-17 ${HIDDEN}`, 's'));
    tellsNothing(after);
    await type('tracked');
    await rows(
      w.databaseUrl,
      `insert into tracked_issues select tenant_id, channel_id, site, issue_id, tracked_at, tracked_by, door, message_link, operation_id
       from untracked_issues on conflict do nothing`,
    );
    const single = await press(one, 'Untrack');
    assert.match(words(single), new RegExp(`SHOP-17 ${HIDDEN}`));
    tellsNothing(single);
  });

  test('is its key on a card of which another issue is tracked', async () => {
    const card = w.slack.messages('C2', 'ada').find((message) => words(message).includes('By night'));
    assert.ok(card);
    const after = await press(card, 'Try again');
    assert.match(words(after), new RegExp(`PLAT-4 .*SHOP-17 ${HIDDEN}\\n.*Tracked in this channel by`, 's'));
    tellsNothing(after);
  });

  test('is untracked by the key that is shown, in its row and by command, and comes back with Undo', async () => {
    const list = await type('tracked');
    const after = await press(list, 'Untrack', 'PLAT-9');
    assert.match(words(after), /^PLAT-9 is no longer tracked\./);
    assert.match(words(await press(after, 'Undo')), /^1 issue is tracked again\./);
    for (const key of [moved, 'PLAT-9']) {
      const answer = await type(`untrack ${key}`);
      assert.match(words(answer), new RegExp(`^${key}: no longer tracked`));
      tellsNothing(answer);
    }
    assert.doesNotMatch(words(await type('tracked')), new RegExp(`PLAT-9|${moved}`));
  });

  test('and was in JIRA_PROJECTS under another key is untracked by that without naming the new one', async () => {
    await restart({});
    const { key } = w.jira.issues.create('PLAT', { summary: 'Seen while it was allowed' });
    await type(`track ${key}`, 'C2');
    const now = w.jira.issues.move(key, 'SHOP').key;
    await press(await type('tracked', 'C2'), 'Refresh');
    await restart({ JIRA_PROJECTS: 'PLAT' });
    const { outputs } = await w.slack.step('untrack', { channel_id: 'C2', issue_keys: key }).finished;
    assert.deepEqual(outputs, { untracked: true, count: 1, issue_keys: key, skipped: '', stays_off: '', error: '' });
    assert.ok(!JSON.stringify(outputs).includes(now));
  });

  test('is shown again when it comes back, without the key that it had elsewhere', async () => {
    await restart({});
    const { key } = w.jira.issues.create('SHOP', { summary: 'There and back' });
    await type(`track ${key}`, 'C3');
    await restart({ JIRA_PROJECTS: 'PLAT' });
    const list = await press(await type('tracked', 'C3'), 'Refresh');
    assert.match(words(list), new RegExp(`${key} is ${HIDDEN}`));
    const back = w.jira.issues.move(key, 'PLAT').key;
    const after = await press(list, 'Refresh');
    assert.match(words(after), new RegExp(`^Updated from Jira: ${back} is visible again\\.\n`));
    assert.match(words(after), new RegExp(`\\|${back}> There and back`));
    assert.ok(!words(after).includes(key));
  });

  test('and was created before a crash and JIRA_PROJECTS was narrowed is no output of its step', async () => {
    await restart({});
    const project = { project: 'SHOP', continue_on_error: true };
    const ticket = step('create_ticket', { ...project, summary: 'Created before' });
    const stories = step('create_stories', { ...project, stories: 'First before\nSecond before' });
    const made = [await ticket.finished, await stories.finished];
    const keys = made.flatMap(({ outputs }) => `${outputs.issue_key ?? outputs.issue_keys}`.split(', '));
    assert.equal(keys.length, 3);
    // As if the process had died before it kept what it had created.
    const forget = `
      update runs set outcome = null, finished_at = null, told_at = null, due_at = now()
      where inputs ->> 'callback_id' like 'create_%'`;
    await restart({ JIRA_PROJECTS: 'PLAT' }, () => rows(w.databaseUrl, forget));
    const outcomes: unknown[] = [];
    for (const execution of made) {
      const before = execution.attempts.length;
      await w.slack.redeliver(execution, { retryNum: 1 });
      await until(() => execution.attempts.length > before, 'the replay is answered');
      outcomes.push(execution.attempts.at(-1)?.args.outputs);
    }
    for (const key of keys)
      assert.ok(!JSON.stringify(outcomes).includes(`"${key}`), `${key} in ${JSON.stringify(outcomes)}`);
    const [one, many] = outcomes as Record<string, unknown>[];
    assert.equal(one?.error, `The issue was created, but it’s ${HIDDEN}. Look for it in Jira.`);
    assert.equal(many?.skipped, `First before: created, but ${HIDDEN}; Second before: created, but ${HIDDEN}.`);
    assert.deepEqual([many?.created, many?.count, many?.issue_keys], [true, 0, '']);
  });

  test('is its key in the receipt of the person who created it', async () => {
    w.jira.trouble('create', { kind: 'latency', ms: 700, times: 1 });
    await w.slack.shortcut('create_anywhere');
    const top = () => w.slack.views('ada').at(-1);
    await until(() => top()?.blocks.some(({ block_id }) => block_id === 'type PLAT') ?? false, 'the form is there');
    const view = top();
    assert.ok(view);
    const sent = w.slack.submit(view, { summary: 'Hidden at once' });
    const made = () => w.jira.issues.all().find(({ summary }) => summary === 'Hidden at once');
    await until(() => made() !== undefined, 'the ticket is there');
    w.jira.issues.forbid(made()?.key ?? '');
    await sent;
    const direct = () => {
      const id = w.slack.workspace.channels.find(
        ({ type: kind, members }) => kind === 'im' && members?.[0] === 'U0ADA',
      )?.id;
      return id === undefined ? [] : w.slack.messages(id, 'ada');
    };
    await until(() => direct().some((message) => words(message).includes(`${made()?.key}`)), 'the receipt is there');
    assert.match(words(direct().at(-1)), new RegExp(`^${made()?.key}\\s+${HIDDEN}\\.`));
    assert.ok(!JSON.stringify(direct().at(-1)).includes('Hidden at once'));
  });

  test('brings no refusal of Slack, but for outcomes that were told before', () => {
    const others = w.slack.refusals.filter(({ error }) => error !== 'execution_not_in_running_state');
    assert.deepEqual(others, []);
  });
});
