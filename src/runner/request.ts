import { functions, ownFunctions } from '../../functions/index.ts';
import { workflows } from '../../workflows/index.ts';
import type { Statement } from '../database/statement.ts';
import { defined } from '../defined.ts';
import type { Finish, NewRun, Run } from '../ledger/index.ts';
import type { Lease } from '../ledger/lease.ts';
import type { RichTextBlock } from '../messages/rich-text.ts';
import { type Context, claimed, type Door, type Services } from '../services.ts';
import { rememberTicket } from '../tracker/channel.ts';
import { runWorkflow, type Workflow, type WorkflowOutcome } from './run.ts';

/** The kind of ledger run that carries out a workflow in this process, for a form or a command. */
export const WORKFLOW = 'workflow';

const byId = new Map<string, Workflow>(workflows.map((workflow) => [workflow.id, workflow]));

/** A request to run a workflow. Its id is the form's or the command's. Requests with the same id are the same request. */
export type WorkflowRequest = {
  id: string;
  /** The callback_id of a workflow, or of a function to run alone. */
  workflow: string;
  inputs: Readonly<Record<string, unknown>>;
  /** The formatted text that the person typed, which is given back if nothing comes of the request. */
  typed?: RichTextBlock | undefined;
  door: Door;
  /** Takes the receipt if the channel cannot. Slack accepts it for 30 minutes. */
  responseUrl?: string | undefined;
  /** The list that the response_url draws anew, with the outcome on top. See `encodeView`. */
  list?: string | undefined;
  /** The Home tab from which the request came, which shows the outcome. */
  home?: HomeTab | undefined;
  /** The card from which the request came, which shows the outcome. */
  card?: Card | undefined;
};

/** A Home tab: the person's workspace, and the encoded view, which has the status category that the tab shows. */
export type HomeTab = { team?: string | undefined; view: string };

/** A message in a channel with the card of an issue. `private`: a card that only one person sees, which its response_url replaces. */
export type Card = { ts: string; threadTs?: string | undefined } | 'private';

/** Converts a request to a run for the ledger. */
export function asRun({ id, workflow, inputs, typed, door, responseUrl, list, card, home }: WorkflowRequest): NewRun {
  return {
    id,
    kind: WORKFLOW,
    door,
    inputs: { workflow, inputs, ...defined({ typed, responseUrl, list, card, home }) },
  };
}

/** Converts a run from `asRun` back to its request. */
export function requestOf({ id, inputs, door }: Run): WorkflowRequest {
  const stored = inputs as Omit<WorkflowRequest, 'id' | 'door'>;
  return { id, ...stored, door: door as Door };
}

/**
 * Carries out a request. `isTold` says whether the channel has the receipt, so that nothing is left to tell.
 * @throws {LeaseLost} when another process may have taken over the run.
 */
export async function runRequest(
  run: Run,
  lease: Lease,
  { isTold, ...deps }: { tenant: string; services: Services; isTold(ran: WorkflowOutcome): boolean },
): Promise<Finish> {
  const request = requestOf(run);
  const workflow = byId.get(request.workflow) ?? alone(request.workflow);
  if (workflow === undefined) throw new Error('a request for a workflow that this version of Maro does not have');
  const context: Context = { ...deps, door: request.door, operation: run.id, ...claimed(run, lease) };
  const outcome = await runWorkflow(workflow, request.inputs, context);
  return {
    outcome,
    failed: outcome.state === 'failed',
    told: isTold(outcome),
    alongside: remembered(request, outcome, deps.tenant),
  };
}

/** The statement that makes a created ticket's project and type the defaults of the channel's next form. */
function remembered({ inputs }: WorkflowRequest, { steps }: WorkflowOutcome, tenant: string): Statement | undefined {
  const [first] = steps;
  const { channel_id: channel, project, issue_type: type } = inputs;
  const isCreated = first?.callbackId.startsWith('create_') && 'outputs' in first.outcome;
  if (!isCreated || typeof channel !== 'string' || typeof project !== 'string') return undefined;
  if (channel === '' || project === '') return undefined;
  return rememberTicket({ tenant, channel }, { project, type: typeof type === 'string' ? type : undefined });
}

/** A workflow whose only step is this function, with the workflow's inputs passed on unchanged. */
function alone(callbackId: string): Workflow | undefined {
  const fn = Object.values({ ...functions, ...ownFunctions }).find(
    ({ definition }) => definition.callback_id === callbackId,
  );
  if (fn === undefined) return undefined;
  const names = Object.keys(fn.definition.input_parameters?.properties ?? {});
  const inputs = Object.fromEntries(names.map((name) => [name, `{{inputs.${name}}}`]));
  const steps = [{ id: '0', function_id: `#/functions/${callbackId}`, inputs }];
  return { id: callbackId, export: () => ({ steps }) };
}
