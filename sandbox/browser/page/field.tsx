import { useContext, useId } from 'react';
import type { Block, Element as SlackElement } from '../../slack/blocks.ts';
import type { Target } from '../protocol.ts';
import { act } from './act.ts';
import type { Text } from './blocks.tsx';
import { Control } from './control.tsx';
import { Form } from './form.ts';
import { initialOf, type Value, wireOf } from './pick.ts';
import { get } from './store.ts';

/** An input block: label, control, hint, and what is wrong with what stands in it. */
export function Field({ block, target }: { block: Block; target: Target }) {
  const form = useContext(Form);
  const id = useId();
  const { label, hint, optional, dispatch_action } = block as unknown as {
    label: Text;
    hint?: Text;
    optional?: boolean;
    dispatch_action?: boolean;
  };
  const element = block.element as SlackElement;
  const name = String(block.block_id);
  const error = form.errors[name];
  const held = form.values[name];
  function change(value: Value): void {
    form.set(name, value);
    if (dispatch_action) {
      const { action_id = '' } = element;
      void act('press', { user: get().me, target, action_id, block: name, value: wireOf(element, value) });
    }
  }
  return (
    <div className="field">
      <label htmlFor={id}>
        {label.text} {optional ? <small>(optional)</small> : null}
      </label>
      <Control
        element={element}
        target={target}
        value={held === undefined ? initialOf(element) : held}
        change={change}
        label={label.text}
        id={id}
        describedBy={error || hint ? `${id}-more` : undefined}
        isInvalid={error !== undefined}
      />
      {error || hint ? (
        <p id={`${id}-more`} className={error ? 'error' : 'note'} role={error ? 'alert' : undefined}>
          {error ?? hint?.text}
        </p>
      ) : null}
    </div>
  );
}
