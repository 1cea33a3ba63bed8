import type { Block } from '../../slack/blocks.ts';
import { withEmoji } from '../../slack/emoji.ts';
import { filesOf, type Message as SlackMessage } from '../../slack/messages.ts';
import { act } from './act.ts';
import { Blocks } from './blocks.tsx';
import { type Entry, Menu } from './menu.tsx';
import { Mrkdwn } from './mrkdwn.tsx';
import { get, set, useStore } from './store.ts';

/** A message, with everything that can be done with it. */
export function Message({
  message,
  replies,
  inThread = false,
}: {
  message: SlackMessage;
  replies: number;
  inThread?: boolean;
}) {
  const workspace = useStore((state) => state.workspace);
  const { ts, channel, user, text, blocks, edited, ephemeral_to, pinned_by } = message;
  const name = nameOf(user, workspace);
  const isApp = message.bot_id !== undefined;
  const at = new Date(Number(ts) * 1000);
  const where = () => ({ user: get().me, channel });
  const entries: Entry[] = [
    ...(workspace?.app.shortcuts ?? [])
      .filter(({ type }) => type === 'message')
      .map(({ callback_id, name, description }) => ({
        label: name,
        hint: description,
        choose: () => act('shortcut', { callback_id, ts, ...where() }),
      })),
    ...(inThread ? [] : [{ label: 'Reply in thread', choose: () => set({ thread: ts, panel: undefined }) }]),
    {
      label: pinned_by === undefined ? 'Pin to channel' : 'Remove pin',
      choose: () => act('pin', { ts, on: pinned_by === undefined, ...where() }),
    },
  ];
  return (
    <article className={`message ${ephemeral_to ? 'ephemeral' : ''}`} aria-label={`Message from ${name}`} data-ts={ts}>
      <span
        className={`avatar ${isApp ? 'app' : ''}`}
        aria-hidden="true"
        style={{ '--hue': hueOf(user) } as React.CSSProperties}
      >
        {isApp ? '◆' : name.charAt(0).toUpperCase()}
      </span>
      <div className="message-body">
        <p className="by">
          <strong>{name}</strong>
          {isApp ? <span className="tag">APP</span> : null}
          <time dateTime={at.toISOString()}>{at.toLocaleTimeString('en', { hour: 'numeric', minute: '2-digit' })}</time>
          {ephemeral_to ? <span className="only">Only visible to you</span> : null}
          {edited ? <span className="only">(edited)</span> : null}
          {pinned_by ? <span className="only">pinned by {nameOf(pinned_by, workspace)}</span> : null}
        </p>
        {blocks.length > 0 ? (
          <Blocks blocks={blocks as Block[]} target={{ channel, ts }} />
        ) : (
          <div className="text">
            <Mrkdwn text={text} />
          </div>
        )}
        {filesOf(message).map(({ name, size, preview }) => (
          <figure key={name} className="file">
            <figcaption>
              <strong>{name}</strong> {size.toLocaleString('en')} bytes
            </figcaption>
            {preview === '' ? null : <pre>{preview}</pre>}
          </figure>
        ))}
        {message.reactions === undefined ? null : (
          <ul className="reactions" aria-label="Reactions">
            {message.reactions.map(({ name, users }) => (
              <li key={name} title={`${users.map((id) => nameOf(id, workspace)).join(', ')} reacted with :${name}:`}>
                {withEmoji(`:${name}:`)} {users.length}
              </li>
            ))}
          </ul>
        )}
        {replies > 0 ? (
          <button type="button" className="replies" onClick={() => set({ thread: ts, panel: undefined })}>
            {replies === 1 ? '1 reply' : `${replies} replies`}
          </button>
        ) : null}
      </div>
      {ephemeral_to ? null : (
        <div className="message-menu">
          <Menu label="More actions" sign="⋯">
            {entries}
          </Menu>
        </div>
      )}
    </article>
  );
}

function nameOf(id: string, workspace: ReturnType<typeof get>['workspace']): string {
  if (id === workspace?.app.user) return workspace.app.name;
  return workspace?.users.find((user) => user.id === id)?.name ?? id;
}

function hueOf(id: string): number {
  return [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7);
}
