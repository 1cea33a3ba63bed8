import { pino } from 'pino';
import { createJira } from '../../src/jira/client.ts';
import { type Manifest, readManifest, variantOf } from '../../src/manifest.ts';
import type { Context, Services } from '../../src/services.ts';
import { createSlackClient } from '../../src/slack/client.ts';
import { runWorkflow, type Workflow } from '../../src/workflow/run.ts';
import { cleanup } from '../cleanup.ts';
import { startMaro, type World, world } from '../maro.ts';
import type { SlackOptions } from '../sandbox/slack/index.ts';
import { openTrackerAt } from '../tracker.ts';

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
    const context: Context = { tenant: 'T0ACME', door: 'command', operation: `run ${++runs}`, services };
    const { state, steps } = await runWorkflow(workflow, inputs, context);
    return { state, steps: steps.map(({ callbackId: callback_id, outcome }) => ({ callback_id, ...outcome })) };
  };
}

/** What Maro itself works with, against the stand-ins and the database of this URL. */
export async function openServices({ slack, jira }: World, databaseUrl: string): Promise<Services> {
  const log = pino({ level: 'silent' });
  const transport = { mode: 'socket', appToken: slack.appToken } as const;
  const client = createSlackClient({ botToken: slack.botToken, apiUrl: slack.apiUrl, transport }, log);
  await client.installation();
  const { url: host, email, apiToken } = jira;
  const tracker = await openTrackerAt(databaseUrl);
  cleanup(() => tracker.close());
  return { tracker, jira: createJira({ host, email, apiToken, projects: [] }, log), slack: client, log };
}
