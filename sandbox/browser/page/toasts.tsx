import { useEffect, useState } from 'react';
import { get, type Toast as Refusal, set, useStore } from './store.ts';

/** Long enough to read three sentences. It does not count while somebody points at the toast or is in it with the keyboard. */
const LIFE_MS = 12_000;

/** What Slack would not do: its own name for it, why, and the page it rests on. They stand above what they are about, and cover nothing. */
export function Toasts() {
  const refused = useStore((state) => state.refused);
  return (
    <div className="toasts" role="alert" aria-live="assertive">
      {refused.map((each) => (
        <Toast refused={each} key={each.id} />
      ))}
    </div>
  );
}

function Toast({ refused: { id, error, why, document } }: { refused: Refusal }) {
  const [isHeld, setHeld] = useState(false);
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismiss(id), LIFE_MS);
    return () => clearTimeout(timer);
  }, [id, isHeld]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a toast is no part of a form
    <div
      className="toast"
      role="group"
      aria-label={error ?? 'Not done'}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <p className="toast-words">
        {error ? <strong>{error}</strong> : null} {why}{' '}
        {document ? (
          <a href={document} target="_blank" rel="noreferrer">
            {document.replace('https://', '')}
          </a>
        ) : null}
      </p>
      <button type="button" className="icon" aria-label="Dismiss" onClick={() => dismiss(id)}>
        ✕
      </button>
    </div>
  );
}

function dismiss(id: number): void {
  set({ refused: get().refused.filter((each) => each.id !== id) });
}
