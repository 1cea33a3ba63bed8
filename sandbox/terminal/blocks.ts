import type { RichTextBlockElement, TableBlock } from '@slack/types';
import type { Block, Element } from '../slack/blocks.ts';
import { withEmoji } from '../slack/emoji.ts';
import { control, type Picked } from './controls.ts';
import type { Drawing } from './drawing.ts';
import { mrkdwn } from './mrkdwn.ts';
import { richText } from './rich-text.ts';
import { drawTable } from './table.ts';
import { visible } from './visible.ts';

type Text = { type: string; text: string };
/** By block_id, then by action_id. */
type Values = Record<string, Record<string, Picked>>;

/** Blocks of a message or a view, line by line. `values` is what was picked or typed in them. */
export function drawBlocks(blocks: readonly Block[], drawing: Drawing, values: Values = {}): string[] {
  const pickedIn = (block: Block) => (element: Element) => values[block.block_id ?? '']?.[element.action_id ?? ''];
  return blocks.flatMap((block) => drawBlock(block, drawing, pickedIn(block)));
}

function drawBlock(block: Block, drawing: Drawing, picked: (element: Element) => Picked): string[] {
  const { ink } = drawing;
  const draw = (element: Element) => control(element, picked(element), drawing);
  switch (block.type) {
    case 'rich_text':
      return richText(block.elements as RichTextBlockElement[], drawing);
    case 'section': {
      const { text, fields = [], accessory } = block as { text?: Text; fields?: Text[]; accessory?: Element };
      const lines = [
        ...(text ? textLines(text, drawing) : []),
        ...fields.flatMap((field) => textLines(field, drawing)),
      ];
      if (accessory && accessory.type !== 'image') lines.push(`${lines.pop() ?? ''}  ${draw(accessory)}`);
      return lines;
    }
    case 'header':
      return textLines(block.text as Text, drawing).map((line) => ink.paint(line, 'bold'));
    case 'divider':
      return [ink.paint('─'.repeat(24), 'dim')];
    case 'context': {
      const parts = (block.elements as (Text & { alt_text?: string })[]).map((element) =>
        element.type === 'image' ? `(${visible(element.alt_text ?? '')})` : textLines(element, drawing).join(' '),
      );
      return [ink.paint(parts.join('  '), 'dim')];
    }
    case 'actions':
      return [(block.elements as Element[]).map(draw).join(' ')];
    case 'input': {
      const { label, element, hint, optional } = block as unknown as {
        label: Text;
        element: Element;
        hint?: Text;
        optional?: boolean;
      };
      const field = `${visible(label.text)}${optional ? ' (optional)' : ''}: ${draw(element)}`;
      return hint ? [field, ink.paint(`  ${visible(hint.text)}`, 'dim')] : [field];
    }
    case 'image':
      return [`(image: ${visible(String(block.alt_text))})`];
    case 'table':
    case 'data_table': {
      const caption = typeof block.caption === 'string' ? [ink.paint(visible(block.caption), 'dim')] : [];
      return [...caption, ...drawTable(block as unknown as Pick<TableBlock, 'rows'>, drawing)];
    }
    case 'markdown':
      return visible(String(block.text)).split('\n');
    default:
      return [`(a ${block.type} block, which the sandbox cannot show)`];
  }
}

function textLines({ type, text }: Text, drawing: Drawing): string[] {
  return (type === 'mrkdwn' ? mrkdwn(text, drawing) : withEmoji(visible(text))).split('\n');
}
