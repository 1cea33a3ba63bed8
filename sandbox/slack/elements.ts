import { initialRichText } from './rich-text.ts';
import {
  anything,
  boolean,
  type Check,
  type Fields,
  integer,
  list,
  number,
  object,
  oneOf,
  string,
  typed,
} from './shape.ts';

/** `plain_text` and `mrkdwn` text objects; Slack: 1 to 3,000 characters unless a field says less. */
export function text(max = 3000, only: string[] = ['plain_text', 'mrkdwn']): Check {
  const kinds = {
    plain_text: object({ type: anything, text: string(max, 1) }, { emoji: boolean }),
    mrkdwn: object({ type: anything, text: string(max, 1) }, { verbatim: boolean }),
  };
  return typed(kinds, () => 'reference/block-kit/composition-objects/text-object', only);
}

export const plain = (max: number) => text(max, ['plain_text']);

const colour = oneOf('primary', 'danger');
const confirm = object({ title: plain(100), text: text(300), confirm: plain(30), deny: plain(30) }, { style: colour });
const option = object({ text: text(75), value: string(150) }, { description: text(75) });
export const plainOption = object({ text: plain(75), value: string(150) }, { description: plain(75) });
const overflowOption = object({ text: plain(75), value: string(150) }, { description: plain(75), url: string(3000) });
const optionGroup = object({ label: plain(75), options: list(plainOption, 100, 1) });
const filter = object(
  {},
  { include: list(string()), exclude_external_shared_channels: boolean, exclude_bot_users: boolean },
);

const action: Fields = { type: anything };
const actionId: Fields = { action_id: string(255) };
const asking: Fields = { ...actionId, confirm, focus_on_load: boolean };
const menu: Fields = { ...asking, placeholder: plain(150) };
const many: Fields = { ...menu, max_selected_items: integer(1, 100) };
const typing: Fields = {
  ...actionId,
  placeholder: plain(150),
  focus_on_load: boolean,
  dispatch_action_config: object({ trigger_actions_on: list(oneOf('on_enter_pressed', 'on_character_entered'), 2, 1) }),
};
const image = object({ type: anything, alt_text: string(2000) }, { image_url: string(3000), slack_file: anything });
const options = { options: list(plainOption, 100, 1), option_groups: list(optionGroup, 100, 1) };
const lines = integer(0, 3000);

const kinds: Record<string, Check> = {
  button: object(
    { ...action, text: plain(75) },
    { ...actionId, confirm, value: string(2000), url: string(3000), style: colour, accessibility_label: string(75) },
  ),
  workflow_button: object(
    {
      ...action,
      text: plain(75),
      workflow: object({ trigger: object({ url: string() }, { customizable_input_parameters: anything }) }),
    },
    { ...actionId, confirm, style: colour, accessibility_label: string(75) },
  ),
  overflow: object({ ...action, options: list(overflowOption, 5, 1) }, { ...actionId, confirm }),
  static_select: object(action, { ...menu, ...options, initial_option: plainOption }),
  multi_static_select: object(action, { ...many, ...options, initial_options: list(plainOption, 100, 1) }),
  external_select: object(action, { ...menu, min_query_length: integer(0, 3000), initial_option: plainOption }),
  multi_external_select: object(action, {
    ...many,
    min_query_length: integer(0, 3000),
    initial_options: list(plainOption, 100, 1),
  }),
  users_select: object(action, { ...menu, initial_user: string() }),
  multi_users_select: object(action, { ...many, initial_users: list(string()) }),
  channels_select: object(action, { ...menu, initial_channel: string(), response_url_enabled: boolean }),
  multi_channels_select: object(action, { ...many, initial_channels: list(string()) }),
  conversations_select: object(action, {
    ...menu,
    initial_conversation: string(),
    default_to_current_conversation: boolean,
    response_url_enabled: boolean,
    filter,
  }),
  multi_conversations_select: object(action, {
    ...many,
    initial_conversations: list(string()),
    default_to_current_conversation: boolean,
    filter,
  }),
  checkboxes: object({ ...action, options: list(option, 10, 1) }, { ...asking, initial_options: list(option, 10, 1) }),
  radio_buttons: object({ ...action, options: list(option, 10, 1) }, { ...asking, initial_option: option }),
  datepicker: object(action, { ...menu, initial_date: string() }),
  timepicker: object(action, { ...menu, initial_time: string(), timezone: string() }),
  datetimepicker: object(action, { ...asking, initial_date_time: number }),
  plain_text_input: object(action, {
    ...typing,
    initial_value: string(3000),
    multiline: boolean,
    min_length: lines,
    max_length: integer(1, 3000),
  }),
  rich_text_input: object(action, { ...typing, initial_value: initialRichText }),
  email_text_input: object(action, { ...typing, initial_value: string() }),
  url_text_input: object(action, { ...typing, initial_value: string() }),
  number_input: object(
    { ...action, is_decimal_allowed: boolean },
    { ...typing, initial_value: string(), min_value: string(), max_value: string() },
  ),
  image,
};

const pages: Record<string, string> = {
  workflow_button: 'workflow-button-element',
  overflow: 'overflow-menu-element',
  datepicker: 'date-picker-element',
  timepicker: 'time-picker-element',
  datetimepicker: 'datetime-picker-element',
  radio_buttons: 'radio-button-group-element',
  plain_text_input: 'plain-text-input-element',
  rich_text_input: 'rich-text-input-element',
  email_text_input: 'email-input-element',
  url_text_input: 'url-input-element',
  number_input: 'number-input-element',
};

function page(type: string): string {
  const select = type.startsWith('multi_') ? 'multi-select-menu-element' : 'select-menu-element';
  return `reference/block-kit/block-elements/${pages[type] ?? (type.endsWith('_select') ? select : `${type}-element`)}`;
}

const selects = ['static', 'external', 'users', 'channels', 'conversations'].map((kind) => `${kind}_select`);
const picking = [
  ...selects,
  ...selects.map((type) => `multi_${type}`),
  'checkboxes',
  'radio_buttons',
  'datepicker',
  'timepicker',
];
const pressing = ['button', 'workflow_button', 'overflow', ...picking];

/** The elements each block may hold: docs.slack.dev/reference/block-kit/block-elements. */
export const accessory = typed(kinds, page, [...pressing, 'image']);
export const actionElement = typed(kinds, page, [...pressing, 'datetimepicker']);
export const inputElement = typed(kinds, page, [
  ...picking,
  'datetimepicker',
  'plain_text_input',
  'rich_text_input',
  'email_text_input',
  'url_text_input',
  'number_input',
]);
const contextText = text();
export const contextElement: Check = (value, at) =>
  (value as { type?: unknown } | null)?.type === 'image' ? image(value, at) : contextText(value, at);
