import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import { unescaped } from '../unescaped.ts';
import type { MessageParts } from './mentions.ts';

export type { RichTextBlock };

/** The most characters taken from a message's `text`. Slack allows 40,000. */
const LONGEST_TEXT = 40_000;
/** Links and mentions in a message's text: `<@U012>`, `<#C012|name>`, `<!here>`, `<https://…|words>`. */
const WRAPPED = /<([@#!]?)([^<>|\n]+)(?:\|([^<>\n]*))?>/g;
const PARTS = new Set(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']);

/** Converts plain text to rich text. Returns undefined for blank text. */
export function richTextOf(words: string): RichTextBlock | undefined {
  if (words.trim() === '') return undefined;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }] };
}

/**
 * Returns the content of a message as rich text, followed by the names of its files. If a message
 * has no rich text, as with many bots, the content is its `text`. Undefined when the message is empty.
 */
export function richTextIn(message: MessageParts & { files?: unknown }): RichTextBlock | undefined {
  const { text, blocks, files } = message;
  const own = (Array.isArray(blocks) ? blocks : []).flatMap((block) => (isRichText(block) ? partsOf(block) : []));
  const words = typeof text === 'string' ? text.slice(0, LONGEST_TEXT).toWellFormed() : '';
  const parts = own.length > 0 ? own : sectionOf(words);
  const names = (Array.isArray(files) ? files : []).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const named = names.length === 0 ? [] : (richTextOf(`Files: ${names.join(', ')}`)?.elements ?? []);
  const elements = [...parts, ...named];
  return elements.length === 0 ? undefined : { type: 'rich_text', elements };
}

/** Parses the value of a rich text input. Returns undefined when it has neither text nor mentions of people. */
export function parseRichText(value: unknown): RichTextBlock | undefined {
  if (!isRichText(value)) return undefined;
  const elements = partsOf(value);
  const block: RichTextBlock = { type: 'rich_text', elements };
  return wordsIn(block).trim() === '' && usersIn(block).length === 0 ? undefined : block;
}

/** The user ids of the people mentioned, each once. */
export function usersIn({ elements }: RichTextBlock): string[] {
  const users = inlineOf(elements).flatMap((element) => (element.type === 'user' ? [element.user_id] : []));
  return [...new Set(users)];
}

/** The text and links of a rich text block as plain text, with a line for each of the block's parts. */
export function wordsIn({ elements }: RichTextBlock): string {
  return elements
    .map((part) =>
      inlineOf([part])
        .map((element) => ('text' in element ? (element.text ?? '') : element.type === 'link' ? element.url : ''))
        .join(''),
    )
    .join('\n');
}

function inlineOf(parts: readonly RichTextBlockElement[]): RichTextElement[] {
  return parts.flatMap((part) =>
    part.type === 'rich_text_list' ? part.elements.flatMap((item) => item.elements) : part.elements,
  );
}

function isRichText(value: unknown): value is RichTextBlock {
  const { type, elements } = (value ?? {}) as { type?: unknown; elements?: unknown };
  return type === 'rich_text' && Array.isArray(elements);
}

/** The supported parts of a block, without its block_id, which the initial value of a rich text input must not have. */
function partsOf({ elements }: RichTextBlock): RichTextBlockElement[] {
  return elements.filter(({ type }) => PARTS.has(type));
}

/**
 * Parses a message's text, in which Slack wraps links and mentions in angle
 * brackets. https://docs.slack.dev/messaging/formatting-message-text/
 */
function sectionOf(text: string): RichTextBlockElement[] {
  if (text.trim() === '') return [];
  const elements: RichTextElement[] = [];
  let end = 0;
  const say = (words: string) => {
    if (words !== '') elements.push({ type: 'text', text: unescaped(words) });
  };
  for (const { 0: whole, 1: sign = '', 2: target = '', 3: label, index } of text.matchAll(WRAPPED)) {
    say(text.slice(end, index));
    end = index + whole.length;
    const range = /^(here|channel|everyone)$/.exec(target)?.[1] as 'here' | 'channel' | 'everyone' | undefined;
    if (sign === '@') elements.push({ type: 'user', user_id: target });
    else if (sign === '!' && range !== undefined) elements.push({ type: 'broadcast', range });
    else if (sign === '#') say(`#${label ?? target}`);
    else if (sign === '') {
      const words = label === undefined ? {} : { text: unescaped(label) };
      elements.push({ type: 'link', url: unescaped(target), ...words });
    } else say(label ?? `@${target}`);
  }
  say(text.slice(end));
  return [{ type: 'rich_text_section', elements }];
}
