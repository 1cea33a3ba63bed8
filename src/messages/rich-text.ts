import type { RichTextBlock, RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import { defined } from '../defined.ts';
import type { Names } from '../slack/markup.ts';
import { spell } from './spell.ts';

export type { RichTextBlock };

const NOBODY: Names = new Map();

/** Converts plain text to rich text. Returns undefined for blank text. */
export function richTextOf(words: string): RichTextBlock | undefined {
  if (words.trim() === '') return undefined;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }] };
}

/** Parses the value of a rich text input. Returns undefined when it has neither text nor mentions. */
export function parseRichText(value: unknown): RichTextBlock | undefined {
  const elements = parseParts(value);
  const block: RichTextBlock = { type: 'rich_text', elements };
  return wordsIn(block).trim() === '' ? undefined : block;
}

/**
 * Parses the parts of a rich_text block without its block_id. A part or an element that Maro does not know becomes
 * its words. Empty when the value is no rich_text block.
 * https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function parseParts(value: unknown): RichTextBlockElement[] {
  const { type, elements } = fieldsOf(value);
  return type === 'rich_text' ? itemsOf(elements).flatMap((part) => parsePart(part) ?? []) : [];
}

/** The ids of the people and channels mentioned, each once. */
export function mentionedIn({ elements }: RichTextBlock): string[] {
  const ids = inlineOf(elements).flatMap((element) =>
    element.type === 'user' ? [element.user_id] : element.type === 'channel' ? [element.channel_id] : [],
  );
  return [...new Set(ids)];
}

/** The words of a rich text block, with a line for each part and for each item of a list. */
export function wordsIn({ elements }: RichTextBlock, names: Names = NOBODY): string {
  const lines = elements.flatMap((part) => (part.type === 'rich_text_list' ? part.elements : [part]));
  return lines.map((line) => line.elements.map((element) => spell(element, names)).join('')).join('\n');
}

/** The elements of parts in order, those of lists' items as well. */
export function inlineOf(parts: readonly RichTextBlockElement[]): RichTextElement[] {
  return parts.flatMap((part) =>
    part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements,
  );
}

/** The part with each of its elements replaced. */
export function mapElements(
  part: RichTextBlockElement,
  replace: (element: RichTextElement) => RichTextElement,
): RichTextBlockElement {
  if (part.type !== 'rich_text_list') return { ...part, elements: part.elements.map(replace) } as RichTextBlockElement;
  return { ...part, elements: part.elements.map((item) => ({ ...item, elements: item.elements.map(replace) })) };
}

function parsePart(value: unknown): RichTextBlockElement | undefined {
  const part = fieldsOf(value);
  switch (part.type) {
    case 'rich_text_list': {
      const elements = itemsOf(part.elements).map(
        (item): RichTextSection => ({ type: 'rich_text_section', elements: elementsIn(fieldsOf(item)) }),
      );
      const indent = Number.isSafeInteger(part.indent) ? { indent: part.indent as number } : {};
      const offset = Number.isSafeInteger(part.offset) ? { offset: part.offset as number } : {};
      const style = part.style === 'ordered' ? 'ordered' : 'bullet';
      return elements.length === 0 ? undefined : { type: 'rich_text_list', style, ...indent, ...offset, elements };
    }
    case 'rich_text_preformatted':
      return { type: part.type, elements: parseElements(part.elements) as { type: 'text'; text: string }[] };
    case 'rich_text_quote':
      return { type: part.type, elements: parseElements(part.elements) };
    default: {
      const elements = elementsIn(part);
      return elements.length === 0 ? undefined : { type: 'rich_text_section', elements };
    }
  }
}

const STYLES = ['bold', 'italic', 'strike', 'code', 'underline'] as const;

/** The elements of a section. One that stands where a section should is its only element. */
function elementsIn(section: Record<string, unknown>): RichTextElement[] {
  return parseElements(section.elements ?? [section]);
}

function parseElements(value: unknown): RichTextElement[] {
  return itemsOf(value).flatMap((item) => parseElement(fieldsOf(item)) ?? []);
}

/** An element with the properties that Slack documents. Clients add others, such as `client_highlight`. */
function parseElement(element: Record<string, unknown>): RichTextElement | undefined {
  const word = (name: string) => {
    const value = element[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const given = fieldsOf(element.style);
  const styles = STYLES.filter((style) => given[style] === true);
  const style = styles.length === 0 ? {} : { style: Object.fromEntries(styles.map((name) => [name, true])) };
  const known = parseKnown(element, word);
  if (known !== undefined) return { ...known, ...style };
  const text = word('text') ?? word('fallback') ?? word('title') ?? word('name') ?? word('url');
  return text === undefined ? undefined : { type: 'text', text, ...style };
}

function parseKnown(
  { type, timestamp }: Record<string, unknown>,
  word: (name: string) => string | undefined,
): RichTextElement | undefined {
  const [url, user_id, channel_id, usergroup_id] = ['url', 'user_id', 'channel_id', 'usergroup_id'].map(word);
  const [team_id, name, value, range] = ['team_id', 'name', 'value', 'range'].map(word);
  if (type === 'link' && url !== undefined) return { type, url, ...defined({ text: word('text') }) };
  if (type === 'user' && user_id !== undefined) return { type, user_id };
  if (type === 'channel' && channel_id !== undefined) return { type, channel_id };
  if (type === 'usergroup' && usergroup_id !== undefined) return { type, usergroup_id };
  if (type === 'team' && team_id !== undefined) return { type, team_id };
  if (type === 'emoji' && name !== undefined) return { type, name, ...defined({ unicode: word('unicode') }) };
  if (type === 'color' && value !== undefined) return { type, value };
  if (type === 'broadcast' && (range === 'here' || range === 'channel' || range === 'everyone')) return { type, range };
  if (type !== 'date' || typeof timestamp !== 'number') return undefined;
  return { type, timestamp, format: word('format') ?? '{date_num}', ...defined({ fallback: word('fallback') }) };
}

/** The object's fields; none if the value is no object. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The array's items; none if the value is no array. */
export function itemsOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
