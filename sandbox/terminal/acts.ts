import { type Channel, Refusal } from '../slack/index.ts';
import { answered, stillness } from './answer.ts';
import { clock, clockLine } from './clock.ts';
import { help } from './help.ts';
import { jira, jiraLine } from './jira.ts';
import { press } from './press.ts';
import { channelTitle, type Session } from './session.ts';
import { NotUnderstood, type Status } from './status.ts';
import { step, workflow } from './step.ts';

type Act = (session: Session, rest: string) => Status | Promise<Status>;

/** What begins with one of these words is that act, when what follows `fits`; any other line is a message. */
export const acts: Record<string, { fits: RegExp; act: Act }> = {
  shortcut: { fits: /^/, act: shortcut },
  press: { fits: /\S/, act: press },
  step: { fits: /^/, act: step },
  workflow: { fits: /^/, act: workflow },
  as: { fits: /^\S+$/, act: as },
  in: { fits: /^\S+$/, act: enter },
  reply: { fits: /^m\d+\s+\S/, act: reply },
  jira: { fits: jiraLine, act: jira },
  clock: { fits: clockLine, act: clock },
  help: { fits: /^$/, act: showHelp },
};

/** A person types a slash command. */
export function command(session: Session, line: string): Promise<Status> {
  return answered(session, session.slack.command(line, whoAndWhere(session)));
}

/** A person writes a message. */
export async function post(session: Session, text: string): Promise<Status> {
  session.slack.post(text, whoAndWhere(session));
  await stillness(session);
  return 0;
}

/** A person answers a message in its thread. */
async function reply(session: Session, rest: string): Promise<Status> {
  const [, handle = '', text = ''] = /^(\S+)\s+(.*)$/s.exec(rest) ?? [];
  const message = session.handles.get(handle);
  if (message === undefined) throw new NotUnderstood(`There is no message ${handle}.`);
  session.slack.post(text, { ...whoAndWhere(session), thread_ts: message.thread_ts ?? message.ts });
  await stillness(session);
  return 0;
}

function shortcut(session: Session, rest: string): Promise<Status> {
  const [callbackId = '', handle, ...more] = rest.split(/\s+/);
  if (callbackId === '' || more.length > 0) throw new NotUnderstood('Like this: shortcut callback_id m1');
  const message = handle === undefined ? undefined : session.handles.get(handle);
  if (handle !== undefined && message === undefined) throw new NotUnderstood(`There is no message ${handle}.`);
  return answered(session, session.slack.shortcut(callbackId, message, whoAndWhere(session)));
}

function as(session: Session, handle: string): Status {
  const { workspace } = session.slack;
  const all = workspace.users.map(({ short, name }) => `${name} (${short})`).join(', ');
  session.user = found(() => workspace.user(handle), `There is no person "${handle}". Choose one of: ${all}.`);
  const { name } = workspace.teamOf(session.user);
  session.print([`You are @${session.user.name} of ${name}.`]);
  return 0;
}

function enter(session: Session, handle: string): Status {
  const { workspace } = session.slack;
  const all = workspace.channels.map((channel) => `${channelTitle(channel)} (${channel.id})`).join(', ');
  session.channel = found(() => workspace.channel(handle), `There is no channel "${handle}". Choose one of: ${all}.`);
  session.print([`You are in ${describe(session.channel)}.`]);
  return 0;
}

function describe(channel: Channel): string {
  const { type, shared_with, app_is_member } = channel;
  if (type === 'im') return channelTitle(channel);
  const shared = shared_with === undefined ? '' : ', shared with another company';
  return `${channelTitle(channel)}, a ${type} channel${shared}${app_is_member ? '' : ' without Maro in it'}`;
}

function showHelp(session: Session): Status {
  session.print(help(session));
  return 0;
}

function whoAndWhere({ user, channel }: Session) {
  return { user: user.id, channel: channel.id };
}

function found<T>(find: () => T, otherwise: string): T {
  try {
    return find();
  } catch (error) {
    throw error instanceof Refusal ? new NotUnderstood(otherwise) : error;
  }
}
