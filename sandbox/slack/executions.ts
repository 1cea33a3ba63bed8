import { randomBytes } from 'node:crypto';
import type { Clock } from './clock.ts';
import type { Ack, Events } from './delivery.ts';
import type { Json } from './log.ts';
import { type FunctionDeclaration, type Manifest, type Parameters, requireFunction } from './manifest.ts';
import { misfitOf } from './parameters.ts';
import { eventPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import { bot, type Workspace } from './workspace.ts';

/** Slack: the token of a step dies fifteen minutes after it was issued, or when the step is completed. */
const tokenMs = 15 * 60_000;

/** One run of one step. */
export interface Execution {
  id: string;
  callback_id: string;
  state: 'in_progress' | 'completed' | 'failed';
  inputs: Json;
  /** What the app completed it with. */
  outputs: Json;
  /** The sentence the app failed it with. */
  error: string | undefined;
  /** Settles when the step is completed or failed; a step that hangs never does. */
  finished: Promise<Execution>;
  /** Completions and failures that Slack took: 0 or 1. */
  completions: number;
  /** Every completeSuccess and completeError that named this execution, refused ones too. */
  attempts: { method: string; args: Json; token: string; error?: string; at: number }[];
  /** The event, as each delivery of it carries it. */
  event: Json;
  /** How its first deliveries were acknowledged. */
  delivered: Promise<Ack[]>;
}

export interface StepOptions {
  /** Skips the check of the function and its inputs, to send what Slack promises not to. */
  unchecked?: boolean;
  /** The same event so many times at once, spread over the connections. */
  deliveries?: number;
  /** Who runs the workflow, and where: in a shared channel, another company's user. */
  user?: string;
  channel?: string;
}

export interface Executions {
  step(callback_id: string, inputs: Json, options?: StepOptions): Execution;
  redeliver(execution: Execution, retry?: { retryNum?: number; retryReason?: string }): Promise<Ack>;
  find(id: unknown): Execution | undefined;
  /** Throws what functions.completeSuccess and completeError answer to a call that does not fit. */
  complete(method: string, args: Json, token: string): void;
  /** Throws unless this just-in-time token still lives. */
  checkToken(token: string): void;
}

const parts = (declared?: Parameters) =>
  Object.entries(declared?.properties ?? {}).map(([name, { type, title = name, description = '' }]) => ({
    type,
    name,
    title,
    description,
    is_required: declared?.required.includes(name) ?? false,
  }));

export function createExecutions(manifest: Manifest, workspace: Workspace, clock: Clock, events: Events): Executions {
  const all = new Map<unknown, Execution & { declared: FunctionDeclaration | undefined; finish(): void }>();
  const tokens = new Map<string, { execution: Execution; until: number }>();
  // No two Slacks give the same id, since an app may keep what it did for another one.
  const run = randomBytes(4).toString('hex').toUpperCase();
  let count = 0;
  const serial = () => String(++count).padStart(9, '0');

  function declaration(callback_id: string, inputs: Json, unchecked: boolean): FunctionDeclaration | undefined {
    const { functions = {} } = manifest;
    if (unchecked) return Object.hasOwn(functions, callback_id) ? functions[callback_id] : undefined;
    const declared = requireFunction(manifest, callback_id);
    const misfit = misfitOf(inputs, declared.input_parameters, { emptyIsMissing: true });
    if (!misfit) return declared;
    throw new Refusal(
      'parameter_validation_failed',
      `Inputs of ${callback_id}: ${misfit}.`,
      'workflows/workflow-steps',
    );
  }

  function eventOf(id: string, callback_id: string, inputs: Json, declared: FunctionDeclaration | undefined): Json {
    const token = `xwfp-${id}-${randomBytes(8).toString('hex')}`;
    const now = Math.floor(clock.now() / 1000);
    return {
      type: 'function_executed',
      function: {
        id: `Fn${callback_id}`,
        callback_id,
        title: declared?.title ?? callback_id,
        description: declared?.description ?? '',
        type: 'app',
        app_id: bot.app_id,
        input_parameters: parts(declared?.input_parameters),
        output_parameters: parts(declared?.output_parameters),
        date_created: now,
        date_updated: now,
        date_deleted: 0,
      },
      inputs,
      function_execution_id: id,
      workflow_execution_id: `Wx${serial()}`,
      event_ts: `${now}.${serial().slice(-6)}`,
      bot_access_token: token,
    };
  }

  function settle(execution: Execution, method: string, args: Json): void {
    const refuse = (error: string, why: string) => new Refusal(error, why, `reference/methods/${method}`);
    if (execution.state !== 'in_progress') {
      throw refuse('execution_not_in_running_state', `${execution.id} is ${execution.state} already.`);
    }
    if (method === 'functions.completeError') {
      const { error } = args;
      if (typeof error !== 'string' || error === '') throw refuse('invalid_arguments', 'error must be a text.');
      Object.assign(execution, { state: 'failed', error });
    } else {
      if (typeof args.outputs !== 'object' || args.outputs === null || Array.isArray(args.outputs)) {
        throw refuse('invalid_arguments', 'outputs must be an object.');
      }
      const outputs = args.outputs as Json;
      const declared = all.get(execution.id)?.declared;
      const misfit = declared && misfitOf(outputs, declared.output_parameters, { emptyIsMissing: false });
      if (misfit) throw refuse('parameter_validation_failed', `Outputs of ${execution.callback_id}: ${misfit}.`);
      Object.assign(execution, { state: 'completed', outputs });
    }
    execution.completions += 1;
    all.get(execution.id)?.finish();
  }

  return {
    find: (id) => all.get(id),
    step(callback_id, inputs, { unchecked = false, deliveries = 1, user, channel } = {}) {
      const declared = declaration(callback_id, inputs, unchecked);
      const actor = workspace.user(user ?? (workspace.users[0]?.id as string));
      const id = `Fx${run}${serial()}`;
      const { promise: finished, resolve } = Promise.withResolvers<Execution>();
      const inner = eventOf(id, callback_id, structuredClone(inputs), declared);
      const place = channel ? workspace.channel(channel) : undefined;
      const event = eventPayload(workspace, actor, place, clock.now(), inner);
      const delivered = Promise.resolve().then(() =>
        Promise.all(Array.from({ length: deliveries }, () => events.send(event))),
      );
      const execution: Execution & { declared: FunctionDeclaration | undefined; finish(): void } = {
        id,
        callback_id,
        state: 'in_progress',
        inputs,
        outputs: {},
        error: undefined,
        finished,
        completions: 0,
        attempts: [],
        event,
        delivered,
        declared,
        finish: () => resolve(execution),
      };
      all.set(id, execution);
      tokens.set(String(inner.bot_access_token), { execution, until: clock.now() + tokenMs });
      return execution;
    },
    redeliver: (execution, { retryNum = 1, retryReason = 'http_timeout' } = {}) =>
      events.send(execution.event, { num: retryNum, reason: retryReason }),
    checkToken(token) {
      const held = tokens.get(token);
      const refuse = (error: string, why: string) => new Refusal(error, why, 'authentication/tokens');
      if (!held) throw refuse('invalid_auth', 'No step has this token.');
      if (held.execution.state !== 'in_progress') throw refuse('token_revoked', 'The step with this token has ended.');
      if (clock.now() > held.until) throw refuse('token_expired', 'The token of a step expires after 15 minutes.');
    },
    complete(method, args, token) {
      const id = args.function_execution_id;
      const execution = all.get(id);
      const page = `reference/methods/${method}`;
      if (!execution) {
        throw new Refusal('function_execution_not_found', `There is no execution "${String(id)}".`, page);
      }
      const attempt: Execution['attempts'][number] = { method, args, token, at: clock.now() };
      execution.attempts.push(attempt);
      if (token.startsWith('xwfp-') && tokens.get(token)?.execution !== execution) {
        attempt.error = 'access_denied';
        throw new Refusal('access_denied', 'This token belongs to another execution.', page);
      }
      try {
        settle(execution, method, args);
      } catch (error) {
        if (error instanceof Refusal) attempt.error = error.error;
        throw error;
      }
    },
  };
}
