import { randomUUID } from 'node:crypto';
import { functions } from '../../functions/index.ts';
import { workflows } from '../../workflows/index.ts';
import { kindOf } from '../log.ts';
import type { Context, Services } from '../services.ts';
import { runWorkflow, type Workflow, type WorkflowRun } from './run.ts';

const byId = new Map<string, Workflow>(workflows.map((workflow) => [workflow.id, workflow]));

type Deps = { tenant: string; services: Services };

/** What somebody asks for through a door. The request's id is the form's or the command's: the same again is the same request. */
export type WorkflowRequest = {
  request: string;
  /** The callback_id of a workflow, or of a function that is the whole of it. */
  workflow: string;
  inputs: Readonly<Record<string, unknown>>;
  door: Context['door'];
};

/** `kept`: it could not be finished, so it is run again within a minute or two. */
export type RequestRun = WorkflowRun & { kept: boolean };

/**
 * Takes a request, durably: once this resolves, it is run to its end, by another process if this one dies. `run` is what
 * remains to be done, and undefined when it is not for the caller to do: it is under way, or has created something already.
 * @throws {DatabaseTrouble} when it could not be taken.
 */
export async function takeRequest(
  { request, workflow, inputs, door }: WorkflowRequest,
  deps: Deps,
): Promise<{ turn: 'ours' | 'running' | 'done'; run: (() => Promise<RequestRun>) | undefined }> {
  const ask = { tenant: deps.tenant, request, kind: workflow, inputs, door, claim: randomUUID() };
  const turn = await deps.services.tracker.acceptRequest(ask);
  const taken = { request, workflow, inputs, door };
  return { turn, run: turn === 'ours' ? () => runAndFinish(taken, deps) : undefined };
}

/**
 * What the run came to holds, also when the request could not be finished: then it is kept and run again, and finds what was
 * done.
 */
async function runAndFinish(taken: WorkflowRequest, deps: Deps): Promise<RequestRun> {
  const { tenant, services } = deps;
  const run = await runTaken(taken, deps);
  try {
    await services.tracker.finishRequest({ tenant, request: taken.request });
    return { ...run, kept: false };
  } catch (error) {
    services.log.error({ operation: taken.request, error: kindOf(error) }, 'a request was run and not finished');
    return { ...run, kept: true };
  }
}

/**
 * Runs a request that was taken some time ago and not brought to its end; undefined when there is none to run.
 * @throws when it is still under way, so that it is tried again later.
 */
export async function resumeRequest(
  request: string,
  deps: Deps,
): Promise<{ inputs: WorkflowRequest['inputs']; run: WorkflowRun } | undefined> {
  const { tenant, services } = deps;
  const claimed = await services.tracker.claimRequest({ tenant, request, claim: randomUUID() });
  if (claimed === undefined || claimed.turn === 'done') return undefined;
  if (claimed.turn === 'running') throw new Error('the request is still under way');
  services.log.info({ operation: request }, 'running a request that was interrupted');
  const { kind: workflow, inputs, door } = claimed;
  const run = await runTaken({ request, workflow, inputs, door: door as Context['door'] }, deps);
  await services.tracker.finishRequest({ tenant, request });
  return { inputs, run };
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

async function runTaken(taken: WorkflowRequest, { tenant, services }: Deps): Promise<WorkflowRun> {
  const { request, inputs, door } = taken;
  const workflow = byId.get(taken.workflow) ?? alone(taken.workflow);
  if (workflow === undefined) throw new Error('a request for a workflow that this Maro does not have');
  return runWorkflow(workflow, inputs, { tenant, door, operation: request, services });
}
