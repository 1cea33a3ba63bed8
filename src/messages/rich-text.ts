import type { RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import { unescaped } from '../unescaped.ts';
import type { Words } from './mentions.ts';

export type { RichTextBlock };

/** Slack: a plain text input has 3,000 characters; a form's view has 250,000 as JSON, and a message's text at most 40,000. */
const LONGEST_TEXT = 40_000;
/** `<@U012>`, `<#C012|name>`, `<!here>`, `<https://…|words>`. */
const WRAPPED = /<([@#!]?)([^<>|\n]+)(?:\|([^<>\n]*))?>/g;
const PARTS = new Set(['rich_text_section', 'rich_text_list', 'rich_text_preformatted', 'rich_text_quote']);

/** Rich text of plain words; undefined when there are none. */
export function richTextOf(words: string): RichTextBlock | undefined {
  if (words.trim() === '') return undefined;
  return { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }] };
}

/**
 * What stands in a message, as rich text: its own, or its text when it has none, as a bot's may; then the names of its files.
 * Undefined when it says nothing.
 */
export function richTextIn(message: Words & { files?: unknown }): RichTextBlock | undefined {
  const { text, blocks, files } = message;
  const own = (Array.isArray(blocks) ? blocks : []).flatMap((block) => (isRichText(block) ? partsOf(block) : []));
  const words = typeof text === 'string' ? text.slice(0, LONGEST_TEXT).toWellFormed() : '';
  const parts = own.length > 0 ? own : sectionOf(words);
  const names = (Array.isArray(files) ? files : []).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  const named = names.length === 0 ? [] : (richTextOf(`Files: ${names.join(', ')}`)?.elements ?? []);
  const elements = [...parts, ...named];
  return elements.length === 0 ? undefined : { type: 'rich_text', elements };
}

/** The rich text that somebody gave in a form; undefined when it is empty. */
export function parseRichText(value: unknown): RichTextBlock | undefined {
  if (!isRichText(value)) return undefined;
  const elements = partsOf(value);
  const block: RichTextBlock = { type: 'rich_text', elements };
  return wordsIn(block).trim() === '' && usersIn(block).length === 0 ? undefined : block;
}

/** Everybody who is mentioned, each once. */
export function usersIn({ elements }: RichTextBlock): string[] {
  const users = inlineOf(elements).flatMap((element) => (element.type === 'user' ? [element.user_id] : []));
  return [...new Set(users)];
}

/** The first line of the words, for a summary. */
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

/** A block that Slack hands on has an id, which an input does not take. */
function partsOf({ elements }: RichTextBlock): RichTextBlockElement[] {
  return elements.filter(({ type }) => PARTS.has(type));
}

/** A message's text, in which Slack wraps links and mentions. https://docs.slack.dev/messaging/formatting-message-text/ */
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
