import { pino } from 'pino';
import type { SlackOptions } from '../../sandbox/slack/index.ts';
import { kindsOfRuns } from '../../src/app.ts';
import { createJira } from '../../src/jira/client.ts';
import { openCreates } from '../../src/ledger/creates.ts';
import { type Acceptance, createLedger, type Ledger } from '../../src/ledger/index.ts';
import { type Manifest, readManifest, variantOf } from '../../src/manifest.ts';
import { asRun, type WorkflowRequest } from '../../src/runner/request.ts';
import { runWorkflow, type Workflow, type WorkflowOutcome } from '../../src/runner/run.ts';
import { type Services, unclaimed } from '../../src/services.ts';
import { createSlackClient } from '../../src/slack/client.ts';
import { createTracker } from '../../src/tracker/index.ts';
import { startMaro, type World, world } from '../maro.ts';
import { openDatabaseAt } from '../tracker.ts';

/** What came of a workflow's steps, whoever ran them: outputs, or the sentence of the one that failed. */
export type Ran = {
  state: string;
  steps: { callback_id: string; outputs?: Record<string, unknown>; error?: string }[];
};

export type Runner = (workflow: Workflow, inputs: Record<string, unknown>) => Promise<Ran>;

/** A world in which Slack may run our workflows, with Maro in it. */
export async function workflowWorld(): Promise<World> {
  const manifest = variantOf((await readManifest()) as Manifest, { workflows: true }) as SlackOptions['manifest'];
  const w = await world({ manifest });
  await startMaro(w);
  return w;
}

/** As Slack runs a workflow: each step is an execution that it hands to Maro. */
export function runnerOfSlack(w: World): Runner {
  return async ({ id }, inputs) => {
    const { state, steps } = await w.slack.workflow(id, inputs);
    return {
      state,
      steps: steps.map(({ callback_id, outputs, error }) =>
        error === undefined ? { callback_id, outputs } : { callback_id, error },
      ),
    };
  };
}

/** As Maro runs a workflow for its own doors, here in the process of the test. */
export async function runnerOfMaro(w: World): Promise<Runner> {
  const services = await openServices(w, w.databaseUrl);
  let runs = 0;
  return async (workflow, inputs) => {
    const context = unclaimed({ tenant: 'T0ACME', door: 'command', operation: `run ${++runs}`, services });
    const { state, steps } = await runWorkflow(workflow, inputs, context);
    return { state, steps: steps.map(({ callbackId: callback_id, outcome }) => ({ callback_id, ...outcome })) };
  };
}

/** What Maro itself works with, against the stand-ins and the database of this URL. */
export async function openServices(w: World, databaseUrl: string): Promise<Services> {
  return (await openParts(w, databaseUrl)).services;
}

/** A workflow's request as a door takes it: `run` when it is for the caller to run. */
export type Taken = { state: Acceptance['state']; run: (() => Promise<WorkflowOutcome | undefined>) | undefined };

/** Takes requests as Maro's doors do, in the process of the test, and finds none that others have left. */
export async function openTaker(w: World, databaseUrl: string) {
  const { services, ledger } = await openParts(w, databaseUrl);
  return {
    services,
    async take(request: WorkflowRequest): Promise<Taken> {
      const acceptance = await ledger.accept(asRun(request));
      if (acceptance.state !== 'ours') return { state: acceptance.state, run: undefined };
      const perform = async () => (await ledger.perform(acceptance.run))?.outcome as WorkflowOutcome | undefined;
      return { state: 'ours', run: perform };
    },
  };
}

async function openParts({ slack, jira }: World, databaseUrl: string): Promise<{ services: Services; ledger: Ledger }> {
  const tenant = 'T0ACME';
  const log = pino({ level: 'silent' });
  const transport = { mode: 'socket', appToken: slack.appToken } as const;
  const client = createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, transport }, log);
  await client.installation();
  const { url: host, email, apiToken } = jira;
  const database = await openDatabaseAt(databaseUrl);
  const services = {
    tracker: createTracker(database),
    creates: openCreates(database, tenant),
    jira: createJira({ host, email, apiToken, projects: [] }, log),
    slack: client,
    log,
  };
  const ledger = createLedger(
    database,
    tenant,
    (ledger) => kindsOfRuns({ tenant, slack: client, services, ledger }),
    log,
  );
  return { services, ledger };
}
