import type { PlainTextOption } from '@slack/types';
import type { RichTextBlock } from '../../messages/rich-text.ts';

/** The state of a form element. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export type ElementState = {
  type?: string;
  value?: string | null;
  rich_text_value?: RichTextBlock | null;
  selected_option?: PlainTextOption | null;
  selected_options?: PlainTextOption[];
  selected_date?: string | null;
  selected_conversation?: string | null;
};

/** The states of a form's elements, by block_id, then by action_id. */
export type Values = Readonly<Record<string, Readonly<Record<string, ElementState>>>>;

/** The state of a block's only element. Empty when the form does not have the block. */
export function stateOf(values: Values, block: string): ElementState {
  return Object.values(values[block] ?? {})[0] ?? {};
}

/** The initial values of a form. */
export function initialValues({
  summary = '',
  description,
}: {
  summary?: string;
  description?: RichTextBlock | undefined;
}): Values {
  return {
    summary: { summary: { value: summary } },
    description: { description: { rich_text_value: description ?? null } },
  };
}
