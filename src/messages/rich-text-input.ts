import { mrkdwnParts } from './mrkdwn.ts';
import { parseParts, type RichTextBlock } from './rich-text.ts';

/**
 * Reads an input of the type `slack#/types/rich_text`. Slack documents the type and not the value; Maro takes a
 * rich_text block, a list of them, or text with Slack's markup. Undefined when empty.
 * https://docs.slack.dev/reference/types/rich_text-type/
 */
export function richTextInput(value: unknown): RichTextBlock | undefined {
  const blocks = Array.isArray(value) ? value : [value];
  const elements = typeof value === 'string' ? mrkdwnParts(value) : blocks.flatMap(parseParts);
  return elements.length === 0 ? undefined : { type: 'rich_text', elements };
}
