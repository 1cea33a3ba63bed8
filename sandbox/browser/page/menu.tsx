import { useEffect, useId, useRef, useState } from 'react';

const GAP_PX = 4;

export type Entry = { label: string; hint?: string; href?: string; choose(): unknown };

/** A button with a menu: arrow keys go through it, Enter chooses, Escape closes. */
export function Menu({ label, sign, children }: { label: string; sign: string; children: readonly Entry[] }) {
  const [isOpen, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const id = useId();
  const items = () => [...(root.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];

  useEffect(() => {
    if (!isOpen) return;
    const away = ({ target }: Event) => {
      if (!root.current?.contains(target as Node)) setOpen(false);
    };
    const close = () => setOpen(false);
    document.addEventListener('pointerdown', away);
    addEventListener('resize', close);
    return () => {
      document.removeEventListener('pointerdown', away);
      removeEventListener('resize', close);
    };
  }, [isOpen]);

  function close(): void {
    setOpen(false);
    root.current?.querySelector('button')?.focus();
  }

  function move(event: React.KeyboardEvent): void {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === 'Escape') close();
    else if (to === undefined) return;
    else all.at(to % all.length)?.focus();
    event.preventDefault();
    event.stopPropagation();
  }

  const choose = (entry: Entry) => {
    close();
    entry.choose();
  };
  return (
    <div className="menu" ref={root}>
      <button
        type="button"
        className="icon"
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? id : undefined}
        onClick={() => setOpen(!isOpen)}
      >
        {sign}
      </button>
      {isOpen ? (
        <div role="menu" popover="manual" id={id} tabIndex={-1} aria-label={label} ref={place} onKeyDown={move}>
          {children.length === 0 ? <p>manifest.json declares nothing for this menu.</p> : null}
          {children.map((entry) =>
            entry.href === undefined ? (
              <button type="button" role="menuitem" key={entry.label} onClick={() => choose(entry)}>
                {entry.label}
                {entry.hint ? <small>{entry.hint}</small> : null}
              </button>
            ) : (
              <a
                role="menuitem"
                key={entry.label}
                href={entry.href}
                target="_blank"
                rel="noreferrer"
                onClick={() => choose(entry)}
              >
                {entry.label} ↗
              </a>
            ),
          )}
        </div>
      ) : null}
    </div>
  );
}

/** Above everything, where nothing clips it: below its button or, where there is no room, above it. */
function place(menu: HTMLElement | null): void {
  const button = menu?.parentElement?.getBoundingClientRect();
  if (menu === null || button === undefined) return;
  menu.showPopover();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = button.bottom + GAP_PX;
  const top = below + height <= innerHeight ? below : Math.max(GAP_PX, button.top - GAP_PX - height);
  menu.style.top = `${top}px`;
  menu.style.left = `${Math.max(GAP_PX, Math.min(button.left, innerWidth - width - GAP_PX))}px`;
  menu.querySelector<HTMLElement>('[role=menuitem]')?.focus();
}
