import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { unescaped } from '../unescaped.ts';
import { markdownParts, mrkdwnElements, mrkdwnParts, textElement } from './mrkdwn.ts';
import { fieldsOf, inlineOf, itemsOf, parseParts } from './rich-text.ts';

/** A part of a message's words, and what it is: a summary is taken from a header, else a title, else text, else an aside. */
export type Piece = { role: 'header' | 'title' | 'text' | 'aside'; part: RichTextBlockElement };

type Fields = Record<string, unknown>;

/** The deepest level that is read. Slack nests blocks only a few levels deep. */
const DEEPEST = 12;
/** Blocks whose words are those of controls. */
const CONTROLS = new Set(['actions', 'context_actions', 'divider', 'input']);
/** Fields of other blocks that hold text, in the order in which Slack shows them. */
const TEXTS = ['subtitle', 'text', 'fields', 'body', 'description', 'details', 'output', 'alt_text'];
/** Fields of other blocks that hold blocks or elements. */
const CHILDREN = ['elements', 'child_blocks', 'blocks', 'tasks', 'sources', 'accessory'];

/**
 * The words of blocks of every kind, in order. A block that Maro does not know is read by the fields
 * that blocks have for text. https://docs.slack.dev/reference/block-kit/blocks
 */
export function* blockPieces(blocks: unknown, depth = 0): Generator<Piece> {
  if (depth > DEEPEST) return;
  for (const block of itemsOf(blocks)) yield* pieces(fieldsOf(block), depth);
}

/** A section of one line in bold, which may be a link. */
export function boldLine(words: string, url?: unknown): RichTextBlockElement {
  const style = { bold: true };
  const element: RichTextElement =
    typeof url === 'string' && url !== ''
      ? { type: 'link', url, text: words, style }
      : { type: 'text', text: words, style };
  return { type: 'rich_text_section', elements: [element] };
}

/** Text that has no markup: a string or a plain_text object. Empty for anything else. */
export function plainWords(value: unknown): string {
  const text = typeof value === 'string' ? value : fieldsOf(value).text;
  return typeof text === 'string' ? unescaped(text) : '';
}

function* pieces(block: Fields, depth: number): Generator<Piece> {
  const { type } = block;
  if (CONTROLS.has(String(type))) return;
  if (type === 'rich_text') yield* asText(parseParts(block));
  else if (type === 'header') yield* header(block);
  else if (type === 'context')
    yield* asText(
      section(
        joined(
          cellsOf(block.elements).filter(({ length }) => length > 0),
          ' ',
        ),
      ),
    );
  else if (type === 'markdown') yield* asText(markdownParts(typeof block.text === 'string' ? block.text : ''));
  else if (type === 'table' || type === 'data_table') yield* asText(tableParts(block));
  else if (type === 'call') yield* call(fieldsOf(fieldsOf(block.call).v1));
  else yield* other(block, depth);
}

function* asText(parts: readonly RichTextBlockElement[]): Generator<Piece> {
  for (const part of parts) yield { role: 'text', part };
}

function* header({ text }: Fields): Generator<Piece> {
  const words = plainWords(text);
  if (words.trim() !== '') yield { role: 'header', part: boldLine(words) };
}

function* call({ name, display_id, join_url }: Fields): Generator<Piece> {
  const words = plainWords(name) || plainWords(display_id);
  if (words !== '') yield { role: 'title', part: boldLine(words, join_url) };
}

function* other(block: Fields, depth: number): Generator<Piece> {
  const title = plainWords(block.title);
  if (title.trim() !== '') {
    const role = block.type === 'image' ? 'text' : 'title';
    yield { role, part: boldLine(title, block.title_url ?? block.url) };
  }
  for (const name of TEXTS) {
    if (name === 'alt_text' && plainWords(block.alt_text) === title) continue;
    yield* asText(textParts(block[name]));
  }
  for (const name of CHILDREN) {
    const children = block[name];
    // An accessory is one element. Only an image has words of the message; the others are controls.
    const isImage = fieldsOf(children).type === 'image';
    yield* blockPieces(Array.isArray(children) ? children : isImage ? [children] : [], depth + 1);
  }
}

/** A text object, several of them, mrkdwn, or a rich_text block. */
function textParts(value: unknown): RichTextBlockElement[] {
  if (typeof value === 'string') return mrkdwnParts(value);
  if (Array.isArray(value)) return value.flatMap(textParts);
  const { type, text } = fieldsOf(value);
  if (type === 'rich_text') return parseParts(value);
  if (typeof text !== 'string') return [];
  return type === 'plain_text' ? section([textElement(unescaped(text))]) : mrkdwnParts(text);
}

function section(elements: RichTextElement[]): RichTextBlockElement[] {
  const isBlank = elements.every((element) => element.type === 'text' && element.text.trim() === '');
  return isBlank ? [] : [{ type: 'rich_text_section', elements }];
}

/** The caption, and each row as a line with bars between its cells. */
function tableParts({ caption, rows }: Fields): RichTextBlockElement[] {
  const lines = itemsOf(rows).map((row) => joined(cellsOf(row), ' | '));
  return [[textElement(plainWords(caption))], ...lines].flatMap(section);
}

function joined(cells: readonly RichTextElement[][], separator: string): RichTextElement[] {
  return cells.flatMap((elements, index) => (index === 0 ? elements : [textElement(separator), ...elements]));
}

function cellsOf(values: unknown): RichTextElement[][] {
  return itemsOf(values).map(cellOf);
}

function cellOf(value: unknown): RichTextElement[] {
  const { type, text, value: number, alt_text } = fieldsOf(value);
  if (type === 'rich_text') return inlineOf(parseParts(value));
  if (type === 'raw_number' && typeof text !== 'string')
    return typeof number === 'number' ? [textElement(String(number))] : [];
  if (type === 'image') return section([textElement(plainWords(alt_text))]).flatMap((part) => inlineOf([part]));
  if (typeof text !== 'string' || text === '') return [];
  return type === 'mrkdwn' ? mrkdwnElements(text) : [textElement(unescaped(text))];
}
