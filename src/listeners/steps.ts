import type { App } from '@slack/bolt';
import { functions } from '../../functions/index.ts';
import type { Deliveries } from '../deliveries.ts';
import { notRun, type Outcome, runStep, type SlackFunction, type Waiting } from '../function.ts';
import { acceptSurely, refuseSurely } from '../ledger/accept.ts';
import { givenUp, type Kind, type Run } from '../ledger/index.ts';
import { type Context, claimed, type Deps, unclaimed } from '../services.ts';
import { answerOptions, suppliesOptions } from './options.ts';

/** The kind of ledger run for a workflow step that Slack asks Maro to run. */
export const STEP = 'step';

const steps = new Map<string, SlackFunction>(Object.entries(functions));

type Execution = { id: string; callbackId: string; inputs: Readonly<Record<string, unknown>> };

/**
 * Registers the only listener for `function_executed`, the event that starts a step. Maro stores the
 * execution before it acknowledges the event. Then it runs the step, stores the outcome, and sends the
 * outcome to Slack. However often Slack delivers the event, the step has one effect and one outcome. While
 * the database is unavailable, the step waits for up to ten minutes, because another process may be running it. Then it fails.
 */
export function registerSteps(app: App, { deliveries, ...deps }: Deps & { deliveries: Deliveries }): void {
  app.event('function_executed', async ({ event, ack }) => {
    const execution = parseExecution(event);
    if (execution === undefined) {
      deps.services.log.warn('a function_executed event without an execution');
      return void (await ack());
    }
    if (suppliesOptions(execution.callbackId)) return answerOptions(execution, ack, deps);
    await deliver({ execution, ack, isOver: () => deliveries.draining }, deps);
  });
}

type StepDelivery = {
  execution: Execution;
  ack(): Promise<unknown>;
  /**
   * Whether this process is shutting down. If the execution is not stored by
   * then, the event stays unacknowledged, so that Slack delivers it again.
   */
  isOver(): boolean;
};

async function deliver({ execution, ack, isOver }: StepDelivery, deps: Deps): Promise<void> {
  const { slack, ledger } = deps;
  const { id, callbackId, inputs } = execution;
  const run = { id, kind: STEP, door: 'step', inputs: { callback_id: callbackId, inputs } };
  const acceptance = await acceptSurely(ledger, run, { isOnly: false, isOver });
  if (acceptance === 'over') return;
  await ack();
  if (acceptance instanceof Error) {
    const outcome = notAccepted(execution, acceptance, unclaimed(ofStep(id, deps)));
    await slack.complete(id, outcome);
    return refuseSurely(ledger, run, outcome, isOver);
  }
  if (acceptance.state === 'finished') await slack.complete(id, acceptance.outcome as Outcome);
  if (acceptance.state === 'ours') await ledger.bringToEnd(acceptance.run);
}

/** How the ledger runs a step and sends its outcome to Slack. */
export function stepKind(deps: Deps): Kind {
  return {
    keeps: true,
    async run(run, lease) {
      const outcome = await outcomeOf(executionOf(run), { ...ofStep(run.id, deps), ...claimed(run, lease) });
      return 'waitsUntil' in outcome ? outcome : { outcome, failed: false, told: false };
    },
    giveUp: () => ({ error: givenUp('Check before you run it again') }),
    tell: (run, outcome) => deps.slack.complete(run.id, outcome as Outcome),
  };
}

function executionOf({ id, inputs }: Run): Execution {
  const { callback_id: callbackId, inputs: own } = inputs as { callback_id: string; inputs: Execution['inputs'] };
  return { id, callbackId, inputs: own };
}

async function outcomeOf({ callbackId, inputs }: Execution, context: Context): Promise<Outcome | Waiting> {
  const fn = steps.get(callbackId);
  return fn === undefined ? unknownStep(context) : runStep(fn, inputs, context);
}

/** The outcome of a step that this process did not run, because Maro could not store it or cannot tell whether it is stored. */
function notAccepted({ callbackId, inputs }: Execution, error: Error, context: Context): Outcome {
  const fn = steps.get(callbackId);
  return fn === undefined ? unknownStep(context) : notRun(fn, inputs, error, context);
}

function unknownStep({ services, operation }: Context): Outcome {
  services.log.warn({ operation }, 'a step that this version of Maro does not have');
  return {
    error:
      'This version of Maro doesn’t have this step, so nothing was done. Ask your Maro admin to install the current manifest.',
  };
}

function ofStep(operation: string, { tenant, services }: Deps): Omit<Context, 'lease' | 'earlier'> {
  return { tenant, door: 'step', operation, services };
}

function parseExecution(event: unknown): Execution | undefined {
  const { function_execution_id: id, function: fn, inputs } = (event ?? {}) as Record<string, unknown>;
  const callbackId = (fn as { callback_id?: unknown } | null | undefined)?.callback_id;
  if (typeof id !== 'string' || id === '' || typeof callbackId !== 'string') return undefined;
  return { id, callbackId, inputs: typeof inputs === 'object' && inputs !== null ? { ...inputs } : {} };
}
