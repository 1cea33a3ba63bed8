import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '@slack/bolt';
import type { Manifest } from '../../../sandbox/slack/index.ts';
import { manifest as plain, startExample } from './example.ts';

const page = 'https://docs.slack.dev/tools/bolt-js/concepts/custom-steps-dynamic-options';
const option = (value: string) => ({ text: { type: 'plain_text', text: `Tea ${value}` }, value });

type Dynamic = { function: string; inputs: Record<string, { value: string }>; selection_type?: string };
/** The example's manifest, with a step whose one input is filled by a function that puts out `options`. */
function withMenu(type = 'string', dynamic: Partial<Dynamic> = {}, supplied = 'slack#/types/options_select'): Manifest {
  const dynamic_options = {
    function: '#/functions/teas',
    inputs: { typed: { value: '{{client.query}}' } },
    ...dynamic,
  };
  const string = { type: 'string' };
  return {
    ...plain,
    functions: {
      ...plain.functions,
      brew: {
        input_parameters: { properties: { kind: string, tea: { type, dynamic_options } }, required: [] },
        output_parameters: { properties: {}, required: [] },
      },
      teas: {
        input_parameters: { properties: { typed: string, kind: string }, required: [] },
        output_parameters: { properties: { options: { type: supplied } }, required: ['options'] },
      },
    },
  };
}
const asked = { callback_id: 'brew', parameter: 'tea', inputs: { kind: 'green', tea: 'x' }, query: 'se' };
const supplier = (answer: (inputs: Record<string, unknown>) => unknown) => (app: App) =>
  app.function('teas', { autoAcknowledge: false }, async ({ inputs, complete, ack }) => {
    await complete({ outputs: { options: answer(inputs) } as never }).catch(() => {});
    await ack();
  });

for (const transport of ['socket', 'http'] as const) {
  test(`over ${transport}, a menu gets what the app supplies for the query and the inputs so far`, async (t) => {
    const inputs = { typed: { value: '{{client.query}}' }, kind: { value: '{{input_parameters.kind}}' } };
    const answer = ({ typed, kind }: Record<string, unknown>) => [option(`${typed} ${kind}`)];
    const { slack } = await startExample(t, supplier(answer), { transport, manifest: withMenu('string', { inputs }) });
    assert.deepEqual(await slack.options(asked), [option('se green')]);
    assert.deepEqual(await slack.options({ ...asked, inputs: {}, query: '' }), [option('undefined undefined')]);
    assert.deepEqual(slack.refusals, []);
  });
}

test('an app that acknowledges first, fails, or is late has supplied nothing', async (t) => {
  const late = await startExample(t, (app) => app.function('teas', async () => {}), { manifest: withMenu() });
  await assert.rejects(late.slack.options(asked), { error: 'options_not_supplied', document: page });
  const failing = (app: App) =>
    app.function('teas', { autoAcknowledge: false }, async ({ fail, ack }) => {
      await fail({ error: 'No tea today.' });
      await ack();
    });
  const failed = await startExample(t, failing, { manifest: withMenu() });
  await assert.rejects(failed.slack.options(asked), { error: 'options_failed', why: 'No tea today.', document: page });
  const silent = await startExample(t, (app) => app.function('teas', { autoAcknowledge: false }, async () => {}), {
    manifest: withMenu(),
  });
  await assert.rejects(silent.slack.options(asked), { error: 'operation_timeout' });
});

test('options of another shape are refused', async (t) => {
  for (const wrong of [
    { a: option('1') },
    [{ key: 'Tea', value: '1' }],
    [{ text: 'Tea', value: '1' }],
    [{ text: { type: 'mrkdwn', text: 'Tea' }, value: '1' }],
    [{ ...option('1'), text: { type: 'plain_text', text: 'x'.repeat(76) } }],
    [option('x'.repeat(151))],
    Array.from({ length: 101 }, (_, n) => option(String(n))),
  ]) {
    const { slack } = await startExample(
      t,
      supplier(() => wrong),
      { manifest: withMenu() },
    );
    await assert.rejects(slack.options(asked), { error: 'options_not_supplied' });
    assert.equal(slack.refusals.splice(0)[0]?.error, 'parameter_validation_failed', JSON.stringify(wrong).slice(0, 80));
  }
});

test('a manifest whose dynamic options do not fit together is refused', async (t) => {
  const fields = 'slack#/types/options_field';
  for (const [manifest, why] of [
    [withMenu('string', { function: '#/functions/greet' }), /without an output "options"/],
    [withMenu('object'), /is a menu/],
    [withMenu('string', {}, fields), /is a set of fields/],
    [withMenu('object', {}, fields), /"key-value"/],
    [withMenu('string', { inputs: { more: { value: '{{client.query}}' } } }), /fills "more"/],
    [withMenu('string', { inputs: { typed: { value: '{{input_parameters.more}}' } } }), /refers to/],
    [withMenu('string', { inputs: { typed: { value: 'kind' } } }), /refers to/],
  ] as const) {
    const { slack } = await startExample(
      t,
      supplier(() => []),
      { manifest },
    );
    await assert.rejects(slack.options(asked), { error: 'invalid_manifest', why, document: page });
  }
  const { slack } = await startExample(
    t,
    supplier(() => []),
    { manifest: withMenu() },
  );
  await assert.rejects(slack.options({ ...asked, parameter: 'kind' }), { error: 'no_dynamic_options' });
  await assert.rejects(slack.options({ ...asked, callback_id: 'other' }), { error: 'function_not_found' });
});
