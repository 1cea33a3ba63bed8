import type { PlainTextOption, RichTextBlock } from '@slack/types';
import { DatabaseTrouble } from './database/trouble.ts';
import { JiraTrouble } from './jira/trouble.ts';
import { LeaseLost } from './ledger/lease.ts';
import { duringOperation, errorName, framesOf } from './log.ts';
import type { Context } from './services.ts';
import { Trouble } from './trouble.ts';

/** The outputs of a step, by name. */
type StepOutputs = Readonly<Record<string, string | number | boolean | RichTextBlock | readonly PlainTextOption[]>>;

/**
 * A call without outputs, and the reason in a sentence. `complaints` has the
 * reasons that concern one field of Jira, by the field's id.
 */
type Failure = { error: string; complaints?: Readonly<Record<string, string>> | undefined };

/** The outcome of a step: the outputs that Slack gets, or the sentence with which the step fails. */
export type Outcome = { outputs: StepOutputs } | Failure;

/** A call that has no outcome before this time, unless what it waits for comes earlier. It is then made again. Only steps wait. */
export type Waiting = { waitsUntil: Date };

const ASK_AGAIN_MS = 60_000;

/** For a step that waits, and for which Jira does not answer now: the call is made again in a minute. */
export function askAgain(): Waiting {
  return { waitsUntil: new Date(Date.now() + ASK_AGAIN_MS) };
}

type Parameter = {
  type: string;
  title?: string;
  enum?: readonly string[];
  /** The values of `enum`, as Workflow Builder shows them. */
  choices?: readonly { title?: string }[];
  default?: string | number | boolean;
};
type Parameters = { properties: Readonly<Record<string, Parameter>>; required: readonly string[] };

/** The parts of a `DefineFunction` that Maro reads. */
export type Definition = {
  callback_id: string;
  input_parameters?: Parameters;
  output_parameters?: Parameters;
};

type ParameterValue<P> = P extends { enum: readonly (infer E)[] }
  ? E
  : P extends { type: 'boolean' }
    ? boolean
    : P extends { type: 'integer' | 'number' }
      ? number
      : P extends { type: 'slack#/types/rich_text' }
        ? unknown
        : P extends { type: 'object' }
          ? Readonly<Record<string, unknown>>
          : P extends { type: `slack#/types/options_${string}` }
            ? readonly PlainTextOption[]
            : string;

/** The inputs of a handler. Required inputs and inputs with a default are always present. */
export type Inputs<D> = D extends {
  definition: { input_parameters?: { properties: infer P; required: readonly (infer R)[] } };
}
  ? {
      [K in keyof P]: K extends R
        ? ParameterValue<P[K]>
        : P[K] extends { default: unknown }
          ? ParameterValue<P[K]>
          : ParameterValue<P[K]> | undefined;
    }
  : never;

/** The outputs of a handler. All of them are always present. */
export type Outputs<D> = D extends { definition: { output_parameters?: { properties: infer P } } }
  ? { [K in keyof P]: P[K] extends { type: 'slack#/types/rich_text' } ? RichTextBlock : ParameterValue<P[K]> }
  : never;

/**
 * The result of a call. `error` is a sentence for people that says why there are no outputs: nothing
 * was done, or Maro cannot tell or show what was done. `detail` is for callers that show more than a step's flat outputs.
 */
export type Result<D, Detail> = { outputs: Outputs<D>; detail: Detail } | (Failure & { detail: Detail | undefined });

/** The code that a function runs with its inputs. */
type Handler<I, R> = (inputs: I, context: Context) => Promise<R>;

/** A function: its definition for Slack, and its handler. Without type arguments, a function with any inputs and results. */
export type SlackFunction<I = never, R extends Outcome | Waiting = Outcome | Waiting> = {
  definition: Definition;
  handler: Handler<I, R>;
};

/** Makes a function from its declaration and a handler whose inputs match the declaration. */
export function slackFunction<D extends { definition: Definition }, R extends Outcome | Waiting>(
  declaration: D,
  handler: Handler<Inputs<D>, R>,
): SlackFunction<Inputs<D>, R> & { declaration: D } {
  return { declaration, definition: declaration.definition, handler };
}

const NO_PARAMETERS: Parameters = { properties: {}, required: [] };

/** The most characters in an input. Slack documents no limit, and nothing that a person types is longer. */
const LONGEST_INPUT = 250_000;

/**
 * Runs a function as a step. The inputs are checked against the definition, since Slack does not
 * promise to check them. A call without outputs fails the step. With `continue_on_error`, the step
 * completes instead: its outputs are empty, zero, or false, and `error` holds the sentence.
 * @throws {LeaseLost} when another process may have taken over the run.
 */
export async function runStep<R extends Outcome | Waiting>(
  fn: SlackFunction<never, R>,
  inputs: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<Outcome | Extract<R, Waiting>> {
  const parsed = parseInputs(fn.definition, inputs);
  const result = 'error' in parsed ? parsed : await call(fn, parsed.inputs as never, context);
  return isWaiting(result) ? result : settled(fn, inputs, result as Outcome);
}

function isWaiting<R extends Outcome | Waiting>(result: R): result is Extract<R, Waiting> {
  return 'waitsUntil' in result;
}

/** The outcome of a step that this process did not run because of `error`. */
export function notRun(
  fn: SlackFunction,
  inputs: Readonly<Record<string, unknown>>,
  error: unknown,
  context: Context,
): Outcome {
  const parsed = parseInputs(fn.definition, inputs);
  const failure = { error: sentenceOf(error, fn.definition.callback_id, context) };
  return settled(fn, inputs, 'error' in parsed ? parsed : failure);
}

function settled(
  { definition }: Pick<SlackFunction, 'definition'>,
  inputs: Readonly<Record<string, unknown>>,
  result: Outcome,
): Outcome {
  if ('outputs' in result) return { outputs: result.outputs };
  const { error, complaints } = result;
  if (inputs.continue_on_error === true) return { outputs: { ...emptyOutputs(definition), error } };
  return complaints === undefined ? { error } : { error, complaints };
}

/** The result of a call that did nothing. `done` is the participle in "Nothing was created."; `reason` is whole sentences. */
export function nothing(done: string, reason: string): { error: string; detail: undefined } {
  return { error: `Nothing was ${done}. ${reason}`, detail: undefined };
}

/**
 * Calls a function's handler. An error that the handler throws becomes a result with a sentence for people.
 * @throws {LeaseLost} and nothing else.
 */
export async function call<I, R extends Outcome | Waiting>(
  { definition, handler }: SlackFunction<I, R>,
  inputs: I,
  context: Context,
): Promise<R | { error: string; detail: undefined }> {
  try {
    return await duringOperation(context.operation, () => handler(inputs, context));
  } catch (error) {
    if (error instanceof LeaseLost) throw error;
    const sentence = sentenceOf(error, definition.callback_id, context);
    const isAway = error instanceof JiraTrouble || error instanceof DatabaseTrouble;
    return { error: isAway && context.earlier !== undefined ? doubtful(error) : sentence, detail: undefined };
  }
}

/**
 * Returns a sentence for people about an error. It is the error's own message if that was written
 * for people. Otherwise it names the operation to look for in the log, where the error is written.
 */
export function sentenceOf(error: unknown, what: string, { services, operation }: Context): string {
  if (error instanceof DatabaseTrouble) {
    services.log.error({ what, operation, cause: error.code }, 'database trouble');
    return error.message;
  }
  if (error instanceof JiraTrouble) return error.with('Nothing was changed.');
  if (error instanceof Trouble) return error.message;
  services.log.error({ what, operation, error: errorName(error), stack: framesOf(error) }, 'a defect in Maro');
  return `Something went wrong in Maro, so this may or may not have been done. Check before you repeat it. Your Maro admin can find it in the log (code ${operation}).`;
}

/** Whole sentences for an attempt that failed after an earlier one, whose outcome Maro does not know. */
function doubtful(trouble: Trouble): string {
  const doubt = 'Maro was interrupted, so this may or may not have been done. Check before you repeat it.';
  return trouble instanceof JiraTrouble ? `${doubt} ${trouble.what}` : doubt;
}

function parseInputs(
  { input_parameters: { properties, required } = NO_PARAMETERS }: Definition,
  given: Readonly<Record<string, unknown>>,
): { inputs: Record<string, unknown> } | { error: string } {
  const inputs: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(properties)) {
    const value = asText(name, Object.hasOwn(given, name) ? given[name] : undefined);
    if (value === undefined || value === null || value === '') {
      if (required.includes(name)) return wrong(`“${parameter.title ?? name}” is empty`);
      inputs[name] = parameter.default;
    } else if (!kindOfValue(parameter.type).fits(value)) {
      return wrong(`“${parameter.title ?? name}” isn’t ${kindOfValue(parameter.type).title}`);
    } else if (lengthOf(value) > LONGEST_INPUT) {
      return wrong(`“${parameter.title ?? name}” is longer than ${LONGEST_INPUT.toLocaleString('en')} characters`);
    } else if (parameter.enum !== undefined && !parameter.enum.includes(String(value))) {
      const titles = parameter.choices?.map(({ title }) => title) ?? parameter.enum;
      return wrong(`“${parameter.title ?? name}” isn’t one of ${titles.join(', ')}`);
    } else {
      inputs[name] = value;
    }
  }
  return { inputs };
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : JSON.stringify(value).length;
}

/** The inputs that name a message. Where their value comes from an earlier step, it may be a `message_context`. */
const MESSAGES = new Set(['message_link', 'thread_ts']);

/** The value of an input, with a `message_context` as JSON. https://docs.slack.dev/reference/types/message_context-type/ */
function asText(name: string, value: unknown): unknown {
  const { message_ts, channel_id } = (value ?? {}) as Record<string, unknown>;
  return MESSAGES.has(name) && typeof message_ts === 'string' ? JSON.stringify({ message_ts, channel_id }) : value;
}

function wrong(what: string): { error: string } {
  return { error: `${what}, so nothing was done. Fix it in the workflow, and run the workflow again.` };
}

type ValueKind = { title: string; empty: string | number | boolean | RichTextBlock; fits(value: unknown): boolean };

const STRING: ValueKind = { title: 'text', empty: '', fits: (value) => typeof value === 'string' };
/**
 * Slack's ids are capital letters and digits. Maro writes ids into mentions
 * such as `<@U012>`, where other text could break the message.
 */
const id = (title: string): ValueKind => ({
  title,
  empty: '',
  fits: (value) => typeof value === 'string' && value.length >= 2 && value.length <= 64 && /^[A-Z0-9]+$/.test(value),
});
const VALUE_KINDS: ReadonlyMap<string, ValueKind> = new Map([
  ['boolean', { title: 'true or false', empty: false, fits: (value: unknown) => typeof value === 'boolean' }],
  ['number', { title: 'a number', empty: 0, fits: Number.isFinite }],
  ['integer', { title: 'a whole number', empty: 0, fits: Number.isSafeInteger }],
  ['slack#/types/channel_id', id('a channel')],
  ['slack#/types/user_id', id('a person')],
  ['object', { title: 'a set of fields', empty: '', fits: isObject }],
  [
    'slack#/types/rich_text',
    { title: 'formatted text', empty: { type: 'rich_text', elements: [] }, fits: isFormatted },
  ],
]);

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Slack documents the type and not its value, so this takes a rich_text block, a list of them, and text. */
function isFormatted(value: unknown): boolean {
  if (typeof value === 'string') return true;
  const blocks: unknown[] = Array.isArray(value) ? value : [value];
  return blocks.every((block) => (block as { type?: unknown } | null)?.type === 'rich_text');
}

function kindOfValue(type: string): ValueKind {
  return VALUE_KINDS.get(type) ?? STRING;
}

function emptyOutputs({ output_parameters: { properties } = NO_PARAMETERS }: Definition): StepOutputs {
  return Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, kindOfValue(type).empty]));
}
