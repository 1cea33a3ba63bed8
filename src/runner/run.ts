import { functions, ownFunctions } from '../../functions/index.ts';
import { type Outcome, runStep, type SlackFunction } from '../function.ts';
import type { Context } from '../services.ts';
import { rememberIssues } from './memory.ts';
import { resolveInputs, type Scope } from './reference.ts';

/** A workflow as the manifest declares it. */
export type Workflow = { id: string; export(): unknown };

type Step = { id: string; function_id: string; inputs: Readonly<Record<string, unknown>> };

/**
 * What the ledger stores of a workflow that ran. `steps` holds the steps that ran.
 * If the workflow failed, the last one is the step that failed.
 */
export type WorkflowOutcome = {
  state: 'completed' | 'failed';
  steps: readonly { callbackId: string; outcome: Outcome }[];
};

const steps = new Map<string, SlackFunction>(
  Object.entries({ ...functions, ...ownFunctions }).map(([id, fn]) => [`#/functions/${id}`, fn] as const),
);

/**
 * Runs a workflow in this process as Slack would: step after step, each with the outputs of the earlier ones, up to
 * the first that fails. The first step has the operation's id, and each later step has an id derived from it, so that
 * running the workflow again repeats no effect. An issue that one step has read is not read again by a later step.
 * @throws {LeaseLost} when another process may have taken over the run.
 */
export async function runWorkflow(
  workflow: Workflow,
  inputs: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<WorkflowOutcome> {
  const { services, operation } = context;
  const remembering = { ...services, jira: rememberIssues(services.jira) };
  const scope: Scope & { steps: Record<string, Readonly<Record<string, unknown>>> } = { inputs, steps: {} };
  const ran: { callbackId: string; outcome: Outcome }[] = [];
  for (const [index, { id, function_id, inputs: given }] of stepsOf(workflow).entries()) {
    const fn = steps.get(function_id);
    if (fn === undefined) throw new Error(`the workflow ${workflow.id} has a step ${function_id} that is not Maro's`);
    const outcome = await runStep(fn, resolveInputs(given, scope), {
      ...context,
      services: remembering,
      operation: index === 0 ? operation : `${operation} ${id}`,
    });
    if ('waitsUntil' in outcome)
      throw new Error(`the workflow ${workflow.id} has a step that waits, which only Slack can run`);
    ran.push({ callbackId: fn.definition.callback_id, outcome });
    if ('error' in outcome) return { state: 'failed', steps: ran };
    scope.steps[id] = outcome.outputs;
  }
  return { state: 'completed', steps: ran };
}

function stepsOf(workflow: Workflow): Step[] {
  // The SDK's step objects only take the form that Slack gets when they are serialized as JSON.
  return (JSON.parse(JSON.stringify(workflow.export())) as { steps: Step[] }).steps;
}
