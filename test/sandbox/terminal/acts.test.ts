import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { App } from '@slack/bolt';
import { startJira } from '../../../sandbox/jira/index.ts';
import { complete } from '../../../sandbox/terminal/complete.ts';
import { paperInk } from '../../../sandbox/terminal/ink.ts';
import { isIdle, isQuit, perform } from '../../../sandbox/terminal/line.ts';
import { openSession, promptOf } from '../../../sandbox/terminal/session.ts';
import { manifest, startExample } from '../slack/example.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const section = (text: string) => ({ type: 'section' as const, text: { type: 'mrkdwn' as const, text } });
const button = (text: string, action_id: string, value = '') => ({
  type: 'button' as const,
  text: plain(text),
  action_id,
  value,
});

/** A session with a small Bolt app; `act` does a line and answers its status and what it printed. */
async function startSession(t: TestContext, register?: (app: App) => void) {
  const [{ slack }, jira] = await Promise.all([startExample(t, register), startJira()]);
  t.after(() => jira.stop());
  let drawn: string[] = [];
  const session = openSession(
    { slack, jira, manifest, clock: { now: Date.now, aheadMs: 0, move: async () => {} } },
    paperInk(),
    (lines) => drawn.push(...lines),
  );
  const act = async (line: string) => {
    drawn = [];
    const status = await perform(session, line);
    return [status, ...drawn];
  };
  return { session, slack, jira, act };
}

test('plain text is a message with a handle, also when it begins like an act', async (t) => {
  const { act, session, slack } = await startSession(t);
  assert.deepEqual(await act('see https://x.test/A-1'), [0, 'posted as m1']);
  assert.deepEqual(await act('in two weeks'), [0, 'posted as m2']);
  assert.deepEqual(await act('help me'), [0, 'posted as m3']);
  assert.equal(slack.messages('C1', 'U1').length, 3);
  assert.equal(session.handles.get('m2')?.text, 'in two weeks');
  assert.ok(['', '  ', '# text', '  # text'].every(isIdle) && !isIdle('a # b'));
  assert.ok(isQuit(' quit ') && !isQuit('quit it'));
});

test('a command is answered, late answers included, and refused where Slack would refuse it', async (t) => {
  const { act } = await startSession(t, (app) =>
    app.command('/hello', async ({ ack, respond, command }) => {
      await ack('a moment');
      await respond(command.text === 'loud' ? { blocks: [{ type: 'nonsense' } as never] } : '*done*');
    }),
  );
  const sender = 'app (only visible to you)';
  assert.deepEqual(await act('/hello you'), [0, sender, 'a moment', sender, 'done']);
  const [status, , , refusal, why] = await act('/hello loud');
  assert.deepEqual([status, refusal], [1, '✗ Slack refuses what Maro sent: invalid_blocks']);
  assert.match(String(why), /json-pointer/);
  assert.deepEqual(await act('/nope'), [
    1,
    '✗ Slack refuses this: invalid_command',
    '  manifest.json does not declare the command /nope.',
    '  https://docs.slack.dev/interactivity/implementing-slash-commands',
  ]);
});

test('an act without an answer in three seconds has failed', async (t) => {
  const { act, slack } = await startSession(t, (app) => app.command('/hello', async ({ ack }) => ack()));
  const acting = act('/hello');
  const hurry = setInterval(() => slack.clock.advance(1_000), 100);
  assert.deepEqual(await acting, [1, '✗ No answer came in 3 seconds.']);
  clearInterval(hurry);
});

test('one can be somebody else and go elsewhere, but only to who and what there is', async (t) => {
  const { act, session } = await startSession(t);
  assert.equal(promptOf(session), '@ada #checkout> ');
  assert.deepEqual(await act('as noa'), [0, 'You are @noa of Northwind.']);
  assert.deepEqual(await act('in #shared-with-northwind'), [
    0,
    'You are in #shared-with-northwind, a public channel, shared with another company.',
  ]);
  assert.deepEqual(await act('as U1'), [0, 'You are @ada of Acme.']);
  assert.deepEqual(await act('in C3'), [0, 'You are in #incident-room, a private channel without Maro in it.']);
  assert.deepEqual(await act('in D1'), [0, 'You are in a direct message.']);
  assert.equal(promptOf(session), '@ada direct message> ');
  assert.deepEqual(await act('as zed'), [
    2,
    '? There is no person "zed". Choose one of: ada (U1), ben (U2), cyd (U3), noa (U4).',
  ]);
  const [status, sentence] = await act('in C9');
  assert.deepEqual([status, session.channel.id], [2, 'D1']);
  assert.match(String(sentence), /There is no channel "C9"/);
});

test('a step gets the current channel and person unless told, and is drawn as it ended', async (t) => {
  const { act, slack } = await startSession(t, (app) =>
    app.function('greet', async ({ inputs, complete, fail }) => {
      if (inputs.name === 'nobody') await fail({ error: 'There is nobody.' });
      else await complete({ outputs: { greeting: `${inputs.name} ${inputs.user_id} ${inputs.channel_id}` } });
    }),
  );
  await act('as ben');
  const ended = [0, 'step greet completed', '  greeting  you U0BEN C1'];
  assert.deepEqual(await act('step greet {"name": "you"}'), ended);
  assert.deepEqual(await act('step greet {"name": "you", "user_id": "U0CYD"}'), [
    ...ended.slice(0, 2),
    '  greeting  you U0CYD C1',
  ]);
  assert.deepEqual(await act('step greet {"name": "nobody"}'), [0, 'step greet failed: There is nobody.']);
  assert.equal((await act('step greet'))[0], 1, 'a required input is missing');
  assert.equal((await act('step other'))[0], 1, 'nobody declared it');
  for (const line of ['step', 'step greet {', 'step greet []', 'step greet you', 'workflow']) {
    assert.equal((await act(line))[0], 2, line);
  }
  assert.equal(slack.calls('functions.completeSuccess').length, 2);
});

test('a workflow is drawn step by step', async (t) => {
  const { act, session } = await startSession(t, (app) =>
    app.function('greet', async ({ inputs, complete }) => {
      await complete({ outputs: { greeting: `hello ${inputs.name}` } });
    }),
  );
  session.manifest.workflows = {
    twice: {
      input_parameters: { properties: { user_id: { type: 'slack#/types/user_id' } }, required: ['user_id'] },
      steps: [
        { id: '0', function_id: '#/functions/greet', inputs: { name: '{{inputs.user_id}}' } },
        { id: '1', function_id: '#/functions/greet', inputs: { name: '{{steps.0.greeting}}' } },
      ],
    },
  };
  assert.deepEqual(await act('workflow twice'), [
    0,
    'step 0 (greet) completed',
    '  greeting  hello U0ADA',
    'step 1 (greet) completed',
    '  greeting  hello hello U0ADA',
    'workflow twice completed',
  ]);
  assert.equal((await act('workflow thrice'))[0], 1);
  delete session.manifest.workflows;
});

test('a label presses the button of the newest message that has it, by its value where several look alike', async (t) => {
  const { act } = await startSession(t, (app) => {
    app.command('/hello', async ({ ack }) =>
      ack({ blocks: [{ type: 'actions', elements: [button('Remove it', 'a', '1'), button('Remove it', 'b', '2')] }] }),
    );
    app.action(/[ab]/, async ({ ack, respond, action }) => {
      await ack();
      const { value } = action as { value: string };
      await respond(value === '2' ? { delete_original: true } : { text: `pressed ${value}`, replace_original: false });
    });
  });
  assert.deepEqual(await act('press Remove it'), [2, '? There is no "Remove it" to press. You can press: nothing.']);
  await act('/hello');
  assert.equal((await act('press Remove it'))[0], 1, 'it is there twice');
  assert.equal((await act('press Remove it 1')).at(-1), 'pressed 1');
  assert.deepEqual(await act('press Remove it 2'), [0, 'The message was deleted.']);
  assert.equal((await act('press Remove it 2'))[0], 2);
});

test('a shortcut opens a view, which is filled in, submitted and closed by its buttons', async (t) => {
  const { act } = await startSession(t, (app) => {
    app.shortcut('note', async ({ ack, shortcut, client }) => {
      await ack();
      const field = { type: 'plain_text_input' as const, action_id: 'keys' };
      const blocks = [{ type: 'input' as const, block_id: 'keys', label: plain('Keys'), element: field }];
      const view = { type: 'modal' as const, title: plain('Track'), submit: plain('Track'), blocks };
      await client.views.open({ trigger_id: shortcut.trigger_id, view });
    });
    app.view(/.*/, async ({ ack, view }) => {
      const typed = Object.values(view.state.values).flatMap(Object.values)[0].value;
      if (typed === 'x') await ack({ response_action: 'errors', errors: { keys: 'No key.' } });
      else await ack();
    });
  });
  await act('see A-1');
  const box = [`┌─ Track ${'─'.repeat(35)}`, '│ Keys: [        ]', '└─ [Cancel] [Track]'];
  assert.deepEqual(await act('shortcut note m1'), [0, ...box]);
  assert.equal((await act('press Track'))[0], 1, 'a required field is empty');
  assert.equal((await act('press Track Keys'))[0], 2, 'no JSON');
  assert.deepEqual(await act('press Track {"Keys": "x"}'), [0, 'keys: No key.']);
  assert.deepEqual(await act('press Track {"Keys": "A-1"}'), [0, 'The view closes.']);
  await act('shortcut note m1');
  assert.deepEqual(await act('press Cancel'), [0, 'The view closes.']);
  assert.equal((await act('press Cancel'))[0], 2, 'it is closed');
  assert.equal((await act('shortcut note'))[0], 1, 'it is a message shortcut');
  for (const line of ['shortcut', 'shortcut note m9', 'shortcut note m1 m1'])
    assert.equal((await act(line))[0], 2, line);
});

test('Jira can be down, slow and up again', async (t) => {
  const { act, jira } = await startSession(t);
  const ask = () => fetch(`${jira.url}/rest/api/3/serverInfo`).then(({ status }) => status);
  assert.equal((await act('jira down'))[0], 0);
  await assert.rejects(ask);
  assert.equal((await act('jira slow'))[0], 0);
  const from = performance.now();
  assert.equal(await ask(), 200);
  assert.ok(performance.now() - from > 1_000);
  assert.equal((await act('jira up'))[0], 0);
  assert.equal(await ask(), 200);
  assert.equal((await act('jira'))[0], 2);
  assert.equal((await act('jira sideways'))[0], 2);
});

test('people act on issues in Jira', async (t) => {
  const { act, jira } = await startSession(t);
  const { issues } = jira;
  const { id } = issues.comment('PLAT-3', 'Before');
  const next = String(Number(id) + 1);
  const table: [line: string, says: string][] = [
    ['jira PLAT-3 Blocked', 'In Jira, PLAT-3 is now Blocked.'],
    ["jira PLAT-3 Won't Do", "In Jira, PLAT-3 is now Won't Do."],
    ['jira as yuki', 'In Jira, you are Yuki Tanaka.'],
    ['jira plat-3 summary Stay signed in', 'In Jira, PLAT-3 now reads: Stay signed in'],
    ['jira PLAT-3 assign aisha', 'In Jira, PLAT-3 is now assigned to Aisha Rahman.'],
    ['jira PLAT-3 assign nobody', 'In Jira, PLAT-3 is now assigned to nobody.'],
    ['jira PLAT-3 priority Low', 'In Jira, PLAT-3 now has the priority Low.'],
    ['jira PLAT-3 priority none', 'In Jira, PLAT-3 now has the priority none.'],
    ['jira PLAT-3 comment Why is that?', `In Jira, PLAT-3 now has the comment ${next}.`],
    [`jira PLAT-3 edit-comment ${next} Why not?`, `In Jira, the comment ${next} now reads: Why not?`],
    [`jira PLAT-3 delete-comment ${id}`, `In Jira, the comment ${id} is deleted.`],
    ['jira PLAT-3 due 2026-12-24', 'In Jira, PLAT-3 is now due: 2026-12-24'],
    ['jira PLAT-3 due none', 'In Jira, PLAT-3 is now due: at no time'],
    ['jira hide SHOP', 'In Jira, the project SHOP is hidden from Maro.'],
    ['jira show SHOP', 'In Jira, the project SHOP is visible to Maro.'],
    ['jira PLAT-3 hide', 'In Jira, PLAT-3 is hidden from Maro.'],
    ['jira PLAT-3 show', 'In Jira, PLAT-3 is visible to Maro.'],
    ['jira PLAT-3 move SHOP', 'In Jira, PLAT-3 is now SHOP-81.'],
    ['jira webhooks lost', "Jira's webhooks are lost."],
    ['jira webhooks on', "Jira's webhooks are on."],
  ];
  for (const [line, says] of table) assert.deepEqual(await act(line), [0, says], line);
  const issue = issues.find('SHOP-81');
  assert.deepEqual(
    [issue?.summary, issue?.assignee, issue?.priority, issue?.comments.length],
    ['Stay signed in', null, null, 1],
  );
  assert.deepEqual(
    issue?.histories.map(({ author }) => author?.displayName),
    ['Mara Lindqvist', 'Mara Lindqvist', ...Array(8).fill('Yuki Tanaka')],
  );
  assert.deepEqual(await act('jira SHOP-81 delete'), [0, 'In Jira, SHOP-81 is deleted.']);
  assert.equal(issues.find('SHOP-81'), undefined);
  for (const line of [
    'jira PLAT-4711 delete',
    'jira PLAT-2 Nowhere',
    'jira PLAT-2 assign someone',
    'jira PLAT-2 priority Urgent',
    'jira PLAT-2 delete-comment 1',
    'jira PLAT-2 delete all',
    'jira as someone',
    'jira webhooks sideways',
    'jira hide NOPE',
    'jira PLAT-2 due tomorrow',
  ]) {
    assert.equal((await act(line))[0], 2, line);
  }
  assert.deepEqual(await act('jira is down again'), [0, 'posted as m1']);
});

test('the Tab key offers acts, ids, people, channels and what can be pressed', async (t) => {
  const { act, session } = await startSession(t, (app) =>
    app.command('/hello', async ({ ack }) =>
      ack({ blocks: [section('x'), { type: 'actions', elements: [button('Go on', 'go')] }] }),
    ),
  );
  await act('text');
  await act('/hello');
  const table: [line: string, offers: string[]][] = [
    ['st', ['step ']],
    ['/h', ['/hello ']],
    ['step g', ['greet']],
    ['step greet {', []],
    ['shortcut no', ['note']],
    ['shortcut note m', ['m1']],
    ['press G', ['Go on']],
    ['press Go ', ['Go on']],
    ['as b', ['ben']],
    ['in #inc', ['#incident-room']],
    ['in D', ['D1']],
    ['jira s', ['slow', 'show']],
    ['jira PLAT-3 ed', ['edit-comment']],
    ['text a', []],
  ];
  for (const [line, offers] of table) assert.deepEqual(complete(session, line)[0], offers, line);
});

test('help names what there is', async (t) => {
  const { act } = await startSession(t);
  const [status, ...lines] = await act('help');
  assert.equal(status, 0);
  for (const words of ['/hello', 'note, start', 'greet', 'none yet', 'jira']) {
    assert.ok(lines.join('\n').includes(words), words);
  }
});
