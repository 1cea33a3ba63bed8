import type { Message } from '../slack/message.ts';
import { escapeText } from '../slack/text.ts';
import { NO_SCOPE } from './home.ts';
import { context } from './list.ts';

/** The most channels that a message lists. */
const MOST_LISTED = 50;

/** What a person may know of the channels that track an issue. */
export type Where = {
  key: string;
  /** Whether the channel in which the person asks tracks it. */
  isHere: boolean;
  /** The other channels. */
  channels: readonly string[];
  /** Why channels may be missing. */
  trouble: 'no_scope' | 'untold' | undefined;
};

/** Says which channels track an issue. It says nothing of channels of which the person may not know, not even how many there are. */
export function whereMessage({ key, isHere, channels, trouble }: Where): Message {
  const lines = [
    ...(isHere ? ['This channel'] : []),
    ...channels.slice(0, MOST_LISTED).map((channel) => `<#${channel}>`),
  ];
  const more = channels.length > MOST_LISTED ? [`… and ${channels.length - MOST_LISTED} more`] : [];
  const heading =
    lines.length === 0 ? `No channel that you can see tracks ${key}.` : `${key} is tracked in these channels:`;
  const doubt = trouble === undefined ? [] : [trouble === 'no_scope' ? NO_SCOPE : UNTOLD];
  const list = [...lines.map((line) => `• ${line}`), ...more];
  return {
    text: [escapeText(heading), ...lines].join(' '),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: [`*${escapeText(heading)}*`, ...list].join('\n') } },
      ...doubt.map((sentence) => context(escapeText(sentence))),
      context('Only channels that you can see are listed.'),
    ],
  };
}

const UNTOLD = 'Slack didn’t list your channels, so some may be missing. Ask again in a minute.';
