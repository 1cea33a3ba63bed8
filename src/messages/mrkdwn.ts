import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { dateWords, type MarkupPiece, markupPieces, mentionWords } from '../slack/markup.ts';
import { escapeText } from '../slack/text.ts';
import { unescaped } from '../unescaped.ts';

type Style = 'bold' | 'italic' | 'strike' | 'code';
/** A piece of markup, a character that may begin or end a style, or text between backticks. */
type Item =
  | { kind: 'piece'; piece: MarkupPiece }
  | { kind: 'mark'; mark: string; opens: boolean; closes: boolean }
  | { kind: 'code'; text: string }
  | { kind: 'text'; text: string };

const STYLES: Readonly<Record<string, Style>> = { '*': 'bold', _: 'italic', '~': 'strike' };
/** The most characters of one text that are read. Slack allows 40,000 in a message. */
const LONGEST_TEXT = 40_000;
const LEXEME = /`[^`\n]+`|[*_~`\n]|[^*_~`\n]+/g;
const MARKDOWN = /\[([^[\]\n]*)\]\(([^()\s<>|]+)\)|`[^`\n]+`|\*\*|__|~~|\*/g;

/**
 * Parses text in Slack's mrkdwn: links, mentions, dates, styles, quotes, and code.
 * https://docs.slack.dev/messaging/formatting-message-text/
 */
export function mrkdwnParts(text: string): RichTextBlockElement[] {
  return fenced(beginning(text)).flatMap(({ isCode, text }): RichTextBlockElement[] => {
    if (text.trim() === '') return [];
    if (isCode) return [{ type: 'rich_text_preformatted', elements: [textElement(unescaped(text))] }];
    return quotes(text).map(({ isQuote, text }) => ({
      type: isQuote ? 'rich_text_quote' : 'rich_text_section',
      elements: mrkdwnElements(text),
    }));
  });
}

/** Parses the Markdown of a markdown block. https://docs.slack.dev/reference/block-kit/blocks/markdown-block */
export function markdownParts(markdown: string): RichTextBlockElement[] {
  const pieces = fenced(unescaped(beginning(markdown))).map(({ isCode, text }) =>
    isCode ? `\`\`\`${escapeText(text.replace(/^\w+\n/, '\n'))}\`\`\`` : asMrkdwn(text),
  );
  return mrkdwnParts(pieces.join(''));
}

/** Parses mrkdwn that is one paragraph, such as a field or a cell. */
export function mrkdwnElements(text: string): RichTextElement[] {
  const items = [...itemsOf(beginning(text))];
  const pairs = pairsOf(items);
  const active = new Set<Style>();
  const elements: RichTextElement[] = [];
  for (const [index, item] of items.entries()) {
    const style = item.kind === 'mark' ? STYLES[item.mark] : undefined;
    if (style !== undefined && pairs.has(index)) {
      if (!active.delete(style)) active.add(style);
      continue;
    }
    const element = elementOf(item);
    const styles = [...active, ...(item.kind === 'code' ? (['code'] as const) : [])];
    const styled =
      styles.length === 0 ? element : { ...element, style: Object.fromEntries(styles.map((s) => [s, true])) };
    push(elements, styled as RichTextElement);
  }
  return elements;
}

export function textElement(text: string): Extract<RichTextElement, { type: 'text' }> {
  return { type: 'text', text };
}

/** Adds an element, and joins it with the last one if both are text of the same style. */
function push(elements: RichTextElement[], element: RichTextElement): void {
  const last = elements.at(-1);
  if (element.type !== 'text') elements.push(element);
  else if (last?.type === 'text' && JSON.stringify(last.style) === JSON.stringify(element.style))
    last.text += element.text;
  else if (element.text !== '') elements.push(element);
}

/** Splits text at lines of three backticks. Without a second one, they are text. */
function fenced(text: string): { isCode: boolean; text: string }[] {
  const pieces = text.split('```');
  if (pieces.length % 2 === 0) pieces.push(pieces.splice(-2).join('```'));
  return pieces.map((piece, index) => ({ isCode: index % 2 === 1, text: piece.replace(/^\n/, '').replace(/\n$/, '') }));
}

function quotes(text: string): { isQuote: boolean; text: string }[] {
  const groups: { isQuote: boolean; lines: string[] }[] = [];
  let isRest = false;
  for (const line of text.split('\n')) {
    const [mark = ''] = /^(&gt;){3}|^&gt;|^>/.exec(line) ?? [];
    const isQuote = isRest || mark !== '';
    const words = isRest ? line : line.slice(mark.length).replace(/^ /, '');
    isRest ||= mark === '&gt;&gt;&gt;';
    const group = groups.at(-1);
    if (group?.isQuote === isQuote) group.lines.push(isQuote ? words : line);
    else groups.push({ isQuote, lines: [isQuote ? words : line] });
  }
  return groups
    .map(({ isQuote, lines }) => ({ isQuote, text: lines.join('\n') }))
    .filter(({ text }) => text.trim() !== '');
}

function* itemsOf(text: string): Generator<Item> {
  for (const piece of markupPieces(text)) {
    if (piece.kind !== 'text') {
      yield { kind: 'piece', piece };
      continue;
    }
    const { raw } = piece;
    for (const { 0: lexeme, index } of raw.matchAll(LEXEME)) {
      // Beside the raw text stands the text's end, or a link or mention, which a style can begin and end at.
      const [before, after] = [raw[index - 1], raw[index + 1]];
      const opens = !isWord(before) && !isSpace(after);
      const closes = !isSpace(before) && !isWord(after);
      if (Object.hasOwn(STYLES, lexeme)) yield { kind: 'mark', mark: lexeme, opens, closes };
      else if (lexeme.length > 2 && lexeme.startsWith('`'))
        yield { kind: 'code', text: unescaped(lexeme.slice(1, -1)) };
      else yield { kind: 'text', text: unescaped(lexeme) };
    }
  }
}

/** The indexes of the marks that begin or end a style. Both stand in one line. */
function pairsOf(items: readonly Item[]): ReadonlySet<number> {
  const pairs = new Set<number>();
  const open = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    if (item.kind === 'text' && item.text === '\n') open.clear();
    if (item.kind !== 'mark') continue;
    const start = open.get(item.mark);
    if (start !== undefined && item.closes && index > start + 1) {
      pairs.add(start).add(index);
      open.delete(item.mark);
    } else if (item.opens) open.set(item.mark, index);
  }
  return pairs;
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/.test(character);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}

function elementOf(item: Item): RichTextElement {
  if (item.kind === 'mark') return textElement(item.mark);
  if (item.kind !== 'piece') return textElement(item.text);
  const { piece } = item;
  switch (piece.kind) {
    case 'text':
      return textElement(unescaped(piece.raw));
    case 'link':
      return { type: 'link', url: piece.url, ...(piece.label === undefined ? {} : { text: piece.label }) };
    case 'broadcast':
      return { type: 'broadcast', range: piece.range };
    case 'date':
      return textElement(piece.label ?? dateWords(piece.timestamp));
    default:
      if (piece.label !== undefined) {
        return textElement(mentionWords(piece.kind, piece.id, new Map([[piece.id, piece.label]])));
      }
      if (piece.kind === 'user') return { type: 'user', user_id: piece.id };
      if (piece.kind === 'channel') return { type: 'channel', channel_id: piece.id };
      return { type: 'usergroup', usergroup_id: piece.id };
  }
}

/** Unescaped Markdown outside of code, as mrkdwn. */
function asMrkdwn(markdown: string): string {
  const lines = markdown.split('\n').map((line) => {
    const heading = /^#{1,6} (.*)$/.exec(line)?.[1];
    return heading === undefined ? line.replace(/^( *)\* /, '$1• ') : `**${heading.replaceAll('*', '')}**`;
  });
  return escapeText(lines.join('\n')).replace(MARKDOWN, (whole, label, url, index, all) => {
    if (url !== undefined)
      return /^(https?:\/\/|mailto:)/i.test(url) ? `<${url}|${label.replaceAll('|', '¦')}>` : label;
    if (whole.startsWith('`')) return whole;
    if (whole === '~~') return '~';
    if (whole !== '*') return '*';
    return isSpace(all[index - 1]) && isSpace(all[index + 1]) ? '*' : '_';
  });
}

function beginning(text: string): string {
  return text.slice(0, LONGEST_TEXT).toWellFormed();
}
