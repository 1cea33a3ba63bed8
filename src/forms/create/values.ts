import type { PlainTextOption } from '@slack/types';
import { aboutSummary } from '../../jira/new-issue.ts';
import { initialValue } from '../../messages/initial-value.ts';
import { mentionedIn, parseRichText, type RichTextBlock, richTextOf } from '../../messages/rich-text.ts';
import type { TypedText } from '../../messages/typed.ts';
import type { SlackClient } from '../../slack/client.ts';
import { truncate } from '../../slack/text.ts';
import { within } from '../../within.ts';

/** The state of a form element. https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export type ElementState = {
  type?: string;
  value?: string | null;
  rich_text_value?: RichTextBlock | null;
  selected_option?: PlainTextOption | null;
  selected_options?: PlainTextOption[];
  selected_date?: string | null;
  /** Such as `09:00`. */
  selected_time?: string | null;
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

/** The time limit for names. What is asked for goes on without late ones. */
const NAMES_WITHIN_MS = 900;

/**
 * The values with people's names in place of the mentions that a person typed. Maro shows the form again with what was
 * typed, and Slack's client cannot send back a mention that it did not make.
 */
export async function withNames(values: Values, slack: SlackClient): Promise<Values> {
  const mentioned = Object.values(values).flatMap((block) => Object.values(block).flatMap(usersOf));
  if (mentioned.length === 0) return values;
  const names = (await within(NAMES_WITHIN_MS, slack.names([...new Set(mentioned)]))) ?? new Map<string, string>();
  const named = (state: ElementState): ElementState => {
    const text = usersOf(state).length === 0 ? undefined : parseRichText(state.rich_text_value);
    return text === undefined ? state : { ...state, rich_text_value: initialValue(text, names) };
  };
  const blocks = Object.entries(values).map(
    ([id, block]) =>
      [id, Object.fromEntries(Object.entries(block).map(([action, state]) => [action, named(state)]))] as const,
  );
  return Object.fromEntries(blocks);
}

function usersOf({ rich_text_value }: ElementState): string[] {
  const text = parseRichText(rich_text_value);
  return text === undefined ? [] : mentionedIn(text);
}
