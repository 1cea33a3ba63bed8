import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { type Block, elementsOf } from '../../slack/blocks.ts';
import type { View } from '../../slack/index.ts';
import { act } from './act.ts';
import { Blocks, type Text } from './blocks.tsx';
import { Form } from './form.ts';
import { heldBy, type Value, wireOf } from './pick.ts';
import { useStore } from './store.ts';
import { Toasts } from './toasts.tsx';

const NONE: readonly View[] = [];

/** The views open in front of a person, of which the top one is seen. */
export function Modal() {
  const stack = useStore((state) => state.views[state.me] ?? NONE);
  const view = stack.at(-1);
  return view ? <OpenView view={view} depth={stack.length} key={view.id} /> : null;
}

function OpenView({ view, depth }: { view: View; depth: number }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [values, setValues] = useState<Record<string, Value>>({});
  const [errors, setErrors] = useState<Record<string, string>>({});
  const [isBusy, setBusy] = useState(false);
  const [isAnswered, setAnswered] = useState(false);
  const takesFocus = (view.blocks as Block[]).some(
    (block) => block.type === 'input' || elementsOf(block).some(({ focus_on_load }) => focus_on_load === true),
  );
  // It closes before it is taken away, so that the browser gives the focus back to what had it before.
  useLayoutEffect(() => {
    const { current } = dialog;
    current?.showModal();
    return () => current?.close();
  }, []);
  // A view may open without its inputs and get them later.
  useEffect(() => {
    if (takesFocus) dialog.current?.querySelector<HTMLElement>('.view-body input, .view-body textarea')?.focus();
  }, [takesFocus]);
  useEffect(() => {
    if (isAnswered) dialog.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    setAnswered(false);
  }, [isAnswered]);

  const held = Object.fromEntries(
    (view.blocks as Block[]).flatMap((block) =>
      block.type !== 'input'
        ? []
        : elementsOf(block).map((element) => [
            String(block.block_id),
            values[String(block.block_id)] ??
              heldBy(element, view.state.values[String(block.block_id)]?.[String(element.action_id)]),
          ]),
    ),
  );

  async function submit(): Promise<void> {
    if (isBusy) return;
    const typed = (view.blocks as Block[]).flatMap((block) => {
      const [element] = elementsOf(block);
      const value = values[String(block.block_id)];
      const wire = element && value !== undefined ? wireOf(element, value) : undefined;
      return wire === undefined ? [] : [[String(block.block_id), wire] as const];
    });
    setBusy(true);
    const done = await act('submit', { view: view.id, values: Object.fromEntries(typed) });
    setBusy(false);
    if (done) setErrors(done.result);
    setAnswered(true);
  }

  function fill(block: string, value: Value): void {
    const { [block]: _, ...others } = errors;
    setErrors(others);
    setValues({ ...values, [block]: value });
  }

  const close = (all: boolean) => void act('close', { view: view.id, all });
  const submitLabel = (view.submit as Text | null)?.text;
  const closeLabel = (view.close as Text | null)?.text ?? 'Cancel';
  return (
    <dialog
      ref={dialog}
      className="view"
      aria-label={view.title.text}
      onCancel={(event) => {
        event.preventDefault();
        close(false);
      }}
    >
      <form
        method="dialog"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <header className="bar">
          {depth > 1 ? (
            <button type="button" className="icon" aria-label="Back" onClick={() => close(false)}>
              ←
            </button>
          ) : null}
          <h2>{view.title.text}</h2>
          <button type="button" className="icon" aria-label="Close all" onClick={() => close(true)}>
            ✕
          </button>
        </header>
        <Toasts />
        <div className="view-body">
          <Form.Provider value={{ values: held, errors, set: fill }}>
            <Blocks blocks={view.blocks as Block[]} target={{ view: view.id }} />
          </Form.Provider>
        </div>
        <footer>
          <button type="button" className="button" onClick={() => close(false)}>
            {closeLabel}
          </button>
          {submitLabel ? (
            <button type="submit" className="button primary" aria-disabled={isBusy}>
              {isBusy ? 'Working …' : submitLabel}
            </button>
          ) : null}
        </footer>
      </form>
    </dialog>
  );
}
