import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { defined } from '../defined.ts';
import { labelsIn, mentionWords, type Names } from '../slack/markup.ts';
import { truncate } from '../slack/text.ts';
import { attachmentPieces } from './attachment-content.ts';
import { blockPieces, type Piece } from './block-content.ts';
import { fileParts, titleOf } from './file-content.ts';
import { mrkdwnParts, textElement } from './mrkdwn.ts';
import { fieldsOf, itemsOf, mapElements, type RichTextBlock, wordsIn } from './rich-text.ts';

/** The parts of a Slack message that can hold words. https://docs.slack.dev/reference/events/message */
export type MessageParts = { text?: unknown; blocks?: unknown; attachments?: unknown; files?: unknown };

/** Jira: "Summary can't exceed 255 characters." */
const LONGEST_SUMMARY = 255;

/**
 * Returns every word of a message that people read, in order, as rich text: its blocks, or its `text` if the blocks
 * have no words, then its attachments and its files. Mentions of people stay mentions. Undefined when it has no words.
 */
export function richTextIn(message: MessageParts): RichTextBlock | undefined {
  const elements = piecesOf(message).map(({ part }) => part);
  return elements.length === 0 ? undefined : { type: 'rich_text', elements };
}

/**
 * Returns a message in one line of at most 255 characters: its header, else its title, else its
 * first line, else the title of its first file. Empty when the message has no words.
 */
export function summaryIn(message: MessageParts, names: Names): string {
  const pieces = piecesOf(message);
  const lineOf = (role: Piece['role']) =>
    pieces.filter((piece) => piece.role === role).flatMap(({ part }) => linesOf(part, names))[0];
  const file = () => itemsOf(message.files).flatMap((each) => titleOf(fieldsOf(each)) || [])[0];
  const line = lineOf('header') ?? lineOf('title') ?? lineOf('text') ?? file() ?? lineOf('aside') ?? '';
  return truncate(line, LONGEST_SUMMARY);
}

function piecesOf({ text, blocks, attachments, files }: MessageParts): Piece[] {
  const words = typeof text === 'string' ? text : '';
  const own = [...blockPieces(blocks)].filter(hasWords);
  const said = own.length > 0 ? own : mrkdwnParts(words).map((part): Piece => ({ role: 'text', part }));
  const labels = labelsIn(words);
  const pieces = [...said, ...attachmentPieces(attachments), ...fileParts(files)].filter(hasWords);
  return labels.size === 0 ? pieces : pieces.map(({ role, part }) => ({ role, part: labelled(part, labels) }));
}

function hasWords({ part }: Piece): boolean {
  return wordsIn({ type: 'rich_text', elements: [part] }).trim() !== '';
}

/** Blocks name channels and user groups by their ids alone, while the message's text has their names as well. */
function labelled(part: RichTextBlockElement, labels: Names): RichTextBlockElement {
  const named = (kind: 'channel' | 'usergroup', id: string, element: RichTextElement): RichTextElement =>
    labels.has(id) ? { ...textElement(mentionWords(kind, id, labels)), ...defined({ style: element.style }) } : element;
  return mapElements(part, (element) => {
    if (element.type === 'channel') return named('channel', element.channel_id, element);
    return element.type === 'usergroup' ? named('usergroup', element.usergroup_id, element) : element;
  });
}

/** The lines of a part that have words, with single spaces. */
function linesOf(part: RichTextBlockElement, names: Names): string[] {
  const words = wordsIn({ type: 'rich_text', elements: [part] }, names);
  return words.split(/[\n\r\v\f\u0085\p{Zl}\p{Zp}]/u).flatMap((line) => line.replace(/\s+/g, ' ').trim() || []);
}
