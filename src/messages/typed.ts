import type { KnownBlock, RichTextBlock, RichTextBlockElement, RichTextElement } from '@slack/types';
import type { Message } from '../slack/message.ts';
import { escapeText, piecesOf } from '../slack/text.ts';
import { lengthOf, MOST_CHARACTERS } from './blocks.ts';
import { richTextOf } from './rich-text.ts';
import { type ModalView, sentencesView, words } from './views.ts';

/** What a person typed: plain text, or formatted text. */
export type TypedText = string | RichTextBlock;

/** The most characters in one element of rich text: as many as Slack allows in the text of a section. */
const LONGEST_PIECE = 3_000;
const HEADING = 'You typed:';
const CONTINUED = 'The rest of what you typed:';

/**
 * Messages that tell a person an outcome and give back all that the person typed. The outcome comes first, and the text
 * follows in order, in as many messages as it needs. Blank text is left out.
 */
export function typedMessages(sentence: string, typed: readonly TypedText[]): [Message, ...Message[]] {
  const first: Message & { blocks: KnownBlock[] } = { text: escapeText(sentence), blocks: [words(sentence)] };
  const blocks = blocksOf(typed);
  if (blocks.length === 0) return [first];
  first.blocks.push(words(HEADING));
  let room = MOST_CHARACTERS - lengthOf(first.blocks);
  const messages: [typeof first, ...(typeof first)[]] = [first];
  for (const block of blocks) {
    const length = lengthOf(block);
    if (length > room) {
      messages.push({ text: CONTINUED, blocks: [] });
      room = MOST_CHARACTERS;
    }
    messages.at(-1)?.blocks.push(block);
    room -= length;
  }
  return messages;
}

/** One message that tells a person an outcome and gives back the text of a command, which Slack keeps shorter than a message. */
export function typedMessage(sentence: string, typed: string): Message {
  return typedMessages(sentence, [typed])[0];
}

/** A view that shows a sentence, and below it all that the person typed. */
export function typedView(title: string, sentence: string, typed: readonly TypedText[]): ModalView {
  const blocks = blocksOf(typed);
  return sentencesView(title, blocks.length === 0 ? [sentence] : [sentence, HEADING], blocks);
}

/** The typed text in blocks, of which each fits into a message. */
function blocksOf(typed: readonly TypedText[]): RichTextBlock[] {
  return typed.flatMap((text) => {
    const block = typeof text === 'string' ? richTextOf(text) : text;
    return block === undefined ? [] : split(block, MOST_CHARACTERS);
  });
}

type Element = RichTextBlockElement | RichTextElement;
type Part = RichTextBlock | RichTextBlockElement;

/** Splits a part of rich text into parts of at most `most` characters, with the same formatting. */
function split<P extends Part>(part: P, most: number): P[] {
  const all: readonly Element[] = part.elements;
  if (lengthOf(part) <= most && all.every(isShort)) return [part];
  const room = most - lengthOf({ ...part, elements: [] });
  const groups: Element[][] = [];
  let left = 0;
  for (const element of all.flatMap((each) => pieces(each, room))) {
    const length = lengthOf(element);
    if (length > left || groups.length === 0) {
      groups.push([]);
      left = room;
    }
    groups.at(-1)?.push(element);
    left -= length;
  }
  // An element is split into elements of its own type, so each group is one that the part may have.
  return groups.map((elements) => ({ ...part, elements }) as P);
}

function pieces(element: Element, most: number): Element[] {
  if ('elements' in element) return split(element, most);
  if (element.type !== 'text') return [element];
  return piecesOf(element.text, LONGEST_PIECE).map((text) => ({ ...element, text }));
}

function isShort(element: Element): boolean {
  if ('elements' in element) return (element.elements as readonly Element[]).every(isShort);
  return element.type !== 'text' || element.text.length <= LONGEST_PIECE;
}
