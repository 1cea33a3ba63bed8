import type { PlainTextOption } from '@slack/types';
import { aboutSummary } from '../../jira/new-issue.ts';
import { type RichTextBlock, richTextOf } from '../../messages/rich-text.ts';
import type { TypedText } from '../../messages/typed.ts';
import { truncate } from '../../slack/text.ts';

/** The state of a form element. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export type ElementState = {
  type?: string;
  value?: string | null;
  rich_text_value?: RichTextBlock | null;
  selected_option?: PlainTextOption | null;
  selected_options?: PlainTextOption[];
  selected_date?: string | null;
  /** In seconds since 1970. */
  selected_date_time?: number | null;
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

/** The most characters that become the summary if text is too long for one. Jira allows 255. */
const LONGEST_SUMMARY = 120;

/** The beginning of a text as a summary: its first line, shortened if it is long. */
export function summaryOf(text: string): string {
  const [line = ''] = text.trim().split('\n');
  return truncate(line.trim(), LONGEST_SUMMARY);
}

/**
 * The initial values of a form for the words of a command. They are the summary. If Jira does not take them as
 * a summary, they are the description, and the summary is their beginning.
 */
export function valuesOf(words: string): Values {
  if (words === '' || aboutSummary(words) === undefined) return initialValues({ summary: words });
  return initialValues({ summary: summaryOf(words), description: richTextOf(words) });
}

/** All that a person typed into a form, in the order of its blocks. */
export function typedIn(values: Values): TypedText[] {
  const states = Object.values(values).flatMap((block) => Object.values(block));
  return states.flatMap(({ value, rich_text_value }) => [value ?? [], rich_text_value ?? []].flat());
}
