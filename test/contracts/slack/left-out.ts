type LeftOut = { reason: string; errors: readonly string[]; methods?: readonly string[] };

const chat = ['chat.postMessage', 'chat.postEphemeral', 'chat.update', 'chat.delete'];
const pins = ['pins.add', 'bookmarks.add', 'bookmarks.edit', 'bookmarks.remove'];
const files = ['files.getUploadURLExternal', 'files.completeUploadExternal'];
const conversations = ['conversations.history', 'conversations.replies'];
const reactions = ['reactions.add', 'reactions.remove'];
const functions = ['functions.completeSuccess', 'functions.completeError'];
const views = ['views.open', 'views.update', 'views.publish'];
const users = ['users.info', 'users.conversations', 'conversations.info'];

/** Errors that no test plays, each with the reason. Without `methods`, the errors of every method. */
export const leftOut: readonly LeftOut[] = [
  {
    reason: "Slack's client writes the request, so its form, its names, and its character set are right",
    errors: [
      'invalid_arg_name',
      'invalid_array_arg',
      'invalid_charset',
      'invalid_form_data',
      'invalid_json',
      'invalid_post_type',
      'json_not_object',
      'missing_post_type',
    ],
  },
  { reason: "Slack's client sends the token with each call", errors: ['not_authed'] },
  {
    reason: 'the method exists, and Slack announces its end long before',
    errors: ['unknown_method', 'deprecated_endpoint', 'method_deprecated'],
  },
  { reason: 'a bot may call the method', errors: ['is_bot'] },
  { reason: 'a bot has no second factor', errors: ['two_factor_setup_required'] },
  { reason: 'manifest.json does not rotate tokens, so they do not expire', errors: ['token_expired'] },
  {
    reason: 'auth.test has accepted the token before, and its kind stays',
    errors: ['not_allowed_token_type'],
    methods: [...chat, ...conversations, ...functions, ...reactions, ...views, ...users, ...pins, ...files],
  },
  {
    reason: 'the method needs no scope',
    errors: ['missing_scope'],
    methods: ['auth.test', ...functions, ...views],
  },
  {
    reason: 'this check judges the arguments of each call',
    errors: ['invalid_arguments', 'invalid_limit', 'invalid_types', 'missing_args', 'missing_argument'],
    methods: [
      'auth.test',
      'apps.connections.open',
      ...chat,
      ...conversations,
      ...functions,
      ...reactions,
      ...users,
      ...pins,
      ...files,
    ],
  },
  { reason: 'SLACK_API_URL is https unless it is on this machine', errors: ['insecure_request'] },
  {
    reason: 'Maro sends no such argument',
    errors: [
      'as_user_not_supported',
      'attachment_payload_limit_exceeded',
      'cant_broadcast_message',
      'draft_already_deleted',
      'draft_already_sent',
      'draft_has_conflict',
      'draft_not_found',
      'duplicate_channel_not_found',
      'duplicate_message_not_found',
      'invalid_attachments',
      'invalid_metadata_filter_keys',
      'invalid_app_action_type',
      'invalid_child_type',
      'invalid_emoji',
      'invalid_entity_id',
      'invalid_parent_type',
      'invalid_shortcut_type',
      'invalid_ts_latest',
      'markdown_text_conflict',
      'missing_profile_id',
      'parent_with_link',
      'no_dual_broadcast_content_update',
      'send_on_behalf_not_allowed',
      'streaming_state_conflict',
      'team_not_found',
      'too_many_attachments',
      'too_many_contact_cards',
      'too_many_users',
    ],
  },
  {
    reason: 'Maro pins and edits no files',
    errors: ['file_not_found'],
    methods: [...chat, ...conversations, ...reactions, ...users, ...pins],
  },
  {
    reason: 'Maro sends no message with a file, and each file to one person',
    errors: [
      'blocked_file_type',
      'file_already_added',
      'file_deleted',
      'file_is_deleted',
      'file_not_shared',
      'file_share_limit_reached',
      'max_file_sharing_exceeded',
      'missing_file_data',
      'slack_connect_blocked_file_type',
      'slack_connect_clip_sharing_blocked',
      'slack_connect_file_upload_sharing_blocked',
      'unable_to_share_files',
    ],
  },
  { reason: "Slack's client writes blocks as JSON", errors: ['invalid_blocks_format'] },
  { reason: 'each message of Maro has a text', errors: ['no_text'] },
  {
    reason: "the metadata of Maro's messages are one id",
    errors: [
      'invalid_metadata_format',
      'invalid_metadata_schema',
      'metadata_must_be_sent_from_app',
      'metadata_too_large',
    ],
  },
  { reason: 'Maro replaces a Home tab whatever it shows', errors: ['hash_conflict'], methods: ['views.publish'] },
  { reason: 'Maro computes the time', errors: ['invalid_ts_oldest'] },
  { reason: 'Maro gives each view an external_id of its own', errors: ['duplicate_external_id'] },
];

/** Why no test plays an error of a method; undefined if one must. */
export function reasonToLeaveOut(method: string, error: string): string | undefined {
  return leftOut.find(({ errors, methods }) => errors.includes(error) && (methods?.includes(method) ?? true))?.reason;
}
