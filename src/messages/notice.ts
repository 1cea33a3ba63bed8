import type { SectionBlock } from '@slack/types';
import type { Message } from '../slack/message.ts';
import { escapeText, escapeWithin } from '../slack/text.ts';
import { undoButton } from './blocks.ts';

/** A sentence about what just happened, shown above the list. `undo` is the value of its Undo button. */
export type Notice = { text: string; undo?: string | undefined };

/** The most characters of a notice. */
export const LONGEST_NOTICE = 1_000;

/** A message with a notice alone, and its Undo button if it has one. */
export function noticeMessage(notice: Notice): Message {
  return { text: escapeText(notice.text), blocks: [noticeBlock(notice)] };
}

export function noticeBlock({ text, undo }: Notice): SectionBlock {
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: escapeWithin(text, LONGEST_NOTICE), verbatim: true },
    ...(undo === undefined ? {} : { accessory: undoButton(undo) }),
  };
}
