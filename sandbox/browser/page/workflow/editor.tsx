import { useEffect, useRef, useState } from 'react';
import type { Parameter } from '../../../slack/index.ts';
import type { SuggestedOption, Workflow } from '../../protocol.ts';
import { act } from '../act.ts';
import { get, useStore } from '../store.ts';
import { Input } from './input.tsx';
import { fits, functionOf, move, referencesBefore, type Step, settle } from './steps.ts';

/** What the inputs hold on which the options of another one depend. */
function dependenciesOf({ dynamic_options }: Parameter, step: Step): string {
  const names = Object.values(dynamic_options?.inputs ?? {}).map(({ value }) =>
    value.replace(/^\{\{input_parameters\.|\}\}$/g, ''),
  );
  return JSON.stringify(names.map((name) => step.inputs?.[name] ?? null));
}

/** Builds a workflow: its name, its steps, and what goes into each. */
export function Editor({ workflow, done }: { workflow: Partial<Workflow>; done(): void }) {
  const functions = useStore((state) => state.workspace?.app.functions) ?? {};
  const [title, setTitle] = useState(workflow.title ?? '');
  const [steps, setSteps] = useState<readonly Step[]>(workflow.steps ?? []);
  const [note, setNote] = useState('');
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => name.current?.focus(), []);

  /** Steps that change places may leave an input without what it took. */
  function arrange(arranged: readonly Step[]): void {
    const { steps: settled, emptied } = settle(arranged);
    setSteps(settled);
    const inputs = emptied.map(({ step, input }) => {
      const { title = functionOf(step), input_parameters } = functions[functionOf(step)] ?? {};
      return `“${input_parameters?.properties[input]?.title ?? input}” of “${title}”`;
    });
    setNote(
      inputs.length === 0 ? '' : `Fill in ${inputs.join(' and ')} again. The output it used no longer comes before it.`,
    );
  }

  function add(callback_id: string): void {
    const id = String(steps.reduce((most, step) => Math.max(most, Number(step.id)), 0) + 1);
    const names = Object.keys(functions[callback_id]?.input_parameters.properties ?? {});
    const here = { channel_id: '{{inputs.channel_id}}', user_id: '{{inputs.user_id}}' };
    const inputs = Object.fromEntries(Object.entries(here).filter(([name]) => names.includes(name)));
    setSteps([...steps, { id, function_id: `#/functions/${callback_id}`, inputs }]);
  }

  function fill(step: Step, name: string, value: unknown): void {
    const { [name]: _, ...others } = step.inputs ?? {};
    const inputs = value === undefined ? others : { ...others, [name]: value };
    setSteps(steps.map((each) => (each === step ? { ...step, inputs } : each)));
  }

  async function ask(step: Step, parameter: string, query: string): Promise<readonly SuggestedOption[]> {
    const { me: user, place, workspace } = get();
    // Slack asks for a person in a channel, and the app's home is none.
    const theirs = workspace?.channels.filter(({ people }) => people.includes(user)) ?? [];
    const channel = (theirs.find(({ id }) => id === place) ?? theirs[0])?.id ?? place;
    const asked = { callback_id: functionOf(step), parameter, inputs: step.inputs ?? {}, query, user, channel };
    return (await act('askOptions', asked))?.result ?? [];
  }

  async function save(): Promise<void> {
    if (await act('saveWorkflow', { id: workflow.id, title, steps: [...steps] })) done();
  }

  return (
    <form
      className="editor"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label className="field">
        Name
        <input ref={name} value={title} placeholder="Triage" onChange={({ target }) => setTitle(target.value)} />
      </label>
      {steps.map((step, index) => {
        const declared = functions[functionOf(step)];
        const references = referencesBefore(steps, index, functions);
        return (
          <fieldset className="step" key={step.id}>
            <legend>
              {index + 1}. {declared?.title ?? functionOf(step)}
            </legend>
            <div className="step-tools">
              <button
                type="button"
                className="icon"
                aria-label={`Move step ${index + 1} up`}
                disabled={index === 0}
                onClick={() => arrange(move(steps, index, -1))}
              >
                ↑
              </button>
              <button
                type="button"
                className="icon"
                aria-label={`Move step ${index + 1} down`}
                disabled={index === steps.length - 1}
                onClick={() => arrange(move(steps, index, 1))}
              >
                ↓
              </button>
              <button
                type="button"
                className="icon"
                aria-label={`Remove step ${index + 1}`}
                onClick={() => arrange(steps.filter((each) => each !== step))}
              >
                ✕
              </button>
            </div>
            <p className="note">{declared?.description}</p>
            {Object.entries(declared?.input_parameters.properties ?? {}).map(([name, parameter]) => (
              <Input
                key={name}
                parameter={parameter}
                isRequired={declared?.input_parameters.required.includes(name) ?? false}
                value={step.inputs?.[name]}
                references={references.filter((each) => fits(parameter.type, each))}
                dependsOn={dependenciesOf(parameter, step)}
                ask={parameter.dynamic_options && ((query) => ask(step, name, query))}
                change={(value) => fill(step, name, value)}
              />
            ))}
          </fieldset>
        );
      })}
      <p className="note" role="status">
        {note}
      </p>
      <label className="field">
        Add a step
        <select value="" onChange={({ target }) => add(target.value)}>
          <option value="" disabled>
            Choose …
          </option>
          {Object.entries(functions).map(([id, { title = id }]) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </select>
      </label>
      <div className="actions">
        <button type="submit" className="button primary">
          Save
        </button>
        <button type="button" className="button" onClick={done}>
          Cancel
        </button>
      </div>
    </form>
  );
}
