import type { KnownBlock, RichTextBlock } from '@slack/types';
import type { Issue } from '../issue.ts';
import type { Message } from '../slack/message.ts';
import type { Doing } from './doing.ts';
import { card } from './ticket.ts';

/** The block_id of the line below the issue that says what Maro is doing. */
const DOING = 'doing';

/** The message with a line on an issue's card that says what Maro is doing. Undefined if the message has no such card. */
export function markedCard(message: Message, { keys, words }: Doing): Message | undefined {
  const text = { type: 'text' as const, text: words, style: { italic: true } };
  const mark: RichTextBlock = {
    type: 'rich_text',
    block_id: DOING,
    elements: [{ type: 'rich_text_section', elements: [text] }],
  };
  return withCard(message, keys, (shown) => [shown, mark]);
}

/**
 * The message without that line, and with the card drawn from `issue`. If `issue` is undefined, the card stays as it is. Undefined if
 * the message has no card of the issue.
 */
export function redrawnCard(message: Message, key: string, issue: Issue | undefined): Message | undefined {
  return withCard(message, [key], (shown) => [issue === undefined ? shown : card([issue])]);
}

function withCard(
  message: Message,
  keys: readonly string[],
  draw: (shown: KnownBlock) => KnownBlock[],
): Message | undefined {
  const blocks = (message.blocks ?? []).filter(({ block_id }) => block_id !== DOING);
  if (!blocks.some((block) => isCardOf(block, keys))) return undefined;
  return { ...message, blocks: blocks.flatMap((block) => (isCardOf(block, keys) ? draw(block) : [block])) };
}

/** Whether the block is the card of the issue with one of these keys. A card begins with the key. */
function isCardOf(block: KnownBlock, keys: readonly string[]): boolean {
  if (block.type !== 'rich_text' || block.block_id !== 'ticket') return false;
  const [line] = block.elements;
  const [name] = line?.type === 'rich_text_section' ? line.elements : [];
  return name !== undefined && 'text' in name && keys.includes(name.text);
}
