import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { App } from '@slack/bolt';
import type { Execution, SlackOptions, WorkflowRun } from '../../../sandbox/slack/index.ts';
import { manifest, startExample } from './example.ts';

const greeting = (inputs: Record<string, unknown>) => ({
  greeting: `Hello ${inputs.name}`,
  count: Number(inputs.times ?? 1),
});

const greeter = (app: App) =>
  app.function('greet', async ({ inputs, complete, fail }) => {
    if (inputs.name === 'nobody') await fail({ error: 'There is nobody.' });
    else await complete({ outputs: greeting(inputs) });
  });

const silent = (t: TestContext, options: Partial<SlackOptions> = {}) =>
  startExample(t, (app) => app.function('greet', async () => {}), options);

const refused = (promise: Promise<unknown>, error: string) =>
  assert.rejects(promise, (thrown: { data?: { error: string } }) => {
    assert.equal(thrown.data?.error, error);
    return true;
  });

for (const transport of ['socket', 'http'] as const) {
  test(`over ${transport}, a step completes with outputs or fails with a sentence`, async (t) => {
    const { slack } = await startExample(t, greeter, { transport });
    const done = await slack.step('greet', { name: 'Ada', times: 2 }).finished;
    assert.deepEqual(
      [done.state, done.outputs, done.completions],
      ['completed', { greeting: 'Hello Ada', count: 2 }, 1],
    );
    const failed = await slack.step('greet', { name: 'nobody' }).finished;
    assert.deepEqual([failed.state, failed.error], ['failed', 'There is nobody.']);
    assert.match(String(failed.attempts[0]?.token), /^xwfp-/, 'Bolt completes with the token of the step');
    assert.deepEqual(slack.refusals, []);
  });
}

test('the event says what the function is, what it got and where the app is installed', async (t) => {
  const { slack } = await startExample(t, greeter);
  const { event } = slack.step('greet', { name: 'Noa' }, { user: 'noa', channel: 'C4' });
  assert.equal(event.team_id, 'T0NORTH');
  assert.equal(event.context_team_id, 'T0ACME');
  assert.equal(event.is_ext_shared_channel, true);
  assert.deepEqual((event.authorizations as object[])[0], {
    enterprise_id: null,
    team_id: 'T0ACME',
    user_id: 'U0MAROBOT',
    is_bot: true,
    is_enterprise_install: false,
  });
  const inner = event.event as { function: { callback_id: string; input_parameters: object[] }; inputs: object };
  assert.equal(inner.function.callback_id, 'greet');
  assert.equal(inner.function.input_parameters.length, 6);
  assert.deepEqual(inner.inputs, { name: 'Noa' });
});

test('Workflow Builder offers no function that is not declared and lets no wrong inputs through', async (t) => {
  const { slack } = await startExample(t, greeter);
  const wrong: [Record<string, unknown>, RegExp][] = [
    [{}, /"name" is missing/],
    [{ name: '' }, /"name" is empty/],
    [{ name: 7 }, /"name" is not a string/],
    [{ name: 'x', times: 1.5 }, /"times" is not a integer/],
    [{ name: 'x', loud: 'yes' }, /"loud" is not a boolean/],
    [{ name: 'x', user_id: 'ada' }, /not a slack#\/types\/user_id/],
    [{ name: 'x', channel_id: 'U0ADA' }, /not a slack#\/types\/channel_id/],
    [{ name: 'x', note: 'words' }, /"note" is not a slack#\/types\/rich_text/],
    [{ name: 'x', note: { type: 'rich_text', elements: [{ type: 'section' }] } }, /"note" is not a slack/],
    [{ name: 'x', more: 1 }, /"more" is not declared/],
    [{ name: 'x', __proto__x: 1 }, /not declared/],
  ];
  for (const [inputs, why] of wrong) {
    assert.throws(() => slack.step('greet', inputs), { error: 'parameter_validation_failed', why });
  }
  assert.throws(() => slack.step('other', {}), { error: 'function_not_found' });
  assert.equal(
    slack.log.some((entry) => entry.kind === 'delivery'),
    false,
  );
  const sent = await slack.step('greet', { more: true }, { unchecked: true }).finished;
  assert.equal(sent.outputs.greeting, 'Hello undefined');
  const free = await startExample(t, greeter, {
    manifest: { ...manifest, settings: { ...manifest.settings, event_subscriptions: { bot_events: [] } } },
  });
  assert.throws(() => free.slack.step('greet', { name: 'x' }), {
    error: 'function_not_found',
    why: /function_executed/,
  });
});

test('a completion must fit the manifest, name a running execution and come once', async (t) => {
  const { slack, app } = await silent(t);
  const { completeSuccess, completeError } = app.client.functions;
  const execution = slack.step('greet', { name: 'Ada' });
  const function_execution_id = execution.id;
  const complete = (outputs: object) => completeSuccess({ function_execution_id, outputs: outputs as never });
  await refused(complete({}), 'parameter_validation_failed');
  await refused(complete({ greeting: 1 }), 'parameter_validation_failed');
  await refused(complete({ greeting: 'x', extra: 'x' }), 'parameter_validation_failed');
  await refused(completeSuccess({ function_execution_id, outputs: '{' as never }), 'invalid_arguments');
  await refused(completeError({ function_execution_id, error: '' }), 'invalid_arguments');
  await refused(completeError({ function_execution_id: 'Fx0', error: 'x' }), 'function_execution_not_found');
  assert.equal(execution.state, 'in_progress');
  await complete({ greeting: '' });
  await refused(complete({ greeting: '' }), 'execution_not_in_running_state');
  await refused(completeError({ function_execution_id, error: 'x' }), 'execution_not_in_running_state');
  assert.equal(execution.completions, 1);
  assert.deepEqual(
    execution.attempts.map((attempt) => attempt.error),
    [
      ...Array(3).fill('parameter_validation_failed'),
      ...['invalid_arguments', undefined, 'execution_not_in_running_state', 'execution_not_in_running_state'],
    ],
  );
});

test('the token of a step serves that step alone, for fifteen minutes, until the step is over', async (t) => {
  const { slack, app } = await silent(t);
  const tokenOf = ({ event }: Execution) => (event.event as { bot_access_token: string }).bot_access_token;
  const [first, second, late] = ['a', 'b', 'c'].map((name) => slack.step('greet', { name })) as [
    Execution,
    Execution,
    Execution,
  ];
  const complete = ({ id }: Execution, token: string) =>
    app.client.functions.completeSuccess({ function_execution_id: id, outputs: { greeting: 'x' }, token });
  await refused(complete(first, tokenOf(second)), 'access_denied');
  await complete(first, tokenOf(first));
  await refused(complete(first, tokenOf(first)), 'token_revoked');
  await refused(complete(second, 'xwfp-guessed'), 'invalid_auth');
  slack.clock.advance(15 * 60_000 + 1);
  await refused(complete(late, tokenOf(late)), 'token_expired');
  await complete(late, slack.botToken);
});

test('one event can be delivered many times at once, and again later as a retry', async (t) => {
  const seen: unknown[] = [];
  const { slack } = await startExample(t, (app) =>
    app.function('greet', async ({ complete, context, body }) => {
      seen.push([body.event_id, context.retryNum]);
      await complete({ outputs: { greeting: 'x' } }).catch(() => {});
    }),
  );
  const execution = slack.step('greet', { name: 'Ada' }, { deliveries: 20 });
  assert.equal((await execution.delivered).filter((ack) => ack.ok).length, 20);
  await slack.redeliver(execution, { retryNum: 3, retryReason: 'http_timeout' });
  while (seen.length < 21) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(seen.at(-1), [execution.event.event_id, 3]);
  assert.equal(execution.completions, 1);
});

const steps = [
  { id: 'a', function_id: '#/functions/greet', inputs: { name: '{{inputs.who}}', times: '{{inputs.times}}' } },
  {
    id: 'b',
    function_id: '#/functions/greet',
    inputs: { name: 'again {{steps.a.greeting}}!', times: '{{steps.a.count}}' },
  },
  {
    id: 'c',
    function_id: 'slack#/functions/send_message',
    inputs: { channel_id: 'C1', message: '{{steps.b.greeting}}' },
  },
];
const input_parameters = { properties: { who: { type: 'string' }, times: { type: 'integer' } }, required: ['who'] };
const twice = { title: 'Twice', description: 'Greets twice', input_parameters, steps };

test('a workflow runs step after step, outputs feeding inputs', async (t) => {
  const { slack } = await startExample(t, greeter, { manifest: { ...manifest, workflows: { twice } } });
  const run = await slack.workflow('twice', { who: 'Ada', times: 3 });
  assert.equal(run.state, 'completed');
  assert.deepEqual(run.steps[1]?.inputs, { name: 'again Hello Ada!', times: 3 });
  assert.equal(slack.messages('C1', 'U1')[0]?.text, 'Hello again Hello Ada!');
  const short = await slack.workflow(twice, { who: 'Ben' });
  assert.deepEqual(short.steps[0]?.inputs, { name: 'Ben' }, 'an input that nobody gave is left out');
});

test('a workflow ends with its first failed step, and refuses references to nothing', async (t) => {
  const { slack } = await startExample(t, greeter);
  const run = await slack.workflow(twice, { who: 'nobody' });
  assert.deepEqual([run.state, run.steps.length, run.steps[0]?.error], ['failed', 1, 'There is nobody.']);
  const using = (inputs: object, function_id = '#/functions/greet') =>
    slack.workflow({ ...twice, steps: [{ id: 'a', function_id, inputs: inputs as never }] }, { who: 'Ada' });
  const empty = await using({ name: '{{inputs.times}}' });
  assert.match(String(empty.steps[0]?.error), /parameter_validation_failed: .*"name" is missing/);
  await assert.rejects(using({ name: '{{inputs.typo}}' }), { error: 'invalid_workflow', why: /inputs.typo/ });
  await assert.rejects(using({ name: '{{steps.a.greeting}}' }), { error: 'invalid_workflow' });
  await assert.rejects(using({}, 'slack#/functions/open_form'), { error: 'invalid_workflow', why: /does not have/ });
  await assert.rejects(using({}, '#/functions/other'), { error: 'function_not_found' });
  await assert.rejects(slack.workflow(twice, {}), { error: 'invalid_workflow', why: /"who" is missing/ });
  await assert.rejects(slack.workflow('none', {}), { error: 'invalid_workflow' });
});

test('a workflow is seen while it runs, each step as far as it is', async (t) => {
  let finish = () => {};
  const { slack } = await startExample(t, (app) =>
    app.function('greet', async ({ inputs, complete }) => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      await complete({ outputs: greeting(inputs) });
    }),
  );
  const began = Promise.withResolvers<WorkflowRun>();
  const ended = slack.workflow(twice, { who: 'Ada' }, {}, began.resolve);
  const run = await began.promise;
  while (run.steps.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual([run.state, run.steps[0]?.state, run.steps[0]?.outputs], ['in_progress', 'in_progress', {}]);
  const releasing = setInterval(() => finish(), 5);
  assert.equal(await ended, run);
  clearInterval(releasing);
  assert.deepEqual([run.state, run.steps[0]?.state], ['completed', 'completed']);
});

test('with deliveries doubled an event that was acknowledged comes once more, as a retry', async (t) => {
  const { slack } = await startExample(t, greeter);
  slack.trouble.twice(true);
  const execution = slack.step('greet', { name: 'Ada' });
  await execution.finished;
  const delivered = () => slack.log.filter(({ kind, name }) => kind === 'delivery' && name === 'events_api');
  while (delivered().length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.deepEqual(delivered()[1]?.args, delivered()[0]?.args);
  assert.equal(execution.completions, 1);
  slack.trouble.twice(false);
  await slack.step('greet', { name: 'Ben' }).finished;
  assert.equal(delivered().length, 3);
});
