import { type Block, type Element, elementsOf } from './blocks.ts';
import { Refusal } from './refusal.ts';
import type { Workspace } from './workspace.ts';

/** What an element holds, as `state.values` shows it. */
export interface Pick {
  type: string;
  [field: string]: unknown;
}

/** By block_id, then by action_id. */
export type Values = Record<string, Record<string, Pick>>;

export interface Option {
  text: { type: string; text: string };
  value: string;
}

/** Where each kind of element keeps what was picked, and where the app says what it starts with. */
const fields: Record<string, [picked: string, initial: string]> = {
  plain_text_input: ['value', 'initial_value'],
  rich_text_input: ['rich_text_value', 'initial_value'],
  email_text_input: ['value', 'initial_value'],
  url_text_input: ['value', 'initial_value'],
  number_input: ['value', 'initial_value'],
  static_select: ['selected_option', 'initial_option'],
  external_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  multi_static_select: ['selected_options', 'initial_options'],
  multi_external_select: ['selected_options', 'initial_options'],
  checkboxes: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  channels_select: ['selected_channel', 'initial_channel'],
  multi_channels_select: ['selected_channels', 'initial_channels'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  multi_conversations_select: ['selected_conversations', 'initial_conversations'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
};

/** What the elements hold before anybody touches them; where `before` has a value for the same element, that. */
export function valuesOf(blocks: Block[], before: Values = {}): Values {
  const values: Values = {};
  for (const block of blocks) {
    for (const element of elementsOf(block)) {
      const names = fields[element.type];
      if (!names) continue;
      const [picked, initial] = names;
      const empty = picked.endsWith('s') ? [] : null;
      const kept = before[String(block.block_id)]?.[String(element.action_id)];
      const pick = kept?.type === element.type ? kept : { type: element.type, [picked]: element[initial] ?? empty };
      values[String(block.block_id)] = { ...values[String(block.block_id)], [String(element.action_id)]: pick };
    }
  }
  return values;
}

export function isEmpty(pick: Pick): boolean {
  const value = pick[fields[pick.type]?.[0] ?? ''];
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

/** What typing or choosing `wanted` leaves in the element: a text, an option's value or label, a user, a channel. */
export function choose(element: Element, wanted: unknown, workspace: Workspace): Pick {
  const [picked] = fields[element.type] ?? ['selected_option'];
  const one = (each: unknown): unknown => {
    if (picked.startsWith('selected_option')) return optionNamed(element, each);
    if (picked.startsWith('selected_user')) return workspace.user(String(each)).id;
    if (/^selected_(channel|conversation)/.test(picked)) return workspace.channel(String(each)).id;
    if (picked === 'rich_text_value') return typeof each === 'string' ? richTextOf(each) : each;
    return picked === 'selected_date_time' ? Number(each) : String(each);
  };
  return { type: element.type, [picked]: picked.endsWith('s') ? [wanted].flat().map(one) : one(wanted) };
}

/** Words typed without any formatting; Slack keeps line breaks within a section. */
function richTextOf(words: string): unknown {
  if (words === '') return null;
  return {
    type: 'rich_text',
    elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: words }] }],
  };
}

export function optionsOf(element: Element): Option[] {
  const groups = (element.option_groups ?? []) as { options: Option[] }[];
  return [...((element.options ?? []) as Option[]), ...groups.flatMap((group) => group.options)];
}

function optionNamed(element: Element, wanted: unknown): Option {
  if (element.type.endsWith('external_select') && typeof wanted === 'object') return wanted as Option;
  const found = optionsOf(element).find((option) => option.value === wanted || option.text.text === wanted);
  if (found) return found;
  const labels = optionsOf(element).map((option) => option.text.text);
  const why = `"${String(wanted)}" is not among the options: ${labels.join(', ')}.`;
  throw new Refusal('no_such_option', why, 'reference/block-kit/composition-objects/option-object');
}
