import { useEffect, useId, useRef, useState } from 'react';
import type { SuggestedOption as Option } from '../protocol.ts';

type Props = {
  label: string;
  id?: string | undefined;
  describedBy?: string | undefined;
  isInvalid?: boolean | undefined;
  placeholder: string;
  options: readonly Option[];
  chosen: readonly Option[];
  isMany: boolean;
  /** Asks the app for options, when it has them. */
  find?: ((query: string) => Promise<readonly Option[]>) | undefined;
  change(chosen: Option[]): void;
};

/** One types to find, arrow keys go through the options, Enter chooses. https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ */
export function Select({
  label,
  id,
  describedBy,
  isInvalid,
  placeholder,
  options,
  chosen,
  isMany,
  find,
  change,
}: Props) {
  const [query, setQuery] = useState<string | undefined>(undefined);
  const [found, setFound] = useState<readonly Option[]>([]);
  const [at, setAt] = useState(0);
  const [isAsking, setAsking] = useState(false);
  const asked = useRef(0);
  const list = useId();
  const listbox = useRef<HTMLDivElement>(null);
  const isOpen = query !== undefined;
  const shown = (
    find ? found : options.filter(({ text }) => text.text.toLowerCase().includes((query ?? '').toLowerCase()))
  ).slice(0, 100);

  useEffect(() => {
    if (query === undefined || find === undefined) return;
    const mine = ++asked.current;
    setAsking(true);
    const timer = setTimeout(async () => {
      const answer = await find(query);
      if (mine !== asked.current) return;
      setFound(answer);
      setAsking(false);
    }, 150);
    return () => clearTimeout(timer);
  }, [query, find]);

  // A view cuts off what is below its body, unless the view scrolls.
  // biome-ignore lint/correctness/useExhaustiveDependencies: The list grows when options come.
  useEffect(() => {
    if (!isOpen) return;
    listbox.current?.scrollIntoView({ block: 'nearest' });
    listbox.current?.querySelector('.at')?.scrollIntoView({ block: 'nearest' });
  }, [isOpen, at, shown.length]);

  function choose(option: Option): void {
    const others = chosen.filter(({ value }) => value !== option.value);
    change(isMany ? (others.length < chosen.length ? others : [...chosen, option]) : [option]);
    setQuery(isMany ? '' : undefined);
    setAt(0);
  }

  function move(event: React.KeyboardEvent): void {
    const option = shown[at];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (!isOpen) setQuery('');
      else setAt((at + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % Math.max(1, shown.length));
    } else if (event.key === 'Enter' && isOpen) {
      if (option) choose(option);
    } else if (event.key === 'Escape' && isOpen) setQuery(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  return (
    <div className="select">
      {isMany
        ? chosen.map((option) => (
            <button
              type="button"
              className="chip"
              key={option.value}
              aria-label={`Remove ${option.text.text}`}
              onClick={() => choose(option)}
            >
              {option.text.text} ✕
            </button>
          ))
        : null}
      <input
        role="combobox"
        type="text"
        id={id}
        autoComplete="off"
        aria-label={label}
        aria-describedby={describedBy}
        aria-invalid={isInvalid || undefined}
        aria-expanded={isOpen}
        aria-controls={list}
        aria-activedescendant={isOpen && shown[at] ? `${list}-${at}` : undefined}
        placeholder={placeholder}
        value={query ?? (isMany ? '' : (chosen[0]?.text.text ?? ''))}
        onClick={() => setQuery('')}
        onChange={({ target }) => {
          setQuery(target.value);
          setAt(0);
        }}
        onBlur={() => setQuery(undefined)}
        onKeyDown={move}
      />
      <div role="listbox" ref={listbox} id={list} aria-label={label} hidden={!isOpen}>
        {shown.length === 0 ? (
          <div role="option" tabIndex={-1} aria-disabled="true" aria-selected="false">
            {isAsking ? 'Searching …' : find && query === '' ? 'Type to search.' : 'No results.'}
          </div>
        ) : null}
        {shown.map((option, index) => (
          <div
            role="option"
            tabIndex={-1}
            id={`${list}-${index}`}
            key={option.value}
            aria-selected={chosen.some(({ value }) => value === option.value)}
            className={index === at ? 'at' : ''}
            onPointerDown={(event) => {
              event.preventDefault();
              choose(option);
            }}
          >
            {option.text.text}
          </div>
        ))}
      </div>
    </div>
  );
}
