type Schema = Readonly<Record<string, unknown>>;

const string: Schema = { type: 'string' };
const id = (letters: string): Schema => ({ type: 'string', pattern: `^[${letters}][A-Z0-9]+$` });
const text = { type: 'object', required: ['type', 'text'], properties: { type: string, text: string } };
const blocks: Schema = { type: 'array', items: { type: 'object' } };
const ts: Schema = { type: 'string', pattern: '^\\d{1,12}\\.\\d{6}$' };

/** https://docs.slack.dev/reference/views/modal-views */
const modal: Schema = {
  type: 'object',
  required: ['type', 'title', 'blocks'],
  properties: {
    type: { const: 'modal' },
    title: text,
    blocks,
    close: { anyOf: [text, { type: 'null' }] },
    submit: { anyOf: [text, { type: 'null' }] },
    private_metadata: string,
    callback_id: string,
    clear_on_close: { type: 'boolean' },
    notify_on_close: { type: 'boolean' },
    external_id: string,
  },
};

/** https://docs.slack.dev/reference/views/home-tab-views */
const home: Schema = {
  type: 'object',
  required: ['type', 'blocks'],
  properties: { type: { const: 'home' }, blocks, private_metadata: string, callback_id: string, external_id: string },
};

const inAnswers = ['id', 'team_id', 'hash', 'state', 'app_id', 'bot_id', 'root_view_id'];
/** A view in an answer has more than the app gave. https://docs.slack.dev/reference/methods/views.open/#examples */
export const openView: Schema = {
  type: 'object',
  required: inAnswers,
  anyOf: [modal, home],
};

/**
 * The objects that the document refers to by their names alone, as far as the methods that the stand-in plays have them. A name
 * that is not here stands for anything.
 */
export const objects: Readonly<Record<string, Schema>> = {
  user_id: id('UW'),
  team_id: id('TE'),
  app_id: id('A'),
  enterprise_id: id('E'),
  bot_id: id('B'),
  channel: id('CDG'),
  ts,
  blocks,
  modal,
  view: modal,
  'publishable-view': home,
  /** https://docs.slack.dev/reference/events/message and https://docs.slack.dev/messaging/retrieving-messages */
  message: {
    type: 'object',
    required: ['type', 'ts', 'text'],
    properties: {
      type: { const: 'message' },
      ts,
      text: string,
      user: id('UW'),
      bot_id: id('B'),
      app_id: id('A'),
      thread_ts: ts,
      blocks,
      metadata: { type: 'object', required: ['event_type', 'event_payload'] },
    },
  },
  /** https://docs.slack.dev/reference/objects/user-object */
  user: {
    type: 'object',
    required: ['id', 'team_id', 'name', 'profile'],
    properties: { id: id('UW'), team_id: id('TE'), name: string, real_name: string, profile: { type: 'object' } },
  },
};
