import { randomUUID } from 'node:crypto';
import { workflows } from '../../workflows/index.ts';
import type { Context, Services } from '../services.ts';
import { runWorkflow, type Workflow, type WorkflowRun } from './run.ts';

const byId = new Map<string, Workflow>(workflows.map((workflow) => [workflow.id, workflow]));

type Deps = { tenant: string; services: Services };

/** What somebody asks for through a door. The request's id is the form's or the command's: the same again is the same request. */
export type WorkflowRequest = {
  request: string;
  /** The workflow's callback_id. */
  workflow: string;
  inputs: Readonly<Record<string, unknown>>;
  door: Context['door'];
};

/**
 * Takes a request, durably: once this resolves, it is run to its end, by another process if this one dies. `run` is what
 * remains to be done, and undefined when it is not for the caller to do: it is under way, or has created something already.
 * @throws {DatabaseTrouble} when it could not be taken.
 */
export async function takeRequest(
  { request, workflow, inputs, door }: WorkflowRequest,
  deps: Deps,
): Promise<{ turn: 'ours' | 'running' | 'done'; run: (() => Promise<WorkflowRun>) | undefined }> {
  const ask = { tenant: deps.tenant, request, kind: workflow, inputs, door, claim: randomUUID() };
  const turn = await deps.services.tracker.acceptRequest(ask);
  return { turn, run: turn === 'ours' ? () => bringToEnd({ request, workflow, inputs, door }, deps) : undefined };
}

/**
 * Runs a request that was taken some time ago and not brought to its end.
 * @throws when it is still under way, so that it is tried again later.
 */
export async function resumeRequest(request: string, deps: Deps): Promise<void> {
  const { tenant, services } = deps;
  const claimed = await services.tracker.claimRequest({ tenant, request, claim: randomUUID() });
  if (claimed === undefined || claimed.turn === 'done') return;
  if (claimed.turn === 'running') throw new Error('the request is still under way');
  services.log.info({ operation: request }, 'running a request that was interrupted');
  const { kind: workflow, inputs, door } = claimed;
  await bringToEnd({ request, workflow, inputs, door: door as Context['door'] }, deps);
}

async function bringToEnd(taken: WorkflowRequest, { tenant, services }: Deps): Promise<WorkflowRun> {
  const { request, inputs, door } = taken;
  const workflow = byId.get(taken.workflow);
  if (workflow === undefined) throw new Error('a request for a workflow that this Maro does not have');
  const run = await runWorkflow(workflow, inputs, { tenant, door, operation: request, services });
  await services.tracker.finishRequest({ tenant, request });
  return run;
}
