import { randomUUID } from 'node:crypto';
import type { Parameters, WorkflowRun } from '../../slack/index.ts';
import type { Played } from '../acts.ts';
import type { Workflow } from '../protocol.ts';
import type { World } from '../world.ts';

/** What every workflow that is built here knows: where it runs, and who runs it. */
const HERE: Parameters = {
  properties: {
    channel_id: { type: 'slack#/types/channel_id', title: 'Channel' },
    user_id: { type: 'slack#/types/user_id', title: 'Person' },
  },
  required: ['channel_id', 'user_id'],
};
/** Runs that the page shows. */
const MOST_RUNS = 20;

/** What people do in Workflow Builder. */
export function workflowActs(world: World): Played<'saveWorkflow' | 'deleteWorkflow' | 'askOptions' | 'runWorkflow'> {
  const { workflows, runs, sandbox } = world;
  let count = 0;

  function built(id: string): number {
    const index = workflows.findIndex((each) => each.id === id && !each.coded);
    if (index < 0) throw new Error('This workflow was deleted.');
    return index;
  }

  /** The required inputs of a step that are empty, by their titles. Workflow Builder saves no step that lacks one. */
  function emptyInputsOf({ function_id, inputs = {} }: Workflow['steps'][number]): string[] {
    const { title, input_parameters } = sandbox.manifest.functions?.[function_id.replace('#/functions/', '')] ?? {};
    const { properties = {}, required = [] } = input_parameters ?? {};
    const empty = required.filter((name) => (inputs[name] ?? '') === '');
    return empty.map((name) => `“${properties[name]?.title ?? name}” of “${title}”`);
  }

  function show(title: string, run: WorkflowRun): void {
    runs.unshift(Object.assign(run, { id: ++count, title }));
    runs.length = Math.min(runs.length, MOST_RUNS);
  }

  return {
    async saveWorkflow({ id = randomUUID(), title, steps }) {
      if (title.trim() === '') throw new Error('Give the workflow a name.');
      if (steps.length === 0) throw new Error('Add at least one step.');
      for (const step of steps) {
        const missing = emptyInputsOf(step);
        if (missing.length > 0) throw new Error(`Fill in ${missing.join(' and ')}.`);
      }
      const workflow = { id, title: title.trim(), input_parameters: HERE, steps, coded: false };
      if (workflows.some((each) => each.id === id)) workflows[built(id)] = workflow;
      else workflows.push(workflow);
      await world.keep();
      return id;
    },
    async deleteWorkflow({ id }) {
      workflows.splice(built(id), 1);
      await world.keep();
    },
    askOptions: ({ callback_id, parameter, inputs, query, ...who }) =>
      sandbox.slack.options({ callback_id, parameter, inputs: { ...inputs }, query }, who),
    async runWorkflow({ id, inputs, user, channel }) {
      const workflow = workflows.find((each) => each.id === id);
      if (workflow === undefined) throw new Error('This workflow was deleted.');
      const started = Promise.withResolvers<void>();
      const run = sandbox.slack.workflow(workflow, inputs, { user, channel }, (begun) => {
        show(workflow.title, begun);
        started.resolve();
      });
      // What happens to its steps is shown as it happens; a workflow that cannot begin is refused at once.
      run.catch(started.reject);
      await started.promise;
    },
  };
}
