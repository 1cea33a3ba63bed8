import assert from 'node:assert/strict';
import { afterEach, before, describe, test } from 'node:test';
import type postgres from 'postgres';
import { adfText } from '../../sandbox/jira/adf.ts';
import type { Execution } from '../../sandbox/slack/index.ts';
import type { View } from '../../sandbox/slack/views.ts';
import { type MaroProcess, startProcess, until, type World, words, world } from '../maro.ts';
import { connect } from '../src/tracker/example.ts';
import { createWaitLong, endSleepers, isHeldUp } from './sleepers.ts';

describe('an act on an issue whose process is killed', () => {
  let w: World;
  let maro: MaroProcess;
  let db: postgres.Sql;
  before(async () => {
    w = await world();
    db = connect(w.databaseUrl);
    maro = await startProcess(w);
    await createWaitLong(db);
    await w.slack.command('/maro track PLAT-4 PLAT-5 PLAT-8 PLAT-9 PLAT-10', { channel: 'C1' });
  });
  afterEach(() => {
    w.jira.trouble('all', undefined);
    for (const endpoint of ['comment', 'transition', 'transitions', 'assign', 'edit'] as const)
      w.jira.trouble(endpoint, undefined);
    assert.deepEqual(w.slack.refusals.splice(0), []);
  });

  const due = async () => (await db.unsafe('select from runs where due_at is not null')).length;
  async function killAndRestart(): Promise<void> {
    maro.kill('SIGKILL');
    await maro.ended;
    await endSleepers(db);
    for (const table of ['creates', 'runs']) await db.unsafe(`drop trigger if exists hold on ${table}`);
    await db.unsafe('update runs set due_at = now() where due_at is not null');
    await db.unsafe("update creates set sent_at = sent_at - interval '1 minute'");
    maro = await startProcess(w);
  }
  const hold = (when: string) =>
    db.unsafe(`create trigger hold before ${when} for each row execute function wait_long()`);
  const sleeping = () => isHeldUp(db);
  async function ended(execution: Execution): Promise<void> {
    await execution.finished;
    assert.equal(execution.completions, 1);
    await until(async () => (await due()) === 0, 'nothing is left to do');
  }

  describe('while it comments', () => {
    const comment = (text: string) => {
      w.jira.resetRequests();
      return w.slack.step('comment_issue', { issue_key: 'PLAT-4', comment: text });
    };
    const made = (text: string) =>
      (w.jira.issues.find('PLAT-4')?.comments ?? []).filter(({ body }) => adfText(body).includes(text));
    async function endedWithOne(execution: Execution, text: string): Promise<void> {
      await ended(execution);
      assert.equal(execution.state, 'completed', execution.error);
      const [added, ...more] = made(text);
      assert.match(String(execution.outputs.comment_url), new RegExp(`focusedCommentId=${added?.id}$`));
      assert.deepEqual([more, w.jira.count('comment')], [[], 1]);
    }

    test('from a form: another adds the comment, and the list from which the form came says so', async () => {
      const [list] = (await w.slack.command('/maro tracked', { channel: 'C1' })).messages;
      assert.ok(list);
      const view = () => w.slack.views('ada').at(-1);
      const [value] = /issue:more PLAT-4 [^"]+/.exec(JSON.stringify(list.blocks)) ?? [];
      await w.slack.press(list, 'list:row', { value });
      await until(() => JSON.stringify(view()?.blocks ?? []).includes('Comment…'), 'the issue is shown');
      await w.slack.press(view() as View, 'Comment…');
      await until(() => view()?.callback_id === 'issue:comment', 'the form is shown');
      w.jira.resetRequests();
      await hold('insert on creates');
      const text = { type: 'rich_text_section', elements: [{ type: 'text', text: 'Killed in a form' }] };
      const submitted = w.slack.submit(view() as View, { comment: { type: 'rich_text', elements: [text] } });
      submitted.catch(() => {});
      await until(sleeping, 'Maro stores it');
      await killAndRestart();
      await until(() => words(list).startsWith('Your comment was added to PLAT-4.'), 'the list says so', 40_000);
      await submitted.catch(() => {});
      w.slack.refusals.splice(0);
      assert.deepEqual([made('Killed in a form').length, w.jira.count('comment')], [1, 1]);
    });

    test('before it was stored that Jira is asked: another adds the comment', async () => {
      await hold('insert on creates');
      const execution = comment('Killed before sending');
      await execution.delivered;
      await until(sleeping, 'Maro stores it');
      await killAndRestart();
      await endedWithOne(execution, 'Killed before sending');
    });

    test('before Jira answered: another finds the comment', async () => {
      w.jira.trouble('comment', { kind: 'no_answer' });
      const execution = comment('Killed while asking');
      await until(() => w.jira.count('comment') > 0, 'Maro asks Jira');
      w.jira.trouble('comment', undefined);
      await killAndRestart();
      await endedWithOne(execution, 'Killed while asking');
    });

    test('before Jira got the request: no process repeats it, and no person is told that it was not done', async () => {
      w.jira.trouble('comment', { kind: 'no_answer', undone: true });
      const execution = comment('Killed in vain');
      await until(() => w.jira.count('comment') > 0, 'Maro asks Jira');
      w.jira.trouble('comment', undefined);
      await killAndRestart();
      await ended(execution);
      assert.match(execution.error ?? '', /may or may not have been added/);
      assert.deepEqual([made('Killed in vain').length, w.jira.count('comment')], [0, 1]);
    });

    test('before the answer was stored: another finds the comment', async () => {
      await hold('update of outcome on creates');
      const execution = comment('Killed before keeping');
      await until(() => made('Killed before keeping').length > 0, 'the comment is there');
      await killAndRestart();
      await endedWithOne(execution, 'Killed before keeping');
    });

    test('before the outcome of the step was stored: another puts out the same', async () => {
      await hold('update of outcome on runs');
      const execution = comment('Killed after keeping');
      await until(sleeping, 'the outcome is being stored');
      await killAndRestart();
      await endedWithOne(execution, 'Killed after keeping');
    });

    test('and the issue is deleted before another takes over: nobody is told that it was not done', async () => {
      w.jira.trouble('comment', { kind: 'no_answer' });
      w.jira.resetRequests();
      const execution = w.slack.step('comment_issue', { issue_key: 'PLAT-5', comment: 'Deleted meanwhile' });
      await until(() => w.jira.count('comment') > 0, 'Maro asks Jira');
      w.jira.issues.remove('PLAT-5');
      w.jira.trouble('comment', undefined);
      await killAndRestart();
      await ended(execution);
      assert.match(execution.error ?? '', /may or may not have been added/);
      assert.equal(w.jira.count('comment'), 1);
    });

    test('for a command: another tells the person in a direct message', async () => {
      await hold('update of outcome on creates');
      const direct = () => w.slack.everything().filter(({ channel }) => channel === 'D1');
      const before = direct().length;
      void w.slack.command('/maro comment PLAT-4 Killed command', { channel: 'C1' }).catch(() => undefined);
      await until(() => made('Killed command').length > 0, 'the comment is there');
      await killAndRestart();
      await until(() => direct().length > before, 'the direct message is there');
      assert.match(words(direct()[before]), /\|Your comment> was added to .*PLAT-4>\.$/);
      assert.equal(made('Killed command').length, 1);
      // The command itself was lost with the process that had it.
      w.slack.refusals.splice(0);
    });
  });

  describe('while it changes an issue', () => {
    const move = (status: string) => {
      w.jira.resetRequests();
      return w.slack.step('transition_issue', { issue_key: 'PLAT-4', status });
    };

    test('before Jira answered: another sees that the issue was moved', async () => {
      w.jira.issues.edit('PLAT-4', { status: 'To Do' });
      w.jira.trouble('transition', { kind: 'no_answer' });
      const execution = move('In Progress');
      await until(() => w.jira.count('transition') > 0, 'Maro asks Jira');
      w.jira.trouble('transition', undefined);
      await killAndRestart();
      await ended(execution);
      assert.deepEqual([execution.state, execution.outputs.status], ['completed', 'In Progress'], execution.error);
      assert.equal(w.jira.count('transition'), 1);
    });

    test('before Jira answered, and Jira offers the transition no more: another sees that the issue was moved', async () => {
      w.jira.issues.edit('PLAT-4', { status: 'In Progress' });
      w.jira.trouble('transition', { kind: 'no_answer' });
      const execution = move('Finish');
      await until(() => w.jira.count('transition') > 0, 'Maro asks Jira');
      w.jira.trouble('transition', undefined);
      await killAndRestart();
      await ended(execution);
      assert.deepEqual([execution.state, execution.outputs.status], ['completed', 'Done'], execution.error);
      assert.equal(w.jira.count('transition'), 1);
    });

    for (const [what, endpoint, inputs] of [
      ['assign_issue', 'assign', { assignee: 'Yuki Tanaka' }],
      ['update_issue', 'edit', { summary: 'Changed once', add_labels: 'once' }],
    ] as const) {
      for (const undone of [false, true]) {
        const end = undone
          ? 'and Jira was not reached: another sends it'
          : 'before Jira answered: another sees that it was done';
        test(`by ${what}, ${end}`, async () => {
          w.jira.resetRequests();
          w.jira.trouble(endpoint, { kind: 'no_answer', undone });
          // The other test has just assigned it to Yuki, within the time by which Jira's clock and Maro's may differ.
          const other = what === 'assign_issue' && undone ? { assignee: 'Aisha Rahman' } : {};
          const execution = w.slack.step(what, { issue_key: 'PLAT-4', ...inputs, ...other });
          await until(() => w.jira.count(endpoint) > 0, 'Maro asks Jira');
          w.jira.trouble(endpoint, undefined);
          if (undone) w.jira.issues.edit('PLAT-4', { assignee: 'mara', summary: 'Not yet' });
          await killAndRestart();
          await ended(execution);
          assert.equal(execution.state, 'completed', execution.error);
          assert.equal(w.jira.count(endpoint), undone ? 2 : 1);
        });
      }
    }

    /** Three people fill in forms from their lists. */
    const forms = [
      { user: 'ada', key: 'PLAT-8', label: 'Move to…', endpoint: 'transition', values: ['In Progress', 'To Do'] },
      { user: 'ben', key: 'PLAT-9', label: 'Assign…', endpoint: 'assign', values: ['Mara Lindqvist', 'Aisha Rahman'] },
      { user: 'cyd', key: 'PLAT-10', label: 'Priority…', endpoint: 'edit', values: ['Highest', 'Lowest'] },
    ] as const;
    async function sent(which: 0 | 1): Promise<() => Promise<void>> {
      w.jira.resetRequests();
      const lists = await Promise.all(
        forms.map(async ({ user, key, label, values: { [which]: value } }) => {
          const [list] = (await w.slack.command('/maro tracked', { channel: 'C1', user })).messages;
          assert.ok(list);
          const view = () => w.slack.views(user).at(-1) as View;
          const [entry] = new RegExp(`issue:more ${key} [^"]+`).exec(JSON.stringify(list.blocks)) ?? [];
          await w.slack.press(list, 'list:row', { user, value: entry });
          await until(() => JSON.stringify(view()?.blocks ?? []).includes(label), 'the issue is shown');
          await w.slack.press(view(), label);
          await until(() => Boolean(view()?.submit), 'the form is shown');
          const [block = ''] = Object.keys(view().state.values);
          const [person] = label === 'Assign…' ? await w.slack.suggest(view(), 'create:person', value) : [];
          return { list, value, submit: () => w.slack.submit(view(), { [block]: person ?? value }) };
        }),
      );
      const submitted = Promise.allSettled(lists.map(({ submit }) => submit()));
      return async () => {
        for (const { list, value } of lists) {
          await until(() => new RegExp(`^PLAT-\\d+ (is now|was changed).*${value}`).test(words(list)), value, 40_000);
        }
        await submitted;
        for (const { user } of forms) for (const view of w.slack.views(user)) await w.slack.close(view);
        // The submissions were lost with the process that had them.
        w.slack.refusals.splice(0);
        assert.deepEqual(
          forms.map(({ endpoint }) => w.jira.count(endpoint)),
          [1, 1, 1],
        );
      };
    }

    test('from forms, before Jira answered: another process says in the lists what was done', async () => {
      for (const { endpoint } of forms) w.jira.trouble(endpoint, { kind: 'no_answer' });
      const told = await sent(0);
      await until(() => forms.every(({ endpoint }) => w.jira.count(endpoint) > 0), 'Maro asks Jira');
      for (const { endpoint } of forms) w.jira.trouble(endpoint, undefined);
      await killAndRestart();
      await told();
    });

    test('from forms, before the outcomes were stored: another process says in the lists what was done', async () => {
      await hold('update of outcome on runs');
      const told = await sent(1);
      await until(() => forms.every(({ endpoint }) => w.jira.count(endpoint) > 0), 'Maro asks Jira');
      await until(sleeping, 'an outcome is being stored');
      await killAndRestart();
      await told();
    });

    test('and Jira does not answer another: nobody is told that it was not done', async () => {
      w.jira.issues.edit('PLAT-4', { status: 'To Do' });
      w.jira.trouble('transition', { kind: 'no_answer' });
      const execution = move('In Progress');
      await until(() => w.jira.count('transition') > 0, 'Maro asks Jira');
      w.jira.trouble('transition', undefined);
      w.jira.trouble('transitions', { kind: 'server_error', status: 503 });
      await killAndRestart();
      await ended(execution);
      assert.match(execution.error ?? '', /^Maro was interrupted, so PLAT-4 may or may not have been moved\./);
    });
  });
});
