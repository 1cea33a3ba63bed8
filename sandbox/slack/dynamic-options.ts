import { type Who, whoAndWhere } from './act.ts';
import { ackRefusal } from './delivery.ts';
import type { Json } from './log.ts';
import { type FunctionDeclaration, type Manifest, type Parameter, requireFunction } from './manifest.ts';
import type { Option } from './picks.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

const page = 'tools/bolt-js/concepts/custom-steps-dynamic-options';

const refuse = (error: string, why: string) => new Refusal(error, why, page);

/** What somebody who edits a step wants to choose from, with what the step's inputs hold by now. */
export interface AskedOptions {
  callback_id: string;
  parameter: string;
  inputs: Json;
  query?: string;
}

/**
 * Asks the app what an input of a step offers, as Workflow Builder does while somebody edits the step: runs the function that
 * the manifest names, which has to be completed before its event is acknowledged.
 */
export async function dynamicOptions(world: World, asked: AskedOptions, who: Who = {}): Promise<Option[]> {
  const { callback_id, parameter, inputs, query = '' } = asked;
  const declared = requireFunction(world.manifest, callback_id);
  const { function: supplier, inputs: mapped } = requireDynamic(world.manifest, callback_id, parameter);
  const known: Record<string, unknown> = { 'client.query': query };
  for (const name of Object.keys(declared.input_parameters.properties))
    known[`input_parameters.${name}`] = inputs[name];
  const given = Object.entries(mapped).map(([name, { value }]) => [name, known[referenceIn(value)]] as const);
  const filled = Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== ''));
  const { user, channel } = whoAndWhere(world, who);
  const execution = world.executions.step(supplier, filled, { user: user.id, channel: channel.id });
  const [ack] = await execution.delivered;
  if (ack?.ok === false) throw ackRefusal(ack, `the event for ${supplier}`);
  if (execution.state === 'in_progress') {
    throw refuse('options_not_supplied', `${supplier} acknowledged the event before it was completed.`);
  }
  if (execution.state === 'failed') throw refuse('options_failed', String(execution.error));
  return execution.outputs.options as Option[];
}

/**
 * The dynamic options of an input.
 * @throws {Refusal} unless the function that supplies them puts out `options` of the type that the input needs, and each of its
 * inputs is there and refers to something that is there.
 */
export function requireDynamic(manifest: Manifest, callback_id: string, name: string) {
  const declared = requireFunction(manifest, callback_id);
  const parameter = declared.input_parameters.properties[name];
  const dynamic = parameter?.dynamic_options;
  const where = `The input "${name}" of ${callback_id}`;
  if (parameter === undefined || dynamic === undefined)
    throw refuse('no_dynamic_options', `${where} has no dynamic options.`);
  const supplier = dynamic.function.replace(/^#\/functions\//, '');
  const supplying = requireFunction(manifest, supplier);
  const misfit = misfitOf(parameter, supplying, declared);
  if (misfit !== undefined) throw refuse('invalid_manifest', `${where} ${misfit}.`);
  return { function: supplier, inputs: dynamic.inputs };
}

/** What is wrong with the dynamic options of an input; undefined when they are in order. */
function misfitOf(
  parameter: Parameter,
  supplying: FunctionDeclaration,
  declared: FunctionDeclaration,
): string | undefined {
  const { type, dynamic_options: { inputs = {}, selection_type } = {} } = parameter;
  const supplied = supplying.output_parameters.properties.options?.type;
  const isSelect = supplied === 'slack#/types/options_select';
  if (!isSelect && supplied !== 'slack#/types/options_field')
    return 'is filled by a function without an output "options"';
  if (isSelect && type !== 'string' && type !== 'array') return 'is a menu, and has to be a string or an array';
  if (!isSelect && (type !== 'object' || selection_type !== 'key-value')) {
    return 'is a set of fields, and has to be an object with the selection_type "key-value"';
  }
  for (const [input, { value }] of Object.entries(inputs)) {
    if (!Object.hasOwn(supplying.input_parameters.properties, input)) return `fills "${input}", which is not declared`;
    const reference = referenceIn(value);
    const own = reference.replace(/^input_parameters\./, '');
    const isKnown = reference === 'client.query' || Object.hasOwn(declared.input_parameters.properties, own);
    if (!isKnown) return `refers to ${value}, which does not exist`;
  }
  return undefined;
}

function referenceIn(value: string): string {
  return /^\{\{([\w.]+)\}\}$/.exec(value)?.[1] ?? '';
}
