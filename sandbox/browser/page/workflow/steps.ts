import type { FunctionDeclaration, WorkflowDeclaration } from '../../../slack/index.ts';

export type Step = WorkflowDeclaration['steps'][number];
export type Functions = Readonly<Record<string, FunctionDeclaration>>;
/** Something that comes from before: from an earlier step, or from where and by whom the workflow is run. */
export type Reference = { reference: string; title: string; type: string };

const HERE: readonly Reference[] = [
  { reference: '{{inputs.channel_id}}', title: 'Channel where the workflow runs', type: 'slack#/types/channel_id' },
  { reference: '{{inputs.user_id}}', title: 'Person who runs the workflow', type: 'slack#/types/user_id' },
];
const OF_STEP = /^\{\{steps\.([^.}]+)\./;

/** The function of a step, by its callback_id. */
export function functionOf({ function_id }: Step): string {
  return function_id.replace('#/functions/', '');
}

/** What the step at `index` may take from before, of any type. */
export function referencesBefore(steps: readonly Step[], index: number, functions: Functions): Reference[] {
  const earlier = steps.slice(0, index).flatMap((step, at) => {
    const { title = functionOf(step), output_parameters } = functions[functionOf(step)] ?? {};
    return Object.entries(output_parameters?.properties ?? {}).map(([name, output]) => ({
      reference: `{{steps.${step.id}.${name}}}`,
      title: `${at + 1}. ${title}: ${output.title ?? name}`,
      type: output.type,
    }));
  });
  return [...HERE, ...earlier];
}

/** Whether an input takes an output: one of the same type, since Slack turns none into another one. */
export function fits(input: string, { type }: Reference): boolean {
  return type === input;
}

/** The steps without the inputs that take something from a step that is not before them, and in which steps those were. */
export function settle(steps: readonly Step[]): { steps: Step[]; emptied: { step: Step; input: string }[] } {
  const emptied: { step: Step; input: string }[] = [];
  const settled = steps.map((step, index) => {
    const before = steps.slice(0, index).map(({ id }) => id);
    const inputs = Object.entries(step.inputs ?? {}).filter(([input, value]) => {
      const [, from] = OF_STEP.exec(String(value)) ?? [];
      const isThere = from === undefined || before.includes(from);
      if (!isThere) emptied.push({ step, input });
      return isThere;
    });
    return inputs.length === Object.keys(step.inputs ?? {}).length
      ? step
      : { ...step, inputs: Object.fromEntries(inputs) };
  });
  return { steps: settled, emptied };
}

/** The steps with the one at `index` a place earlier (-1) or later (1). */
export function move(steps: readonly Step[], index: number, by: -1 | 1): Step[] {
  const step = steps[index];
  return step === undefined ? [...steps] : steps.toSpliced(index, 1).toSpliced(index + by, 0, step);
}
