import type { KnownBlock } from '@slack/types';

/** What Slack shows: blocks, and the text for notifications and screen readers. */
export type Message = { text: string; blocks?: KnownBlock[] };
