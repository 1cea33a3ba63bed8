import type { KnownBlock } from '@slack/types';

/** A message: the blocks that Slack shows, and the text for notifications and screen readers. */
export type Message = { text: string; blocks?: KnownBlock[] };
