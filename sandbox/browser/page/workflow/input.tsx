import { useId } from 'react';
import type { Parameter } from '../../../slack/index.ts';
import { RichTextInput } from '../rich-text-input.tsx';
import { useStore } from '../store.ts';
import { type Ask, DynamicFields, DynamicMenu } from './dynamic.tsx';
import type { Reference } from './steps.ts';

type Props = {
  parameter: Parameter;
  isRequired: boolean;
  value: unknown;
  /** What it may take from before. */
  references?: readonly Reference[];
  /** Asks the app what the input offers, where its options are dynamic. */
  ask?: Ask | undefined;
  /** The values of the other inputs on which those options depend. */
  dependsOn?: string | undefined;
  change(value: unknown): void;
};

const RICH_TEXT = 'slack#/types/rich_text';
const REFERENCE = /^\{\{.+\}\}$/;

/** An input of a step or workflow: a fixed value, or one that comes from before. */
export function Input({ parameter, isRequired, value, references = [], ask, dependsOn, change }: Props) {
  const id = useId();
  const { title = '', description, hint } = parameter;
  const isReference = REFERENCE.test(String(value));
  return (
    <div className="field">
      <label htmlFor={id}>
        {title} {isRequired ? null : <small>(optional)</small>}
      </label>
      {isReference ? null : (
        <Fixed id={id} parameter={parameter} value={value} ask={ask} dependsOn={dependsOn} change={change} />
      )}
      {references.length > 0 ? (
        <select
          id={isReference ? id : undefined}
          aria-label={isReference ? undefined : `${title}: from an earlier step`}
          value={isReference ? String(value) : ''}
          onChange={({ target }) => change(target.value === '' ? undefined : target.value)}
        >
          <option value="">{isReference ? 'Enter a value instead' : 'Or choose an output …'}</option>
          {references.map((each) => (
            <option key={each.reference} value={each.reference}>
              {each.title}
            </option>
          ))}
        </select>
      ) : null}
      <p className="note">{hint ?? description}</p>
    </div>
  );
}

function Fixed({
  id,
  parameter,
  value,
  ask,
  dependsOn,
  change,
}: { id: string } & Pick<Props, 'parameter' | 'value' | 'ask' | 'dependsOn' | 'change'>) {
  const workspace = useStore((state) => state.workspace);
  const { type } = parameter;
  const options =
    type === 'slack#/types/channel_id'
      ? workspace?.channels.map((each) => [each.id, `#${each.name}`])
      : type === 'slack#/types/user_id'
        ? workspace?.users.map((each) => [each.id, each.name])
        : parameter.enum?.map((each) => [each, parameter.choices?.find(({ value }) => value === each)?.title ?? each]);
  if (ask) {
    const Dynamic = type === 'object' ? DynamicFields : DynamicMenu;
    return <Dynamic key={dependsOn} id={id} title={parameter.title ?? ''} value={value} ask={ask} change={change} />;
  }
  if (type === 'boolean') {
    return <input id={id} type="checkbox" checked={value === true} onChange={({ target }) => change(target.checked)} />;
  }
  if (options) {
    return (
      <select
        id={id}
        value={String(value ?? '')}
        onChange={({ target }) => change(target.value === '' ? undefined : target.value)}
      >
        <option value="">–</option>
        {options.map(([name, label]) => (
          <option key={name} value={name}>
            {label}
          </option>
        ))}
      </select>
    );
  }
  if (type === RICH_TEXT) {
    return (
      <RichTextInput
        value={value}
        change={(text) => change(text ?? undefined)}
        named={{ 'aria-label': parameter.title }}
      />
    );
  }
  const isNumber = type === 'integer' || type === 'number';
  const typed = (text: string) => (text === '' ? undefined : isNumber ? Number(text) : text);
  return (
    <input
      id={id}
      type={isNumber ? 'number' : 'text'}
      value={String(value ?? '')}
      onChange={({ target }) => change(typed(target.value))}
    />
  );
}
