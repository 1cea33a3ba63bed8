import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, test } from 'node:test';
import { declarations } from '../../functions/index.ts';
import { DefineFunction, DefineWorkflow, Schema } from '../../src/sdk.ts';
import { workflows } from '../../workflows/index.ts';

type Parameters = { properties: Record<string, { type: string }>; required: string[] };
type Called = { id: string; definition: { input_parameters?: unknown; output_parameters?: unknown } };
type Exported = {
  input_parameters?: Parameters;
  steps: { id: string; function_id: string; inputs: Record<string, unknown> }[];
};

/** Stands for the type of what Slack's own functions put out, which nobody here knows. */
const ANY = 'any';

/** What is wrong with a workflow's steps. `addStep` takes anything, and a typo in a reference becomes "undefined". */
function misfits(workflow: { export(): unknown }, functions: readonly Called[] = declarations): string[] {
  const { input_parameters, steps } = JSON.parse(JSON.stringify(workflow.export())) as Exported;
  /** The type of each value that a step can refer to. */
  const values = new Map<string, string>();
  const remember = (prefix: string, parameters: Parameters | undefined) => {
    for (const [name, { type }] of Object.entries(parameters?.properties ?? {})) values.set(`${prefix}.${name}`, type);
  };
  remember('inputs', input_parameters);
  return steps.flatMap(({ id, function_id, inputs }) => {
    const called = functions.find((fn) => `#/functions/${fn.id}` === function_id);
    if (called === undefined && function_id.startsWith('#')) return [`step ${id} is no function of ours`];
    const declared = called?.definition.input_parameters as Parameters | undefined;
    const lacking = (declared?.required ?? []).filter((name) => (inputs[name] ?? '') === '');
    const wrong = Object.entries(inputs).flatMap(([name, value]) => {
      const type = called === undefined ? ANY : declared?.properties[name]?.type;
      return type === undefined ? [`has no input ${name}`] : wrongWith(name, value, type, values);
    });
    if (called === undefined) values.set(`steps.${id}.*`, ANY);
    else remember(`steps.${id}`, called.definition.output_parameters as Parameters);
    return [...lacking.map((name) => `lacks ${name}`), ...wrong].map((what) => `step ${id} ${what}`);
  });
}

function wrongWith(name: string, value: unknown, type: string, values: ReadonlyMap<string, string>): string[] {
  const typeOf = (path: string) => values.get(path) ?? values.get(path.replace(/[^.]+$/, '*'));
  if (typeof value !== 'string') {
    const given = typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value;
    return [given, ANY].includes(type) ? [] : [`has a value of type ${given} for ${name}`];
  }
  const paths = [...value.matchAll(/\{\{(.*?)\}\}/g)].map(([, path]) => path as string);
  const unknown = paths.filter((path) => typeOf(path) === undefined);
  if (unknown.length > 0) return unknown.map((path) => `refers to ${path} for ${name}, which there is not`);
  if (/\bundefined\b/.test(value)) return [`says "undefined" in ${name}`];
  // A reference alone hands on the value as it is; among words it becomes text.
  const given = paths.length === 1 && value === `{{${paths[0]}}}` ? typeOf(paths[0] as string) : 'string';
  return [given, ANY].includes(type) || given === ANY ? [] : [`has a value of type ${given} for ${name}`];
}

const channel = { type: Schema.slack.types.channel_id };
const Count = DefineFunction({
  callback_id: 'count',
  title: 'Count',
  source_file: 'functions/count.ts',
  input_parameters: {
    properties: { channel_id: channel, words: { type: Schema.types.string }, loud: { type: Schema.types.boolean } },
    required: ['channel_id', 'words'],
  },
  output_parameters: { properties: { count: { type: Schema.types.integer } }, required: ['count'] },
});
const example = () =>
  DefineWorkflow({
    callback_id: 'example',
    title: 'Example',
    input_parameters: {
      properties: { channel_id: channel, said: { type: Schema.types.string } },
      required: ['channel_id', 'said'],
    },
  });

describe('each step of a workflow', () => {
  test('has the inputs that its function takes, and refers to what there is', () => {
    const files = globSync('workflows/*.ts', { cwd: new URL('../../', import.meta.url).pathname });
    const names = files.map((file) => basename(file, '.ts')).filter((name) => name !== 'index');
    assert.deepEqual(workflows.map(({ id }) => id).sort(), names.sort());
    for (const workflow of workflows) assert.deepEqual(misfits(workflow), [], workflow.id);
  });

  test('that is right is taken', () => {
    const workflow = example();
    const { channel_id, said } = workflow.inputs;
    const { outputs } = workflow.addStep(Count, { channel_id, words: `${said}, again`, loud: true });
    const message = { channel_id, message: `${outputs.count} words in ${said}` };
    const sent = workflow.addStep('slack#/functions/send_message', message);
    workflow.addStep(Count, { channel_id, words: sent.outputs.message_link as string });
    assert.deepEqual(misfits(workflow, [Count]), []);
  });

  test('that is wrong is found out', () => {
    const workflow = example();
    const { channel_id, said, typo } = workflow.inputs as unknown as Record<string, string>;
    const add = (inputs: object) => workflow.addStep(Count, inputs as never).outputs.count as unknown as string;
    const count = add({ channel_id, words: `${said} ${typo}` });
    add({ channel_id: typo, words: '' });
    add({ channel_id, words: said, more: 1 });
    add({ channel_id: said, words: count, loud: 'yes' });
    add({ channel_id, words: 7 });
    add({ channel_id, words: '{{inputs.typo}} {{steps.7.count}} {{steps.5.count}}' });
    assert.deepEqual(misfits(workflow, [Count]), [
      'step 0 says "undefined" in words',
      'step 1 lacks channel_id',
      'step 1 lacks words',
      'step 2 has no input more',
      'step 3 has a value of type string for channel_id',
      'step 3 has a value of type integer for words',
      'step 3 has a value of type string for loud',
      'step 4 has a value of type integer for words',
      'step 5 refers to inputs.typo for words, which there is not',
      'step 5 refers to steps.7.count for words, which there is not',
      'step 5 refers to steps.5.count for words, which there is not',
    ]);
    assert.deepEqual(misfits(workflow, [])[0], 'step 0 is no function of ours');
  });
});
