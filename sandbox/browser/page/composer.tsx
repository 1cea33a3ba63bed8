import { useEffect, useId, useRef, useState } from 'react';
import { act } from './act.ts';
import { Menu } from './menu.tsx';
import { get, useStore } from './store.ts';

type Props = {
  channel: string;
  thread_ts?: string;
  placeholder: string;
  draft: string;
  setDraft(text: string): void;
};

/** Where people write. What begins with a slash is a command; Enter or Tab completes the one that the menu offers. */
export function Composer({ channel, thread_ts, placeholder, draft, setDraft }: Props) {
  const app = useStore((state) => state.workspace?.app);
  const builtIns = useStore((state) => state.workspace?.builtIns);
  const [isBusy, setBusy] = useState(false);
  const [at, setAt] = useState(0);
  const [isDismissed, setDismissed] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const menu = useId();
  const typed = draft.split(/\s/)[0] ?? '';
  const commands =
    draft.startsWith('/') && !isDismissed
      ? [...(app?.commands ?? []), ...(builtIns ?? [])].filter(({ command }) => command.startsWith(typed))
      : [];
  const offered = typed === draft ? commands[Math.min(at, commands.length - 1)] : undefined;
  const completion = offered?.command === typed ? undefined : offered;
  const shortcuts = (app?.shortcuts ?? []).filter(({ type }) => type === 'global');
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (draft !== '' && document.activeElement !== input.current) input.current?.focus();
  }, [draft]);

  function write(text: string): void {
    setDraft(text);
    setAt(0);
    setDismissed(false);
  }

  async function send(): Promise<void> {
    const text = draft.trim();
    if (text === '' || isBusy) return;
    const where = { user: get().me, channel, ...(thread_ts === undefined ? {} : { thread_ts }) };
    setBusy(true);
    write('');
    const done = text.startsWith('/')
      ? await act('command', { ...where, line: text })
      : await act('post', { ...where, text });
    setBusy(false);
    // What Slack does not take stays, so that it can be mended; unless something else stands there by now.
    if (done === undefined && input.current?.value === '') {
      write(draft);
      // Its menu would cover what has just come.
      setDismissed(true);
    }
    input.current?.focus();
  }

  function press(event: React.KeyboardEvent): void {
    const { key, shiftKey, nativeEvent } = event;
    if (nativeEvent.isComposing) return;
    if (completion && ((key === 'Enter' && !shiftKey) || key === 'Tab')) write(`${completion.command} `);
    else if (offered && (key === 'ArrowDown' || key === 'ArrowUp')) {
      setAt((at + (key === 'ArrowDown' ? 1 : commands.length - 1)) % commands.length);
    } else if (key === 'Escape' && commands.length > 0) setDismissed(true);
    else if (key === 'Enter' && !shiftKey) void send();
    else return;
    event.preventDefault();
  }

  return (
    <div className="composer">
      <div className="command-menu" role="listbox" id={menu} aria-label="Commands" hidden={commands.length === 0}>
        {commands.map(({ command, usage_hint, description }, index) => (
          <div
            role="option"
            tabIndex={-1}
            id={`${menu}-${index}`}
            key={command}
            aria-selected={offered?.command === command}
            className={offered?.command === command ? 'at' : ''}
            onPointerDown={(event) => {
              event.preventDefault();
              if (typed === draft) write(`${command} `);
            }}
          >
            <code>{command}</code> <span>{usage_hint}</span>
            <small>{description}</small>
          </div>
        ))}
      </div>
      <div className="composer-row">
        {thread_ts === undefined ? (
          <Menu label="Shortcuts" sign="⚡">
            {shortcuts.map(({ callback_id, name, description }) => ({
              label: name,
              hint: description,
              choose: () => act('shortcut', { callback_id, user: get().me, channel }),
            }))}
          </Menu>
        ) : null}
        <textarea
          ref={input}
          rows={Math.min(8, draft.split('\n').length)}
          value={draft}
          placeholder={placeholder}
          aria-label={placeholder}
          aria-autocomplete="list"
          aria-controls={menu}
          aria-activedescendant={offered ? `${menu}-${commands.indexOf(offered)}` : undefined}
          onChange={({ target }) => write(target.value)}
          onKeyDown={press}
        />
        <button type="button" className="send" disabled={draft.trim() === ''} onClick={() => void send()}>
          Send
        </button>
      </div>
      <p className="working" role="status">
        {isBusy ? `${app?.name ?? 'The app'} is working …` : ''}
      </p>
    </div>
  );
}
