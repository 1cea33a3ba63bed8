import { z } from 'zod';
import { type RichTextBlock, richTextIn } from './rich-text.ts';

/** The latest time that JavaScript can write, in seconds. */
const LATEST_S = 8.64e12;

const words = z.string();
const inline = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text'), text: words }),
  z.looseObject({ type: z.literal('link'), url: words, text: words.optional() }),
  z.looseObject({ type: z.literal('user'), user_id: words }),
  z.looseObject({ type: z.literal('usergroup'), usergroup_id: words }),
  z.looseObject({ type: z.literal('channel'), channel_id: words }),
  z.looseObject({ type: z.literal('broadcast'), range: words }),
  z.looseObject({ type: z.literal('emoji'), name: words, unicode: words.optional() }),
  z.looseObject({ type: z.literal('date'), timestamp: z.number().min(0).max(LATEST_S), fallback: words.optional() }),
  z.looseObject({ type: z.literal('color'), value: words }),
]);
/** A list from which whatever does not fit is left out. */
const some = <T>(item: z.ZodType<T>) =>
  z.array(z.unknown()).transform((items) => items.flatMap((each) => item.safeParse(each).data ?? []));
const section = z.looseObject({ type: z.literal('rich_text_section'), elements: some(inline) });
const part = z.discriminatedUnion('type', [
  section,
  z.looseObject({ type: z.literal('rich_text_quote'), elements: some(inline) }),
  z.looseObject({ type: z.literal('rich_text_preformatted'), elements: some(inline) }),
  z.looseObject({ type: z.literal('rich_text_list'), indent: z.number().optional(), elements: some(section) }),
]);
const block = z.object({ type: z.literal('rich_text'), elements: some(part) });

/**
 * Reads an input of the type `slack#/types/rich_text`, without the elements that Slack does not document. Slack documents
 * the type and not the value; Maro takes a rich_text block, a list of them, or text with Slack's markup. Undefined when empty.
 * https://docs.slack.dev/reference/types/rich_text-type/
 */
export function richTextInput(value: unknown): RichTextBlock | undefined {
  if (typeof value === 'string') return richTextIn({ text: value });
  const elements = some(block)
    .parse(Array.isArray(value) ? value : [value])
    .flatMap((each) => each.elements);
  return elements.length === 0 ? undefined : ({ type: 'rich_text', elements } as RichTextBlock);
}
