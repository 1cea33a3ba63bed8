import { useEffect, useMemo, useState } from 'react';
import type { Message as SlackMessage } from '../../slack/index.ts';
import type { Workspace } from '../protocol.ts';
import { act } from './act.ts';
import { Composer } from './composer.tsx';
import { Message } from './message.tsx';
import { Messages } from './messages.tsx';
import { isSeen } from './seen.ts';
import { Sign } from './sidebar.tsx';
import { useStore } from './store.ts';

const NONE: readonly SlackMessage[] = [];
const SETTLED_MS = 100;

/** A channel as one person sees it. */
export function Channel({ channel }: { channel: Workspace['channels'][number] }) {
  const me = useStore((state) => state.me);
  const all = useStore((state) => state.messages[channel.id] ?? NONE);
  const app = useStore((state) => state.workspace?.app.name ?? '');
  const [draft, setDraft] = useState('');
  const [showsPins, setShowsPins] = useState(false);
  const seen = useMemo(() => all.filter((message) => isSeen(message, me)), [all, me]);
  const messages = useMemo(
    () => seen.filter(({ thread_ts, ts }) => thread_ts === undefined || thread_ts === ts),
    [seen],
  );
  const newest = messages.at(-1)?.ts;
  useEffect(() => {
    if (newest === undefined) return;
    // Many may come at once, of which the last one counts.
    const settled = setTimeout(() => void act('mark', { user: me, channel: channel.id, ts: newest }), SETTLED_MS);
    return () => clearTimeout(settled);
  }, [newest, me, channel.id]);
  const pinned = seen.filter(({ pinned_by }) => pinned_by !== undefined);
  const name = channel.type === 'im' ? app : channel.name;
  return (
    <main className="channel">
      <header className="bar">
        <h1>
          <Sign type={channel.type} /> {name}
        </h1>
        <p>{about(channel, app)}</p>
        {pinned.length > 0 ? (
          <button type="button" className="quiet" aria-expanded={showsPins} onClick={() => setShowsPins(!showsPins)}>
            {pinned.length} pinned
          </button>
        ) : null}
      </header>
      {channel.bookmarks === undefined || channel.bookmarks.length === 0 ? null : (
        <nav className="bookmarks" aria-label="Bookmarks">
          {channel.bookmarks.map(({ id, title, link }) => (
            <button type="button" className="chip" key={id} title={link} onClick={() => follow(link)}>
              {title}
            </button>
          ))}
        </nav>
      )}
      {showsPins && pinned.length > 0 ? (
        <section className="pins" aria-label="Pinned messages">
          {pinned.map((message) => (
            <Message message={message} replies={0} key={message.ts} />
          ))}
        </section>
      ) : null}
      {messages.length === 0 ? (
        <Hint app={app} use={setDraft} />
      ) : (
        <Messages messages={messages} me={me}>
          {(message) => (
            <Message
              message={message}
              replies={seen.filter(({ thread_ts, ts }) => thread_ts === message.ts && ts !== message.ts).length}
            />
          )}
        </Messages>
      )}
      <Composer
        channel={channel.id}
        placeholder={`Message ${channel.type === 'im' ? '' : '#'}${name}, or /`}
        draft={draft}
        setDraft={setDraft}
      />
    </main>
  );
}

/** Goes to the message that a permalink names. */
function follow(link: string): void {
  const [, seconds, fraction] = /\/p(\d+)(\d{6})$/.exec(link) ?? [];
  const there = document.querySelectorAll(`[data-ts="${seconds}.${fraction}"]`);
  [...there].at(-1)?.scrollIntoView({ block: 'center' });
}

function about({ type, app_is_member, shared_with, people }: Workspace['channels'][number], app: string): string {
  if (type === 'im') return 'direct message';
  const who = `${people.length} people`;
  const shared = shared_with ? ', shared with another company' : '';
  return `${type}${shared} · ${who} · ${app} is ${app_is_member ? 'a member' : 'not a member'}`;
}

const FIRST = ['/maro track PLAT-5 SHOP-17', '/maro tracked', 'Is anyone looking at PLAT-21?'];

/** What a channel without messages says. */
function Hint({ app, use }: { app: string; use(line: string): void }) {
  return (
    <div className="hint">
      <h2>No messages yet</h2>
      <p>
        {app} is real; Slack and Jira are stand-ins on this machine. Pick a line below and press Enter. Or write a
        message that mentions an issue, and open its ⋯ menu.
      </p>
      <ul>
        {FIRST.map((line) => (
          <li key={line}>
            <button type="button" className="chip" onClick={() => use(line)}>
              {line}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
