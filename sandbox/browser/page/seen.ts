import type { Message } from '../../slack/index.ts';
import { useStore } from './store.ts';

const NONE: readonly Message[] = [];

/** Whether a person sees it: what is for one person alone, others do not. */
export function isSeen({ deleted, ephemeral_to }: Message, me: string): boolean {
  return !deleted && (ephemeral_to === undefined || ephemeral_to === me);
}

/** How many messages of others one has not read in a channel. What is for one person alone, and what is in a thread, does not count. */
export function useUnread(channel: string): number {
  return useStore(({ me, marks, messages }) => {
    const all = messages[channel] ?? NONE;
    const read = marks[me]?.[channel] ?? '';
    let count = 0;
    for (let index = all.length - 1; index >= 0; index--) {
      const message = all[index] as Message;
      if (message.ts <= read) break;
      if (isUnread(message, me)) count += 1;
    }
    return count;
  });
}

function isUnread(message: Message, me: string): boolean {
  const { user, ephemeral_to, thread_ts, ts } = message;
  return isSeen(message, me) && user !== me && ephemeral_to === undefined && (thread_ts ?? ts) === ts;
}
