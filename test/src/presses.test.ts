import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Message, Seen, View } from '../../sandbox/slack/index.ts';
import { onceOnlyActions, repeatableActions } from '../../src/listeners/action-handlers.ts';
import { forms } from '../../src/listeners/forms.ts';
import { viewButtons } from '../../src/listeners/view-buttons.ts';
import { type Counted, countedWorld, type Most } from '../counting.ts';
import { until } from '../maro.ts';
import { rows } from '../rows.ts';

let w: Counted;
before(async () => {
  w = await countedWorld();
  const made = Array.from({ length: 20 }, (_, n) => w.jira.issues.create('PLAT', { summary: `Made ${n}` }).key);
  await say(`track SHOP-2 ${made.join(' ')}`);
  await w.slack.openHome('ada');
  await until(() => w.slack.home('ada') !== undefined, 'the tab is there');
});

async function say(text: string, channel = 'C1'): Promise<Message> {
  const { messages } = await w.slack.command(`/maro ${text}`, { channel });
  return messages.find(({ ephemeral_to }) => ephemeral_to !== undefined) ?? assert.fail('there is an answer');
}
async function press(message: Message | View, what: string, value?: unknown): Promise<Message> {
  const seen = await w.slack.press(message, what, value === undefined ? {} : { value });
  return seen.messages.at(-1) ?? (await seen.next());
}
/** What Maro has posted in the channel, for everybody. */
const posted = (text: RegExp, channel = 'C1') =>
  w.slack.messages(channel, 'ada').filter((each) => !each.ephemeral_to && text.test(JSON.stringify(each.blocks)));
const last = (messages: readonly Message[]) => messages.at(-1) ?? assert.fail('the message is there');
const top = () => w.slack.views('ada').at(-1);

async function board(): Promise<Message> {
  await say('board');
  return last(posted(/board:refresh/));
}
async function card(): Promise<Message> {
  await say('track PLAT-1', 'C4');
  await w.slack.step('post_ticket', { channel_id: 'C4', issue_keys: 'PLAT-1', user_id: 'U0ADA' }).finished;
  return last(posted(/issue:move/, 'C4'));
}
async function untrackedCard(): Promise<Message> {
  const shown = await card();
  await w.slack.press(shown, 'ticket:untrack');
  await until(() => /ticket:track/.test(JSON.stringify(shown.blocks)), 'the card says that it is untracked');
  return shown;
}
async function question(): Promise<Message> {
  const before = new Set(posted(/pick:menu/));
  const asked = () => posted(/pick:menu/).find((message) => !before.has(message));
  w.slack.step('pick_issue', { channel_id: 'C1', question: 'Which issue?' });
  await until(() => asked() !== undefined, 'the question is posted');
  const waiting = "select from runs where claimed_by = '' and finished_at is null";
  await until(async () => (await rows(w.databaseUrl, waiting)).length > 0, 'the step waits');
  return asked() ?? assert.fail();
}
const home = async () => w.slack.home('ada') ?? assert.fail('the tab is there');
async function seenBefore(): Promise<Message> {
  await say('tracked');
  await rows(
    w.databaseUrl,
    "update visits set seen_at = seen_at - interval '1 hour', since_at = since_at - interval '1 hour'",
  );
  await rows(w.databaseUrl, "update tracked_issues set added_at = added_at - interval '1 hour'");
  await rows(
    w.databaseUrl,
    `insert into issue_changes (tenant_id, site, issue_id, change_id, changed_at, what, to_text, by_maro)
     select tenant_id, site, issue_id, gen_random_uuid()::text, now() - interval '1 minute', 'summary', 'Another', false
     from jira_issues where issue_key = 'SHOP-2'`,
  );
  return say('tracked');
}

/** The key of the issue in the first row. */
const firstKey = (list: Message | View) => /(PLAT-\d+)>/.exec(JSON.stringify(list.blocks))?.[1];
/** The value of the first button with this action_id. */
const firstValue =
  (action: string) =>
  ({ blocks }: Message | View): unknown => {
    const values: unknown[] = [];
    JSON.stringify(blocks, (_, each) => {
      if (each?.action_id === action) values.push(each.value);
      return each;
    });
    return values[0];
  };

/** A button or a menu: the message or view that has it, what is chosen, and the most trips and calls that a press takes. */
type Press = {
  on(): Promise<Message | View>;
  what?: string;
  value?(on: Message | View): unknown | Promise<unknown>;
  /** Whether the press is over when the person has an answer, and not already when the message changes. */
  isAnswered?: boolean;
  most: Most;
};

const presses: Readonly<Record<string, Press>> = {
  'list:older': { on: () => say('tracked'), most: [1, 0, 0] },
  'list:newer': { on: async () => press(await say('tracked'), 'list:older'), most: [1, 0, 0] },
  'list:category': { on: () => say('tracked'), value: () => 'done:0', most: [1, 0, 0] },
  'list:done': { on: () => say('tracked'), most: [1, 0, 0] },
  'list:unfilter': { on: () => say('tracked text Made'), most: [1, 0, 0] },
  'changes:show': { on: seenBefore, most: [1, 0, 0] },
  'list:refresh': { on: () => say('tracked'), most: [3, 1, 0] },
  'list:export': { on: () => say('tracked'), most: [1, 0, 3] },
  'list:share': { on: () => say('tracked'), most: [6, 1, 0] },
  'share:refresh': { on: async () => press(await say('tracked'), 'list:share'), most: [3, 1, 0] },
  'list:row': { on: () => say('tracked'), what: 'Untrack', value: firstKey, most: [5, 0, 0] },
  'list:undo': { on: async () => say('untrack SHOP-2'), most: [4, 0, 0] },
  // The board is edited before Maro has stored that, and answered the person.
  'board:refresh': { on: board, isAnswered: true, most: [6, 1, 1] },
  'board:row': { on: board, what: 'Untrack', value: firstKey, most: [4, 0, 0] },
  'board:list': { on: board, value: firstValue('board:list'), most: [2, 0, 0] },
  'follow:cancel': { on: () => say('follow epic PLAT-8', 'C2'), most: [0, 0, 0] },
  'follow:start': { on: () => say('follow epic PLAT-8', 'C2'), most: [4, 1, 0] },
  'follow:import': { on: () => say('import epic PLAT-8', 'C2'), most: [4, 2, 0] },
  'follow:stop': {
    on: async () => {
      await press(await say('follow epic PLAT-8', 'C2'), 'follow:start');
      return say('unfollow', 'C2');
    },
    most: [4, 0, 0],
  },
  'untrack:keep': { on: () => say('untrack all'), most: [0, 0, 0] },
  'untrack:all': {
    on: async () => {
      await say('track PLAT-1', 'C4');
      return say('untrack all', 'C4');
    },
    most: [4, 0, 0],
  },
  'ticket:track': { on: untrackedCard, most: [4, 1, 0] },
  'ticket:untrack': { on: card, most: [4, 0, 0] },
  'find:track': {
    on: async () => {
      await say('untrack PLAT-1 PLAT-2 PLAT-5');
      return say('find sign');
    },
    value: firstValue('find:track'),
    most: [5, 2, 0],
  },
  'pick:choose': { on: question, value: firstValue('pick:choose'), most: [5, 1, 2] },
  'pick:menu': {
    on: question,
    value: async (on) => (await w.slack.suggest(on, 'pick:menu', 'PLAT'))[0],
    most: [5, 1, 2],
  },
};

/** The buttons that open a view. This takes the call that opens the view, and what the form reads from Jira. */
const views: Readonly<Record<string, { on(): Promise<Message | View>; shows?: RegExp; most: Most }>> = {
  'open:track': { on: home, most: [0, 0, 1] },
  'open:create': { on: home, shows: /create:project/, most: [0, 0, 2] },
  'open:help': { on: home, most: [0, 0, 1] },
  'list:track': { on: () => say('tracked', 'D1'), most: [0, 0, 1] },
  'list:several': { on: () => say('tracked'), most: [0, 0, 1] },
  'issue:move': { on: card, shows: /move:status/, most: [1, 1, 2] },
  'issue:more': { on: card, shows: /Comment…/, most: [1, 1, 2] },
};

const opened = async (seen: Promise<Seen>): Promise<View> => (await seen).nextView();
const inForm = async (block: string): Promise<View> => {
  await until(() => top()?.blocks.some(({ block_id }) => block_id === block) ?? false, `the form has ${block}`);
  return top() ?? assert.fail();
};
async function closeAll(): Promise<void> {
  for (let view = top(); view !== undefined; view = top()) await w.slack.close(view, { all: true });
}
const project = async (form: View) => (await w.slack.suggest(form, 'create:project', 'PLAT'))[0];

const said = (text: string) => ({ type: 'rich_text_section', elements: [{ type: 'text', text }] });
async function formOf(command: string): Promise<View> {
  await w.slack.command(`/maro ${command}`, { channel: 'C1' });
  await until(() => Boolean(top()?.submit), 'the form is shown');
  return top() ?? assert.fail();
}
const several = async () => opened(w.slack.press(await say('tracked'), 'list:several'));
async function chosen(form: View): Promise<Record<string, unknown>> {
  const options = await w.slack.suggest(form, 'several:issues', 'Made');
  return { Issues: options.slice(0, 2), 'What to do': 'Move to…' };
}

/** A form: what is filled in, and the most trips and calls that its submission takes. */
type Form = {
  open(attempt: number): Promise<View>;
  values(form: View, attempt: number): Promise<object> | object;
  most: Most;
};

const submissions: Readonly<Record<string, Form>> = {
  track_issues: {
    open: async () => opened(w.slack.press(await board(), 'open:track')),
    values: () => ({ issues: 'PLAT-5' }),
    most: [5, 1, 1],
  },
  link_ticket: {
    open: () => opened(w.slack.shortcut('link_from_message', w.slack.post('A message', { channel: 'C1' }))),
    values: async (form) => ({ issue: (await w.slack.suggest(form, 'issues:find', 'PLAT-6'))[0] }),
    most: [3, 2, 1],
  },
  create_stories: {
    open: async () => {
      await w.slack.command('/maro stories', { channel: 'C1' });
      return inForm('stories');
    },
    values: async (form, n) => ({ project: await project(form), stories: `One ${n}\nTwo ${n}` }),
    most: [5, 2, 1],
  },
  create_ticket: {
    open: async () => {
      await w.slack.command('/maro create', { channel: 'C1' });
      const form = await inForm('project');
      await w.slack.press(form, 'create:project', { value: await project(form) });
      return inForm('summary');
    },
    values: (_, n) => ({ summary: `Counted by a form ${n}` }),
    most: [5, 3, 2],
  },
  notify: {
    open: () => opened(w.slack.command('/maro notify', { channel: 'C1' })),
    values: () => ({ kind: 'daily', time: '09:00' }),
    most: [2, 0, 1],
  },
  move_issue: {
    open: async (n) => {
      w.jira.issues.edit('PLAT-1', { status: n % 2 === 0 ? 'To Do' : 'In Progress' });
      return formOf('move PLAT-1');
    },
    values: (_, n) => ({ status: n % 2 === 0 ? 'In Progress' : 'To Do' }),
    most: [5, 2, 0],
  },
  'issue:assign': { open: () => formOf('assign PLAT-1'), values: () => ({}), most: [6, 1, 0] },
  'issue:comment': {
    open: () => formOf('comment PLAT-1'),
    values: (_, n) => ({ comment: { type: 'rich_text', elements: [said(`Counted ${n}`)] } }),
    most: [6, 1, 0],
  },
  'issue:priority': {
    open: () => formOf('priority PLAT-1'),
    values: (_, n) => ({ priority: n % 2 === 0 ? 'High' : 'Low' }),
    most: [5, 2, 0],
  },
  change_several: { open: several, values: chosen, most: [1, 1, 0] },
  'change_several:value': {
    open: async () => {
      const form = await several();
      await w.slack.submit(form, await chosen(form));
      return inForm('value');
    },
    values: (_, n) => ({ Status: n % 2 === 0 ? 'In Progress' : 'To Do' }),
    most: [8, 5, 0],
  },
};

describe('the round trips and calls', () => {
  test('have a limit for every button, menu, and form', () => {
    assert.deepEqual(
      Object.keys(presses).sort(),
      [...Object.keys(repeatableActions), ...Object.keys(onceOnlyActions)].sort(),
    );
    assert.deepEqual(Object.keys(views).sort(), Object.keys(viewButtons).sort());
    assert.deepEqual(Object.keys(submissions).sort(), Object.keys(forms).sort());
  });

  for (const [action, { on, what = action, value, isAnswered = false, most }] of Object.entries(presses)) {
    test(`of a press of ${action} stay within the limit`, async () => {
      await w.takesAtMost(most, async (_, uncounted) => {
        const target = await uncounted(on);
        const chosen = value && (await uncounted(async () => value(target)));
        const before = JSON.stringify(target.blocks);
        const { messages } = await w.slack.press(target, what, chosen === undefined ? {} : { value: chosen });
        const isOver = () =>
          isAnswered
            ? messages.some(({ ephemeral_to }) => ephemeral_to !== undefined)
            : messages.length > 0 || JSON.stringify(target.blocks) !== before;
        await until(isOver, 'the answer is there');
        await w.settled();
      });
    });
  }

  for (const [action, { on, shows = /./, most }] of Object.entries(views)) {
    test(`of a press of ${action}, which opens a view, stay within the limit`, async () => {
      await w.takesAtMost(most, async (_, uncounted) => {
        await uncounted(closeAll);
        const target = await uncounted(on);
        await w.slack.press(target, action);
        const isShown = () => top() !== undefined && shows.test(JSON.stringify(top()?.blocks));
        await until(isShown, 'the view is there');
      });
    });
  }

  for (const [form, { open, values, most }] of Object.entries(submissions)) {
    test(`of a submission of ${form} stay within the limit`, async () => {
      await w.takesAtMost(most, async (attempt, uncounted) => {
        await uncounted(closeAll);
        const view = await uncounted(() => open(attempt));
        const filled = await uncounted(async () => values(view, attempt));
        await w.slack.submit(view, { ...filled });
        await w.settled();
      });
    });
  }
});
