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

/** Where people write. What begins with a slash is a command, with the hints that manifest.json gives. */
export function Composer({ channel, thread_ts, placeholder, draft, setDraft }: Props) {
  const app = useStore((state) => state.workspace?.app);
  const [isBusy, setBusy] = useState(false);
  const input = useRef<HTMLTextAreaElement>(null);
  const hints = useId();
  const typed = draft.split(/\s/)[0] ?? '';
  const commands = draft.startsWith('/')
    ? (app?.commands ?? []).filter(({ command }) => command.startsWith(typed))
    : [];
  const shortcuts = (app?.shortcuts ?? []).filter(({ type }) => type === 'global');
  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    if (draft !== '' && document.activeElement !== input.current) input.current?.focus();
  }, [draft]);

  async function send(): Promise<void> {
    const text = draft.trim();
    if (text === '' || isBusy) return;
    const where = { user: get().me, channel, ...(thread_ts === undefined ? {} : { thread_ts }) };
    setBusy(true);
    setDraft('');
    const done = text.startsWith('/')
      ? await act('command', { ...where, line: text })
      : await act('post', { ...where, text });
    setBusy(false);
    // What Slack does not take stays, so that it can be mended; unless something else stands there by now.
    if (done === undefined && input.current?.value === '') setDraft(draft);
    input.current?.focus();
  }

  return (
    <div className="composer">
      {commands.length > 0 ? (
        <ul className="command-hints" id={hints}>
          {commands.map(({ command, usage_hint, description }) => (
            <li key={command}>
              <code>{command}</code> <span>{usage_hint}</span>
              <small>{description}</small>
            </li>
          ))}
        </ul>
      ) : null}
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
          aria-describedby={commands.length > 0 ? hints : undefined}
          onChange={({ target }) => setDraft(target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) {
              event.preventDefault();
              void send();
            } else if (event.key === 'Tab' && commands[0] && typed !== commands[0].command) {
              event.preventDefault();
              setDraft(`${commands[0].command} `);
            }
          }}
        />
        <button type="button" className="send" disabled={draft.trim() === ''} onClick={() => void send()}>
          Send
        </button>
      </div>
      <p className="working" role="status">
        {isBusy ? `${app?.name ?? 'The app'} is at it …` : ''}
      </p>
    </div>
  );
}
