import type { Context, Deps } from '../../services.ts';
import type { Message } from '../../slack/message.ts';

/** A slash command: its name, the text after the name as Slack delivers it, the channel, and the person. */
export type Command = {
  command: string;
  text: string;
  channel: string;
  user: string;
  /** The person's workspace, if Slack names it. */
  team: string | undefined;
};

/** The message that answers a command. `posted`: the card that the channel got is the answer. */
export type CommandAnswer = Message | 'posted';

/** Carries out a command. `rest` is what follows its first word, with mentions as links. */
export type Answers = (rest: string, command: Command, context: Context, deps: Deps) => Promise<CommandAnswer>;
