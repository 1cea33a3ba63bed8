import { functions } from '../../functions/index.ts';
import { workflows } from '../../workflows/index.ts';
import type { Statement } from '../database/statement.ts';
import type { Outcome } from '../function.ts';
import type { Finish, NewRun, Run } from '../ledger/index.ts';
import type { Lease } from '../ledger/lease.ts';
import { type Context, claimed, type Door, type Services } from '../services.ts';
import { rememberTicket } from '../tracker/channel.ts';
import { runWorkflow, type Workflow, type WorkflowRun } from './run.ts';

/** The kind of the ledger's runs that carry out a workflow for a door from which Slack cannot start one. */
export const WORKFLOW = 'workflow';

const byId = new Map<string, Workflow>(workflows.map((workflow) => [workflow.id, workflow]));

/** What somebody asks for through a door. The id is the form's or the command's: the same id is the same request. */
export type WorkflowRequest = {
  id: string;
  /** The callback_id of a workflow, or of a function that is the whole of it. */
  workflow: string;
  inputs: Readonly<Record<string, unknown>>;
  door: Door;
};

/** What the ledger keeps of a workflow that ran: its steps, to the one that failed. */
export type WorkflowOutcome = {
  state: 'completed' | 'failed';
  steps: readonly { callbackId: string; outcome: Outcome }[];
};

/** The request as the ledger keeps it. */
export function asRun({ id, workflow, inputs, door }: WorkflowRequest): NewRun {
  return { id, kind: WORKFLOW, door, inputs: { workflow, inputs } };
}

/** What was asked for, in a run that `asRun` made. */
export function requestOf({ id, inputs, door }: Run): WorkflowRequest {
  const { workflow, inputs: own } = inputs as { workflow: string; inputs: Readonly<Record<string, unknown>> };
  return { id, workflow, inputs: own, door: door as Door };
}

/**
 * Carries out a request. The detail of its finish is the `WorkflowRun`. `isTold`: whether the channel was told, so that nothing is left
 * to tell.
 */
export async function runRequest(
  run: Run,
  lease: Lease,
  { isTold, ...deps }: { tenant: string; services: Services; isTold(ran: WorkflowRun): boolean },
): Promise<Finish> {
  const request = requestOf(run);
  const workflow = byId.get(request.workflow) ?? alone(request.workflow);
  if (workflow === undefined) throw new Error('a request for a workflow that this Maro does not have');
  const context: Context = { ...deps, door: request.door, operation: run.id, ...claimed(run, lease) };
  const ran = await runWorkflow(workflow, request.inputs, context);
  return {
    outcome: outcomeOf(ran),
    failed: ran.state === 'failed',
    told: isTold(ran),
    detail: ran,
    alongside: remembered(request, ran, deps.tenant),
  };
}

function outcomeOf({ state, steps }: WorkflowRun): WorkflowOutcome {
  return { state, steps: steps.map(({ callbackId, outcome }) => ({ callbackId, outcome })) };
}

/** The channel's next form begins with the project and the type of this ticket. */
function remembered({ inputs }: WorkflowRequest, { steps }: WorkflowRun, tenant: string): Statement | undefined {
  const [first] = steps;
  const { channel_id: channel, project, issue_type: type } = inputs;
  const isCreated = first?.callbackId.startsWith('create_') && 'outputs' in first.outcome;
  if (!isCreated || typeof channel !== 'string' || typeof project !== 'string') return undefined;
  if (channel === '' || project === '') return undefined;
  return rememberTicket({ tenant, channel }, { project, type: typeof type === 'string' ? type : undefined });
}

/** A workflow of one step, which gets all inputs as they are. */
function alone(callbackId: string): Workflow | undefined {
  const fn = Object.values(functions).find(({ definition }) => definition.callback_id === callbackId);
  if (fn === undefined) return undefined;
  const names = Object.keys(fn.definition.input_parameters?.properties ?? {});
  const inputs = Object.fromEntries(names.map((name) => [name, `{{inputs.${name}}}`]));
  const steps = [{ id: '0', function_id: `#/functions/${callbackId}`, inputs }];
  return { id: callbackId, export: () => ({ steps }) };
}
