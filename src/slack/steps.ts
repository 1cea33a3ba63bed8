import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import { functions } from '../../functions/index.ts';
import { runStep, type SlackFunction, sentenceOf } from '../function.ts';
import type { Context, Services } from '../services.ts';
import { type Claim, type Outcome, stepKey, type Whose } from '../tracker/executions.ts';
import type { Work } from '../work.ts';
import type { SlackClient } from './client.ts';

const steps = new Map<string, SlackFunction>(Object.entries(functions));

type Execution = { id: string; callbackId: string; inputs: Readonly<Record<string, unknown>> };

type Deps = { tenant: string; slack: SlackClient; services: Services };

/**
 * The one place where Slack hands over steps. An execution is stored before Slack gets its acknowledgement, then it runs,
 * then its outcome is stored and sent: one effect and one outcome, however often Slack delivers it. What was accepted and
 * not brought to its end is finished by a job.
 */
export function registerSteps(app: App, { work, ...deps }: Deps & { work: Work }): void {
  app.event('function_executed', async ({ event, ack }) => {
    // Slack delivers again what is not acknowledged, by then to another process.
    if (work.stopping) return;
    await work.during(async () => {
      const execution = parseExecution(event);
      if (execution === undefined) {
        deps.services.log.warn('a function_executed event without an execution');
        return ack();
      }
      await deliver(execution, ack, deps);
    });
  });
}

async function deliver(execution: Execution, ack: () => Promise<unknown>, deps: Deps): Promise<void> {
  const { tenant, slack, services } = deps;
  const { id, callbackId, inputs } = execution;
  let claim: Claim;
  try {
    claim = await services.tracker.accept({ functionExecutionId: id, tenant, callbackId, inputs, claim: randomUUID() });
  } catch (error) {
    await ack();
    await slack.complete(id, await outcomeOf(execution, deps, error));
    return;
  }
  await ack();
  if (claim.state !== 'running') await bringToEnd(execution, claim, deps);
}

/**
 * Finishes an execution that was accepted some time ago and not brought to its end.
 * @throws when it is still under way, or Slack does not take its outcome, so that it is tried again later.
 */
export async function finishStep(functionExecutionId: string, deps: Deps): Promise<void> {
  const claim = await deps.services.tracker.claim({ tenant: deps.tenant, functionExecutionId, claim: randomUUID() });
  if (claim === undefined) return;
  if (claim.state === 'running') throw new Error('the step is still under way');
  deps.services.log.info(
    { operation: functionExecutionId, state: claim.state },
    'finishing a step that was interrupted',
  );
  const ended = await bringToEnd({ id: functionExecutionId, ...claim }, claim, deps);
  if (!ended) throw new Error('Slack did not take the outcome');
}

async function bringToEnd(
  execution: Execution,
  claim: Exclude<Claim, { state: 'running' }>,
  deps: Deps,
): Promise<boolean> {
  const { slack, services } = deps;
  const outcome = claim.state === 'finished' ? claim.outcome : await finish(execution, deps);
  const taken = await slack.complete(execution.id, outcome);
  // The job that would look after this step is not needed any more; if it stays, it finds that all is done.
  if (taken) await services.tracker.done(stepKey(whose(execution, deps))).catch(() => {});
  return taken;
}

async function finish(execution: Execution, deps: Deps): Promise<Outcome> {
  const outcome = await outcomeOf(execution, deps);
  // The outcome holds even when it could not be stored: a replay would only come to the same.
  return deps.services.tracker.finish(whose(execution, deps), outcome).catch((error) => {
    sentenceOf(error, execution.callbackId, contextOf(execution, deps));
    return outcome;
  });
}

async function outcomeOf(execution: Execution, deps: Deps, notAccepted?: unknown): Promise<Outcome> {
  const { callbackId, inputs } = execution;
  const context = contextOf(execution, deps);
  const fn = steps.get(callbackId);
  if (fn === undefined) {
    deps.services.log.warn({ operation: execution.id }, 'a step that this Maro does not have');
    return {
      error:
        'This Maro does not have this step, so nothing was done. Whoever runs Maro should install its manifest anew.',
    };
  }
  if (notAccepted === undefined) return runStep(fn, inputs, context);
  const failing: SlackFunction = { ...fn, handler: () => Promise.reject(notAccepted) };
  return runStep(failing, inputs, context);
}

function whose({ id }: Execution, { tenant }: Deps): Whose {
  return { tenant, functionExecutionId: id };
}

function contextOf({ id }: Execution, { tenant, services }: Deps): Context {
  return { tenant, door: 'step', operation: id, services };
}

function parseExecution(event: unknown): Execution | undefined {
  const { function_execution_id: id, function: fn, inputs } = (event ?? {}) as Record<string, unknown>;
  const callbackId = (fn as { callback_id?: unknown } | null | undefined)?.callback_id;
  if (typeof id !== 'string' || id === '' || typeof callbackId !== 'string') return undefined;
  return { id, callbackId, inputs: typeof inputs === 'object' && inputs !== null ? { ...inputs } : {} };
}
