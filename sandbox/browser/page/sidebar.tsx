import { useState } from 'react';
import type { Workspace } from '../protocol.ts';
import { HOME, type PanelName } from './address.ts';
import { useUnread } from './seen.ts';
import { set, useStore } from './store.ts';
import { Theme } from './theme.tsx';

const PANELS: { name: PanelName; title: string }[] = [
  { name: 'workflows', title: 'Workflow Builder' },
  { name: 'jira', title: 'Jira' },
  { name: 'clock', title: 'Clock' },
  { name: 'trouble', title: 'Trouble' },
  { name: 'traffic', title: 'Inspector' },
];

/** Who one is, the channels one is in, the app, and what stands around Slack. */
export function Sidebar({ workspace }: { workspace: Workspace }) {
  const me = useStore((state) => state.me);
  const place = useStore((state) => state.place);
  const panel = useStore((state) => state.panel);
  const isConnected = useStore((state) => state.isConnected);
  const [isOpen, setOpen] = useState(false);
  const user = workspace.users.find(({ id }) => id === me);
  const channels = workspace.channels.filter(({ people }) => people.includes(me));
  const go = (change: Parameters<typeof set>[0]) => {
    set(change);
    setOpen(false);
  };

  function become(id: string): void {
    const isThere = place === HOME || workspace.channels.some((each) => each.id === place && each.people.includes(id));
    const first = workspace.channels.find(({ people }) => people.includes(id));
    set({ me: id, thread: undefined, ...(isThere ? {} : { place: first?.id ?? HOME }) });
  }

  return (
    <nav className={`sidebar ${isOpen ? 'open' : ''}`} aria-label="Workspace">
      <button
        type="button"
        className="unfold icon"
        aria-expanded={isOpen}
        aria-label="Channels and panels"
        onClick={() => setOpen(!isOpen)}
      >
        ☰
      </button>
      <div className="sidebar-body">
        <p className="team">{user?.team}</p>
        <label className="me">
          <span>You are</span>
          <select value={me} onChange={({ target }) => become(target.value)}>
            {workspace.users.map(({ id, name, team }) => (
              <option key={id} value={id}>
                {name} of {team}
              </option>
            ))}
          </select>
        </label>
        <h2>Channels</h2>
        <ul>
          {channels.map((channel) => (
            <ChannelEntry
              channel={channel}
              name={channel.type === 'im' ? workspace.app.name : channel.name}
              go={() => go({ place: channel.id, thread: undefined })}
              key={channel.id}
            />
          ))}
        </ul>
        <h2>Apps</h2>
        <ul>
          <li>
            <button
              type="button"
              aria-current={place === HOME ? 'page' : undefined}
              onClick={() => go({ place: HOME, thread: undefined })}
            >
              <span className="sign" aria-hidden="true">
                ◆
              </span>
              {workspace.app.name}
            </button>
          </li>
        </ul>
        <h2>Sandbox</h2>
        <ul>
          {PANELS.map(({ name, title }) => (
            <li key={name}>
              <button
                type="button"
                aria-pressed={panel === name}
                onClick={() => go({ panel: panel === name ? undefined : name, thread: undefined, issue: undefined })}
              >
                {title}
              </button>
            </li>
          ))}
        </ul>
        <div className="foot">
          <Theme />
          <p role="status" className={isConnected ? 'live' : 'lost'}>
            {isConnected ? 'Connected' : 'The sandbox has stopped.'}
          </p>
        </div>
      </div>
    </nav>
  );
}

/** A channel in bold while it has something unread; a direct message says how much. */
function ChannelEntry({ channel, name, go }: { channel: Workspace['channels'][number]; name: string; go(): void }) {
  const isHere = useStore(({ place }) => place === channel.id);
  const unread = useUnread(channel.id);
  const isUnread = unread > 0 && !isHere;
  return (
    <li>
      <button
        type="button"
        aria-current={isHere ? 'page' : undefined}
        className={isUnread ? 'unread' : undefined}
        onClick={go}
      >
        <Sign type={channel.type} />
        <span className="entry-name">{name}</span>
        {channel.shared_with ? <span className="tag">shared</span> : null}
        {isUnread ? (
          <span className={channel.type === 'im' ? 'badge' : 'only-heard'}>
            {' '}
            {unread} <span className="only-heard">unread</span>
          </span>
        ) : null}
      </button>
    </li>
  );
}

/** `#`, `@`, or a lock for a private channel. */
export function Sign({ type }: { type: string }) {
  if (type !== 'private') return <span className="sign">{type === 'im' ? '@' : '#'}</span>;
  return (
    <svg className="sign" viewBox="0 0 16 16" width="13" height="13" aria-label="private" role="img">
      <path fill="currentColor" d="M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm2 0h4V5a2 2 0 0 0-4 0z" />
    </svg>
  );
}
