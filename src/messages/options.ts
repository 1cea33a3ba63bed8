import type { PlainTextOption } from '@slack/types';
import type { Option } from '../jira/field.ts';
import { truncate } from '../slack/text.ts';

/** Slack allows 75 characters in an option. https://docs.slack.dev/reference/block-kit/composition-objects/option-object */
const LONGEST_OPTION = 75;
/**
 * Slack allows 150 characters in the value of an option.
 * https://docs.slack.dev/reference/block-kit/composition-objects/option-object
 */
const LONGEST_VALUE = 150;
/** Slack allows 100 options in a menu. */
export const MOST_OPTIONS = 100;

/** Whether an option can have this value. */
export function fitsOption(value: string): boolean {
  return value.length <= LONGEST_VALUE;
}

/** As many of the options as a menu can have. */
export function optionsOf(options: readonly PlainTextOption[]): PlainTextOption[] {
  return options.slice(0, MOST_OPTIONS);
}

/** A menu option. The label is cut to 75 characters, and an empty label is replaced by the value. */
export function optionOf(value: string, label: string): PlainTextOption {
  return { text: { type: 'plain_text', text: truncate(label, LONGEST_OPTION) || value }, value };
}

/** The same with a line about it, cut to 75 characters. */
export function describedOption(value: string, label: string, description: string): PlainTextOption {
  return {
    ...optionOf(value, label),
    description: { type: 'plain_text', text: truncate(description, LONGEST_OPTION) },
  };
}

/** The options whose names contain the query, in any case. At most 100, as Slack allows. */
export function optionsMatching(options: readonly Option[], query: string): PlainTextOption[] {
  const words = query.trim().toLowerCase();
  return options
    .filter(({ name }) => name.toLowerCase().includes(words))
    .slice(0, MOST_OPTIONS)
    .map(({ id, name }) => optionOf(id, name));
}
