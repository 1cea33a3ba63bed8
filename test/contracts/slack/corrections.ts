/** Where the document is wrong or silent, each with the page that says so. */

/** Arguments that are in the schemas and are no arguments of a call. */
export const notArguments: Readonly<Record<string, string>> = {
  // “Authorization: Bearer”: the token goes into a header.
  token: 'https://docs.slack.dev/apis/web-api/#authentication',
};

/** Errors that any method answers, and that the document has for some methods alone or not at all. */
export const commonErrors: Readonly<Record<string, string>> = {
  internal_error: 'https://docs.slack.dev/reference/methods/chat.postMessage/#errors',
  invalid_arguments: 'https://docs.slack.dev/reference/methods/chat.postMessage/#errors',
  invalid_auth: 'https://docs.slack.dev/reference/methods/chat.postMessage/#errors',
  team_access_not_granted: 'https://docs.slack.dev/reference/methods/chat.postMessage/#errors',
  invalid_json: 'https://docs.slack.dev/apis/web-api/#post-bodies',
  json_not_object: 'https://docs.slack.dev/apis/web-api/#post-bodies',
};

/** Errors of one method. */
export const errorsOf: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'chat.postMessage': {
    msg_too_long: 'https://docs.slack.dev/reference/methods/chat.postMessage/#errors',
  },
};

/** Scopes that are spelled wrong, with their right names. */
export const scopeNames: Readonly<Record<string, string>> = {
  // https://docs.slack.dev/reference/scopes/app_mentions.read: the file's name has a dot, the scope a colon.
  'app_mentions.read': 'app_mentions:read',
};

/** Events that the document leaves out, with their scopes. */
export const eventScopes: Readonly<Record<string, string[]>> = {
  // https://docs.slack.dev/reference/events/channel_archive
  channel_archive: ['channels:read'],
  // https://docs.slack.dev/reference/events/channel_unarchive
  channel_unarchive: ['channels:read'],
  // https://docs.slack.dev/reference/events/group_archive
  group_archive: ['groups:read'],
  // https://docs.slack.dev/reference/events/group_unarchive
  group_unarchive: ['groups:read'],
};
