import type { StepOptions } from './executions.ts';
import type { Json } from './log.ts';
import { type FunctionDeclaration, requireFunction, type WorkflowDeclaration } from './manifest.ts';
import { byTheApp } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

const page = 'tools/deno-slack-sdk/guides/creating-workflows';
const sendMessage = 'slack#/functions/send_message';

export interface StepRun {
  /** The step's id in the workflow. */
  id: string;
  callback_id: string;
  inputs: Json;
  outputs: Json;
  error: string | undefined;
  state: 'in_progress' | 'completed' | 'failed';
}

/** `steps` holds those that ran or are running: a failed one is the last. */
export interface WorkflowRun {
  state: 'in_progress' | 'completed' | 'failed';
  steps: StepRun[];
}

type Definition = WorkflowDeclaration;

/**
 * Runs a coded workflow as Slack would: step after step, outputs feeding inputs, ending with the first step that fails.
 * `what` is a definition or the callback_id of one in the manifest. Of Slack's own functions it knows send_message. `begun`
 * gets the run as soon as it begins; it changes as its steps do.
 */
export async function runWorkflow(
  world: World,
  what: Definition | string,
  inputs: Json,
  options: StepOptions = {},
  begun: (run: WorkflowRun) => void = () => {},
): Promise<WorkflowRun> {
  const definition = typeof what === 'string' ? named(world, what) : what;
  checkReferences(world, definition);
  for (const name of definition.input_parameters?.required ?? []) {
    if (inputs[name] === undefined || inputs[name] === '') throw refuse(`the input "${name}" is missing.`);
  }
  const run: WorkflowRun = { state: 'in_progress', steps: [] };
  begun(run);
  const scope: Scope = { inputs, steps: {} };
  for (const step of definition.steps) {
    const resolved = resolve(step.inputs ?? {}, scope) as Json;
    const { id, function_id } = step;
    const ran: StepRun = {
      id,
      callback_id: function_id.replace(/^#\/functions\//, ''),
      inputs: resolved,
      outputs: {},
      error: undefined,
      state: 'in_progress',
    };
    run.steps.push(ran);
    Object.assign(ran, await outcomeOf(world, ran, options));
    if (ran.state === 'failed') return Object.assign(run, { state: 'failed' as const });
    scope.steps[id] = ran.outputs;
  }
  return Object.assign(run, { state: 'completed' as const });
}

const refuse = (why: string) => new Refusal('invalid_workflow', why, page);

function named({ manifest }: World, callback_id: string): Definition {
  const { workflows = {} } = manifest;
  if (!Object.hasOwn(workflows, callback_id)) throw refuse(`The manifest declares no workflow "${callback_id}".`);
  return workflows[callback_id] as Definition;
}

async function outcomeOf(
  world: World,
  { callback_id, inputs }: StepRun,
  options: StepOptions,
): Promise<Pick<StepRun, 'outputs' | 'error' | 'state'>> {
  if (callback_id === sendMessage) {
    const channel = world.workspace.channel(String(inputs.channel_id));
    const { ts } = world.messages.post({ text: String(inputs.message), blocks: [], ...byTheApp, channel: channel.id });
    return { outputs: { message_timestamp: ts }, error: undefined, state: 'completed' };
  }
  try {
    const { outputs, error, state } = await world.executions.step(callback_id, inputs, options).finished;
    return { outputs, error, state: state === 'completed' ? state : 'failed' };
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
    return { outputs: {}, error: refusal.message, state: 'failed' };
  }
}

interface Scope {
  inputs: Json;
  steps: Record<string, Json>;
}

const reference = /\{\{\s*([\w.]+)\s*\}\}/g;

/** A text that is nothing but a reference takes the value as it is; within a text it becomes text. */
function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((each) => resolve(each, scope));
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([name, each]) => [name, resolve(each, scope)] as const);
    return Object.fromEntries(entries.filter(([, each]) => each !== undefined));
  }
  if (typeof value !== 'string') return value;
  const whole = /^\{\{\s*([\w.]+)\s*\}\}$/.exec(value);
  if (whole) return lookUp(String(whole[1]), scope);
  return value.replace(reference, (_, path: string) => String(lookUp(path, scope) ?? ''));
}

function lookUp(path: string, scope: Scope): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null;
    return isObject && Object.hasOwn(value, name) ? (value as Json)[name] : undefined;
  }, scope);
}

/** Refuses what Slack refuses when a manifest is saved: unknown functions, and references to nothing. */
function checkReferences({ manifest }: World, { input_parameters, steps }: Definition): void {
  const outputs = new Map<string, FunctionDeclaration | undefined>();
  for (const { id, function_id, inputs = {} } of steps) {
    const isOurs = function_id.startsWith('#/functions/');
    if (!isOurs && function_id !== sendMessage) throw refuse(`The stand-in does not have the function ${function_id}.`);
    const declared = isOurs ? requireFunction(manifest, function_id.replace(/^#\/functions\//, '')) : undefined;
    for (const [, path = ''] of JSON.stringify(inputs).matchAll(reference)) {
      const [root, first = '', second = ''] = path.split('.');
      const known =
        root === 'inputs'
          ? Object.hasOwn(input_parameters?.properties ?? {}, first)
          : root === 'steps' &&
            outputs.has(first) &&
            Object.hasOwn(outputs.get(first)?.output_parameters.properties ?? { message_timestamp: 1 }, second);
      if (!known) throw refuse(`Step ${id} refers to {{${path}}}, which does not exist.`);
    }
    outputs.set(id, declared);
  }
}
