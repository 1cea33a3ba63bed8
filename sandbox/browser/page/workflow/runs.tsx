import type { RichTextBlockElement } from '@slack/types';
import type { Parameters, Run } from '../../protocol.ts';
import { ChannelName, Link, User } from '../mrkdwn.tsx';
import { RichText } from '../rich-text.tsx';
import { useStore } from '../store.ts';

const STATES: Record<Run['state'], string> = {
  in_progress: '… in progress',
  completed: '✓ completed',
  failed: '✗ failed',
};

/** What came of each workflow that ran, step by step, the latest first. */
export function Runs() {
  const runs = useStore((state) => state.runs);
  const functions = useStore((state) => state.workspace?.app.functions) ?? {};
  return (
    <section className="runs" aria-label="Runs" aria-live="polite">
      {runs.length > 0 ? <h3>Runs</h3> : null}
      {runs.map(({ id, title, state, steps }) => (
        <article key={id} className={`run ${state}`}>
          <header>
            <strong>{title}</strong> <span className="state">{STATES[state]}</span>
          </header>
          <ol>
            {steps.map((step) => (
              <li key={step.id} className={step.state}>
                <strong>{functions[step.callback_id]?.title ?? step.callback_id}</strong>{' '}
                <span className="state">{STATES[step.state]}</span>
                {step.error ? <p className="error">{step.error}</p> : null}
                <Values
                  title="Inputs"
                  values={step.inputs}
                  declared={functions[step.callback_id]?.input_parameters.properties}
                />
                <Values
                  title="Outputs"
                  values={step.outputs}
                  declared={functions[step.callback_id]?.output_parameters.properties}
                />
              </li>
            ))}
          </ol>
        </article>
      ))}
    </section>
  );
}

type ValuesProps = {
  title: string;
  values: Record<string, unknown>;
  declared: Parameters['properties'] | undefined;
};

function Values({ title, values, declared = {} }: ValuesProps) {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return (
    <details open={title === 'Outputs'}>
      <summary>{title}</summary>
      <dl>
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt title={name}>{declared[name]?.title ?? name}</dt>
            <dd>
              <Value value={value} type={declared[name]?.type} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function Value({ value, type }: { value: unknown; type: string | undefined }) {
  if (value === '') return <em>empty</em>;
  if (type === 'slack#/types/user_id') return <User id={String(value)} />;
  if (type === 'slack#/types/channel_id') return <ChannelName id={String(value)} />;
  if (type === 'slack#/types/rich_text') return <RichText parts={partsOf(value)} />;
  if (typeof value === 'string' && URL.canParse(value) && value.startsWith('https://')) {
    return <Link url={value}>{value}</Link>;
  }
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function partsOf(value: unknown): readonly RichTextBlockElement[] {
  const { elements } = (value ?? {}) as { elements?: unknown };
  return Array.isArray(elements) ? elements : [];
}
