import { functions } from '../../functions/index.ts';
import { type Outcome, runStepInDetail, type SlackFunction } from '../function.ts';
import type { Context } from '../services.ts';
import { rememberIssues } from './memory.ts';
import { resolveInputs, type Scope } from './reference.ts';

/** A workflow as it stands in the manifest. */
export type Workflow = { id: string; export(): unknown };

type Step = { id: string; function_id: string; inputs: Readonly<Record<string, unknown>> };

/** One step that ran. Ids are those of the workflow's steps. */
export type StepRun = {
  id: string;
  callbackId: string;
  inputs: Readonly<Record<string, unknown>>;
  outcome: Outcome;
  /** What the function tells beyond its outputs. */
  detail: unknown;
};

/** `steps` holds those that ran: when the workflow failed, the last is the one that did. */
export type WorkflowRun = { state: 'completed' | 'failed'; steps: StepRun[] };

const steps = new Map<string, SlackFunction>(
  Object.entries(functions).map(([id, fn]) => [`#/functions/${id}`, fn] as const),
);

/**
 * Runs a workflow in this process as Slack would run it: step after step, outputs feeding inputs, to the first step that fails.
 * The first step runs under the operation's own id, the others under ids made of it, so that running it again does nothing twice.
 * What one step has read of an issue the next need not read again.
 */
export async function runWorkflow(
  workflow: Workflow,
  inputs: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<WorkflowRun> {
  const { services, operation } = context;
  const remembering = { ...services, jira: rememberIssues(services.jira) };
  const scope: Scope & { steps: Record<string, Readonly<Record<string, unknown>>> } = { inputs, steps: {} };
  const run: WorkflowRun = { state: 'completed', steps: [] };
  for (const [index, { id, function_id, inputs: given }] of stepsOf(workflow).entries()) {
    const fn = steps.get(function_id);
    if (fn === undefined) throw new Error(`the workflow ${workflow.id} has a step ${function_id} that is not Maro's`);
    const resolved = resolveInputs(given, scope);
    const { outcome, detail } = await runStepInDetail(fn, resolved, {
      ...context,
      services: remembering,
      operation: index === 0 ? operation : `${operation} ${id}`,
    });
    run.steps.push({ id, callbackId: fn.definition.callback_id, inputs: resolved, outcome, detail });
    if ('error' in outcome) return { ...run, state: 'failed' };
    scope.steps[id] = outcome.outputs;
  }
  return run;
}

function stepsOf(workflow: Workflow): Step[] {
  // The SDK's objects become what Slack is told only as JSON.
  return (JSON.parse(JSON.stringify(workflow.export())) as { steps: Step[] }).steps;
}
