import type { Sandbox } from '../sandbox.ts';
import type { Message, View } from '../slack/index.ts';
import { Refusal } from '../slack/index.ts';
import type { JiraTrouble, Run, Switches, Target, WebhookSwitch, Workflow } from './protocol.ts';

/** What the acts work on: the sandbox, and what only the page knows of. */
export type World = {
  sandbox: Sandbox;
  workflows: Workflow[];
  /** The latest runs, the newest first. */
  runs: Run[];
  switches: Switches;
  jiraTrouble: JiraTrouble;
  webhookTrouble: WebhookSwitch;
  /** The refusals that an act has answered with, so that no page hears of them twice. */
  answered: WeakSet<Error>;
  /** Keeps the built workflows for the next run of the sandbox. */
  keep(): Promise<void>;
  /** Everybody's page is told of the views that are open. */
  tellViews(): void;
};

/** The message a page means. @throws {Refusal} when it is gone. */
export function messageOf({ sandbox }: World, channel: string, ts: string, user: string): Message {
  const message = sandbox.slack.messages(channel, user).find((each) => each.ts === ts);
  if (message === undefined) throw new Refusal('message_not_found', 'The message was deleted.', 'messaging');
  return message;
}

/** The view a page means. @throws {Refusal} when it is closed. */
export function viewOf({ sandbox }: World, id: string): View {
  const { workspace, views, home } = sandbox.slack;
  const all = workspace.users.flatMap((user) => [...views(user.id), home(user.id)]);
  const view = all.find((each) => each?.id === id);
  if (view === undefined) throw new Refusal('not_found', 'The view is no longer open.', 'surfaces/modals');
  return view;
}

export function targetOf(world: World, target: Target, user: string): Message | View {
  return 'view' in target ? viewOf(world, target.view) : messageOf(world, target.channel, target.ts, user);
}
