import { useState } from 'react';
import type { Workflow } from '../../protocol.ts';
import { act } from '../act.ts';
import { HOME } from '../address.ts';
import { Aside } from '../app.tsx';
import { get, useStore } from '../store.ts';
import { Editor } from './editor.tsx';
import { RunForm } from './form.tsx';
import { Runs } from './runs.tsx';

/** Workflows: built here of the app's steps or coded, run, and what came of each step. */
export function WorkflowPanel() {
  const workflows = useStore((state) => state.workflows);
  const place = useStore((state) => state.place);
  const [edited, setEdited] = useState<Partial<Workflow> | undefined>(undefined);
  const [asked, setAsked] = useState<Workflow | undefined>(undefined);
  if (edited) {
    return (
      <Aside title="Workflow Builder">
        <Editor workflow={edited} done={() => setEdited(undefined)} />
      </Aside>
    );
  }

  async function run(workflow: Workflow, inputs?: Record<string, unknown>): Promise<void> {
    if (workflow.coded && inputs === undefined) return setAsked(workflow);
    const { me: user } = get();
    const given = inputs ?? { channel_id: place, user_id: user };
    if (await act('runWorkflow', { id: workflow.id, inputs: given, user, channel: place })) setAsked(undefined);
  }

  return (
    <Aside title="Workflow Builder">
      {workflows.length === 0 ? (
        <p className="note">
          A workflow is a list of steps. Build one from Maro’s steps and run it in the current channel.
        </p>
      ) : null}
      <ul className="workflows">
        {workflows.map((workflow) => (
          <li key={workflow.id}>
            <div>
              <strong>{workflow.title}</strong>
              <small>
                {workflow.coded ? 'built in · ' : ''}
                {workflow.steps.length === 1 ? '1 step' : `${workflow.steps.length} steps`}
              </small>
            </div>
            <button
              type="button"
              className="button primary"
              disabled={place === HOME}
              onClick={() => void run(workflow)}
            >
              Run
            </button>
            {workflow.coded ? null : (
              <>
                <button type="button" className="button" onClick={() => setEdited(workflow)}>
                  Edit
                </button>
                <button
                  type="button"
                  className="icon"
                  aria-label={`Delete ${workflow.title}`}
                  onClick={() => act('deleteWorkflow', { id: workflow.id })}
                >
                  ✕
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
      {asked ? <RunForm key={asked.id} workflow={asked} run={(inputs) => run(asked, inputs)} /> : null}
      <button type="button" className="button" onClick={() => setEdited({ steps: [] })}>
        New workflow
      </button>
      <Runs />
    </Aside>
  );
}
