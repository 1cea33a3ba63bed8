import type { RichTextBlockElement, RichTextElement, RichTextSection } from '@slack/types';
import { defined } from '../defined.ts';
import type { Names } from '../slack/markup.ts';
import { truncate } from '../slack/text.ts';
import { inlineOf, type RichTextBlock, wordsIn } from './rich-text.ts';
import { spell } from './spell.ts';

/** The most elements in the initial value of a rich text input. Slack does not document the limit. */
const MOST_PIECES = 6_000;
/** Jira takes 32,767 characters in a description, in which the link to the message is as well. */
const LONGEST_DESCRIPTION = 30_000;
const GOES_ON = '… The message goes on in Slack.';

/**
 * Rich text that a rich text input takes as its initial value and that people can submit. Mentions become names, because
 * Slack's client cannot send back a mention that it did not make (https://github.com/slackapi/bolt-js/issues/2138).
 * Emoji become letters, and dates and colors become text. If the text has more elements than Slack takes, its end loses
 * its formatting and no words.
 */
export function initialValue({ elements }: RichTextBlock, names: Names): RichTextBlock {
  return { type: 'rich_text', elements: atMost(elements.flatMap((part) => editable(part, names))) };
}

/** A message's text if Jira takes it as a description; otherwise its beginning, and a sentence that says so. */
export function shortened(block: RichTextBlock): RichTextBlock {
  if (wordsIn(block).length <= LONGEST_DESCRIPTION) return block;
  const kept: RichTextBlockElement[] = [];
  let room = LONGEST_DESCRIPTION;
  for (const part of block.elements) {
    const words = wordsIn({ type: 'rich_text', elements: [part] });
    kept.push(words.length <= room ? part : section(truncate(words, room)));
    room -= words.length + 1;
    if (room <= 0) break;
  }
  return { type: 'rich_text', elements: [...kept, section(GOES_ON)] };
}

function editable(part: RichTextBlockElement, names: Names): RichTextBlockElement[] {
  if (part.type === 'rich_text_list') {
    const items = part.elements.map((item) => ({ ...item, elements: editableElements(item.elements, names) }));
    const filled = items.filter(({ elements }) => elements.length > 0);
    return filled.length === 0 ? [] : [{ ...part, elements: filled }];
  }
  const elements = editableElements(part.elements, names);
  if (elements.length === 0) return [];
  if (part.type !== 'rich_text_preformatted') return [{ ...part, elements }];
  return [{ ...part, elements: [{ type: 'text', text: elements.map((each) => spell(each, names)).join('') }] }];
}

function editableElements(elements: readonly RichTextElement[], names: Names): RichTextElement[] {
  const all: RichTextElement[] = [];
  for (const element of elements) {
    const next = editableElement(element, names);
    const last = all.at(-1);
    if (next.type === 'text' && next.text === '') continue;
    if (next.type === 'text' && last?.type === 'text' && JSON.stringify(next.style) === JSON.stringify(last.style)) {
      all.splice(-1, 1, { ...last, text: last.text + next.text });
    } else all.push(next);
  }
  return all;
}

function editableElement(element: RichTextElement, names: Names): RichTextElement {
  const { type, style } = element;
  if (type === 'link' && /^(https?:\/\/|mailto:|tel:)/i.test(element.url)) return element;
  if (type === 'emoji' && element.unicode === undefined) return element;
  return { type: 'text', text: spell(element, names), ...defined({ style }) };
}

function atMost(parts: RichTextBlockElement[]): RichTextBlockElement[] {
  let count = 0;
  const end = parts.findIndex((part) => {
    count += inlineOf([part]).length;
    return count > MOST_PIECES - 1;
  });
  if (end === -1 || inlineOf(parts).length <= MOST_PIECES) return parts;
  const rest = parts.slice(end).flatMap((part) => (part.type === 'rich_text_list' ? part.elements : [part]));
  const lines = rest.map(({ elements }) => elements.map(withUrl).join(''));
  return [...parts.slice(0, end), section(lines.join('\n'))];
}

function withUrl(element: RichTextElement): string {
  const words = spell(element, new Map());
  return element.type === 'link' && words !== element.url ? `${words} (${element.url})` : words;
}

function section(text: string): RichTextSection {
  return { type: 'rich_text_section', elements: [{ type: 'text', text }] };
}
