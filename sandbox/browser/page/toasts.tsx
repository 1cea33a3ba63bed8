import { set, useStore } from './store.ts';

/** What Slack would not do: its own name for it, why, and the page it rests on. */
export function Toasts() {
  const refused = useStore((state) => state.refused);
  const dismiss = (id: number) => set({ refused: refused.filter((each) => each.id !== id) });
  return (
    <div className="toasts" role="alert" aria-live="assertive">
      {refused.map(({ id, error, why, document }) => (
        <div className="toast" key={id}>
          <div>
            <strong>{error}</strong>
            <p>{why}</p>
            {document ? (
              <a href={document} target="_blank" rel="noreferrer">
                {document.replace('https://', '')}
              </a>
            ) : null}
          </div>
          <button type="button" className="icon" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ✕
          </button>
        </div>
      ))}
    </div>
  );
}
