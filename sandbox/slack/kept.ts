import type { Marks } from './marks.ts';
import type { Message, Messages } from './messages.ts';
import type { Channel, Workspace } from './workspace.ts';

/** What of a workspace outlives a run: who is in which channel, what was said, and what was read. Not the forms that were open. */
export type KeptSlack = { channels: Channel[]; messages: Message[]; marks: Marks };

export function keepSlack({ channels }: Workspace, messages: Messages, marks: Marks): KeptSlack {
  return { channels, messages: messages.all(), marks };
}

/** Puts the channels of an earlier run in place of those with the same id. */
export function restoreChannels({ channels }: Workspace, kept: readonly Channel[]): void {
  for (const channel of kept) {
    const at = channels.findIndex(({ id }) => id === channel.id);
    if (at < 0) channels.push(channel);
    else channels[at] = channel;
  }
}
