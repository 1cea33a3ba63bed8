import { useEffect, useRef, useState } from 'react';
import type { Workflow } from '../../protocol.ts';
import { get } from '../store.ts';
import { Input } from './input.tsx';

/** The inputs of a coded workflow, which whoever runs it brings. */
export function RunForm({ workflow, run }: { workflow: Workflow; run(inputs: Record<string, unknown>): unknown }) {
  const { properties = {}, required = [] } = workflow.input_parameters ?? {};
  const here = { channel_id: get().place, user_id: get().me };
  const [inputs, setInputs] = useState<Record<string, unknown>>(
    Object.fromEntries(Object.entries(here).filter(([name]) => Object.hasOwn(properties, name))),
  );
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>('input, select')?.focus(), []);
  return (
    <form
      ref={form}
      className="editor"
      onSubmit={(event) => {
        event.preventDefault();
        run(inputs);
      }}
    >
      <h3>{workflow.title}</h3>
      {Object.entries(properties).map(([name, parameter]) => (
        <Input
          key={name}
          parameter={{ title: name, ...parameter }}
          isRequired={required.includes(name)}
          value={inputs[name]}
          change={(value) => setInputs({ ...inputs, [name]: value })}
        />
      ))}
      <button type="submit" className="button primary">
        Run {workflow.title}
      </button>
    </form>
  );
}
