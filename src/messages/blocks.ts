import { randomBytes } from 'node:crypto';
import type { Button, RichTextElement, RichTextSection } from '@slack/types';
import type { Answer } from '../issues/answer.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, truncate } from '../slack/text.ts';

/** Of a summary, wherever a message shows one. */
export const LONGEST_SUMMARY = 120;
/** Of what was typed. A key that Jira Cloud gives is not half as long. */
const LONGEST_NAME = 80;
/** With more answers than this, only keys and phrases. */
const ANSWERS_WITH_SUMMARY = 40;
/**
 * Slack refuses messages whose blocks hold too much text together (`msg_blocks_too_long`), seen from some 13,200 characters
 * on; no page says how much.
 */
export const MOST_CHARACTERS = 12_000;

// Jira's words go into rich text as they are: its text elements hold neither links nor mentions, so there is nothing to escape.
const text = (words: string): RichTextElement => ({ type: 'text', text: words });
const bold = (words: string): RichTextElement => ({ type: 'text', text: words, style: { bold: true } });
const link = (url: string, words: string): RichTextElement => ({ type: 'link', url, text: words });
const section = (...elements: RichTextElement[]): RichTextSection => ({ type: 'rich_text_section', elements });

/**
 * What became of each thing that was typed, a line for each; below many of them, why some were not checked. `undo` is the
 * operation that a button takes back.
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
      ...(inFull && because !== undefined ? [text(`: ${because}`)] : []),
      ...(inFull && summary !== undefined ? [text(` · ${truncate(summary, LONGEST_SUMMARY)}`)] : []),
    );
  });
  const shown = fitting(MOST_CHARACTERS, items);
  const more = items.length - shown.length;
  const unchecked = inFull ? [] : answers.filter(({ phrase }) => phrase === 'not checked');
  const reasons = [...new Set(unchecked.map(({ because }) => `Not checked: ${because}.`))];
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
      ...(undo === undefined
        ? []
        : [{ type: 'actions' as const, elements: [button('list:undo', 'Undo', drawn(undo))] }]),
    ],
  };
}

/** As many as fit, from the first on. All strings count, since nobody says which of them Slack counts. */
export function fitting<T>(characters: number, parts: readonly T[]): T[] {
  let room = characters;
  return parts.filter((part) => {
    room -= lengthOf(part);
    return room >= 0;
  });
}

function lengthOf(part: unknown): number {
  if (typeof part === 'string') return part.length;
  if (typeof part !== 'object' || part === null) return 0;
  return Object.values(part).reduce((sum, value) => sum + lengthOf(value), 0);
}

/** A button that any process can answer: all it needs is in its value. Slack: a label has 75 characters, a value 2,000. */
export function button(action_id: string, label: string, value: string, style?: 'danger'): Button {
  return { type: 'button', action_id, text: { type: 'plain_text', text: label }, value, ...(style ? { style } : {}) };
}

const DRAWING_BYTES = 4;

/**
 * A value for a button that does something once: the same button drawn anew has another value, so that it works again. Adds 8
 * characters.
 */
export function drawn(value: string): string {
  return `${value} ~${randomBytes(DRAWING_BYTES).toString('base64url')}`;
}

/** What stands in a value beside its drawing. */
export function undrawn(value: string): string {
  return value.replace(/ ~[\w-]{6}$/, '');
}

/**
 * A moment in the reader's own time zone, for mrkdwn.
 * https://docs.slack.dev/messaging/formatting-message-text/#date-formatting
 */
export function dateToken(at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  return `<!date^${seconds}^{date_short_pretty} {time}|${at.toISOString().slice(0, 16).replace('T', ' ')}>`;
}
