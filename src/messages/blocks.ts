import { randomUUID } from 'node:crypto';
import type { Button, RichTextElement, RichTextSection } from '@slack/types';
import type { Answer } from '../issues/answer.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';

/** The most characters of a summary that a message shows. */
export const LONGEST_SUMMARY = 120;
/** The most characters that a message shows of text that a person typed. A Jira Cloud key has less than half as many. */
const LONGEST_NAME = 80;
/** With more answers than this, a message shows only keys and phrases. */
const ANSWERS_WITH_SUMMARY = 40;
/**
 * The most characters in the blocks of a message. Slack rejects messages with too much text in their blocks
 * (`msg_blocks_too_long`). The limit is undocumented; rejections were seen from about 13,200 characters.
 */
export const MOST_CHARACTERS = 12_000;

// Text from Jira needs no escaping in rich text, since a text element cannot hold links or mentions.
export const text = (words: string): RichTextElement => ({ type: 'text', text: words });
const bold = (words: string): RichTextElement => ({ type: 'text', text: words, style: { bold: true } });
const link = (url: string, words: string): RichTextElement => ({ type: 'link', url, text: words });
export const section = (...elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

/**
 * A message with a line for each answer. With many answers, the reasons why issues were not
 * checked are listed once, at the end. `undo` is the operation that the Undo button reverses.
 */
export function answersMessage(answers: readonly Answer[], undo?: string): Message {
  const inFull = answers.length <= ANSWERS_WITH_SUMMARY;
  const items = answers.map(({ name, phrase, url, summary, formerKey, because }) => {
    const key = truncate(name, LONGEST_NAME);
    return section(
      url === undefined ? text(key) : link(url, key),
      ...(formerKey === undefined ? [] : [text(` (was ${truncate(formerKey, LONGEST_NAME)})`)]),
      text(': '),
      bold(phrase),
      ...(inFull && because !== undefined ? [text(`. ${because}`)] : []),
      ...(inFull && summary !== undefined ? [text(` · ${truncate(summary, LONGEST_SUMMARY)}`)] : []),
    );
  });
  const shown = fitting(MOST_CHARACTERS, items);
  const more = items.length - shown.length;
  const unchecked = inFull ? [] : answers.filter(({ phrase }) => phrase === 'not checked');
  const reasons = [...new Set(unchecked.map(({ because }) => `Not checked: ${because}`))];
  return {
    text: escapeText(answers.map(({ name, phrase }) => `${name}: ${phrase}`).join(', ')),
    blocks: [
      {
        type: 'rich_text',
        elements: [
          { type: 'rich_text_list', style: 'bullet', elements: shown },
          ...(more > 0 ? [`… and ${more} more`] : []).concat(reasons).map((words) => section(text(words))),
        ],
      },
      ...(undo === undefined ? [] : [{ type: 'actions' as const, elements: [undoButton(undo)] }]),
    ],
  };
}

/** The leading parts that fit. All their strings count, since Slack does not document which ones it counts. */
export function fitting<T>(characters: number, parts: readonly T[]): T[] {
  let room = characters;
  return parts.filter((part) => {
    room -= lengthOf(part);
    return room >= 0;
  });
}

/** The characters of all strings in a part of a message. */
export function lengthOf(part: unknown): number {
  if (typeof part === 'string') return part.length;
  if (typeof part !== 'object' || part === null) return 0;
  return Object.values(part).reduce((sum, value) => sum + lengthOf(value), 0);
}

/**
 * A button. Slack allows 75 characters in a label and in what screen readers say, and 2,000 in a value.
 * https://docs.slack.dev/reference/block-kit/block-elements/button-element
 */
export function button(
  action_id: string,
  label: string,
  value: string,
  more: Pick<Button, 'style' | 'accessibility_label'> = {},
): Button {
  return { type: 'button', action_id, text: plain(label), value, ...more };
}

/** The button that puts issues back on the list. `value` starts with the id of the operation that untracked them. */
export function undoButton(value: string): Button {
  return button('list:undo', 'Undo', withNonce(value), { accessibility_label: 'Undo, and track the issues again' });
}

export function plain(text: string): { type: 'plain_text'; text: string } {
  return { type: 'plain_text', text };
}

const NONCE_LENGTH = 6;

/**
 * Makes the value of a button unique by adding a random suffix of 8 characters. A button
 * takes effect once for each value, so a button that is rendered again works again.
 */
export function withNonce(value: string): string {
  // Node reads random bytes for many UUIDs at once. A page of the list has twenty suffixes.
  return `${value} ~${randomUUID().slice(0, NONCE_LENGTH)}`;
}

/** Removes the suffix that `withNonce` added to a value. */
export function withoutNonce(value: string): string {
  return value.replace(/ ~[\w-]{6}$/, '');
}

/**
 * A date or time for mrkdwn, in a format of Slack's, which Slack shows in the reader's time zone.
 * https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function dateToken(at: Date, format: string): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `<!date^${seconds}^${format}|${at.toISOString().slice(0, 16).replace('T', ' ')}>`;
}
