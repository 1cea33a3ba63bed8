import type { SandboxClock } from '../clock/index.ts';
import type { By, Jira } from '../jira/index.ts';
import { type Channel, type Manifest, type Message, Refusal, type Slack, type User } from '../slack/index.ts';
import { bot } from '../slack/workspace.ts';
import type { Drawing } from './drawing.ts';
import type { Ink } from './ink.ts';
import { drawMessage } from './message.ts';
import { drawView } from './view.ts';

/** One person at a time, in one channel at a time, and what they see. */
export type Session = {
  slack: Slack;
  jira: Jira;
  manifest: Manifest;
  clock: SandboxClock;
  user: User;
  channel: Channel;
  /** Who acts in Jira. */
  by: By | undefined;
  /** Messages by handle: `m1`, `m2` and so on. */
  handles: Map<string, Message>;
  drawing: Drawing;
  /** Shows lines to the person at the terminal. */
  print(lines: readonly string[]): void;
};

type World = Pick<Session, 'slack' | 'jira' | 'manifest' | 'clock'>;

/** A session of the first person in the first channel. From now on it prints whatever the person would see. */
export function openSession(world: World, ink: Ink, print: Session['print']): Session {
  const { workspace, clock, watch } = world.slack;
  const [user] = workspace.users;
  const [channel] = workspace.channels;
  if (user === undefined || channel === undefined) throw new Error('The workspace has nobody or no channel in it.');
  const drawing: Drawing = {
    ink,
    user: (id) => `@${id === bot.id ? botName(world.manifest) : known(() => workspace.user(id).name, id)}`,
    channel: (id) => known(() => channelTitle(workspace.channel(id)), id),
    now: clock.now,
  };
  const session: Session = { ...world, user, channel, by: undefined, handles: new Map(), drawing, print };
  watch(({ message, view, seenBy }) => {
    if (!seenBy(session.user.id, session.channel.id)) return;
    if (message !== undefined) session.print(shown(session, message));
    if (view !== undefined) session.print(drawView(view, drawing));
  });
  return session;
}

/** What a person reads above the channel. */
export function channelTitle({ type, name }: Channel): string {
  return type === 'im' ? 'a direct message' : `#${name}`;
}

/** Who one is and where, in front of every line. */
export function promptOf({ user, channel, drawing: { ink } }: Session): string {
  return `${ink.paint(`@${user.name}`, 'bold')} ${ink.paint(channelTitle(channel).replace('a ', ''), 'cyan')}> `;
}

/** A message of the person's own, who has just typed it, is shown by its handle alone. */
function shown(session: Session, message: Message): string[] {
  const handle = handleOf(session, message);
  const justTyped = message.user === session.user.id && !message.edited;
  return justTyped ? [`posted as ${handle}`] : drawMessage(message, session.drawing, handle);
}

/** The handle of a message, a new one when it has none. What only one person sees has none, since no act takes it. */
function handleOf({ handles }: Session, message: Message): string | undefined {
  if (message.ephemeral_to !== undefined) return undefined;
  for (const [handle, each] of handles) if (each === message) return handle;
  const handle = `m${handles.size + 1}`;
  handles.set(handle, message);
  return handle;
}

function botName({ features, display_information }: Manifest): string {
  return features?.bot_user?.display_name ?? display_information?.name ?? 'app';
}

function known(name: () => string, otherwise: string): string {
  try {
    return name();
  } catch (error) {
    if (error instanceof Refusal) return otherwise;
    throw error;
  }
}
