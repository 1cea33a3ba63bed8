import { Trouble } from '../trouble.ts';

/** Slack did not do what Maro asked, or Maro cannot tell. */
export class SlackTrouble extends Trouble {
  override name = 'SlackTrouble';
}

const NOT_POSTED = 'so nothing was posted';

const REVOKED = [
  `Slack does not accept Maro's token any more, ${NOT_POSTED}.`,
  'Ask your Maro admin to install Maro again.',
] as const;

const FORBIDDEN = [`Slack does not let Maro post there, ${NOT_POSTED}.`, 'An admin can allow it.'] as const;

const LINK_BLOCKED = [
  `An admin does not allow this message's links in channels that are shared with other companies, ${NOT_POSTED}.`,
  'Leave the links to files, canvases, and lists out.',
] as const;

/** What happened, and what to do, for Slack's error codes. https://docs.slack.dev/reference/methods/chat.postMessage/#errors */
const SENTENCES: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  not_in_channel: [`Maro is not in this channel, ${NOT_POSTED} there.`, 'Invite it with /invite @Maro.'],
  channel_not_found: [
    `Slack shows Maro no such channel, ${NOT_POSTED}.`,
    'If the channel is private, invite Maro with /invite @Maro.',
  ],
  is_archived: [`The channel is archived, ${NOT_POSTED} there.`, ''],
  msg_too_long: [`The message is longer than Slack takes, ${NOT_POSTED}.`, 'Shorten the note.'],
  msg_blocks_too_long: [`The message is longer than Slack takes, ${NOT_POSTED}.`, 'Shorten the note.'],
  missing_scope: [
    `Slack does not let Maro post, ${NOT_POSTED}.`,
    'Ask your Maro admin to install the current manifest.',
  ],
  restricted_action: [`This workspace does not let Maro post there, ${NOT_POSTED}.`, 'An admin can allow it.'],
  restricted_action_read_only_channel: [
    `This channel is read-only, ${NOT_POSTED} there.`,
    'An admin can let Maro post.',
  ],
  restricted_action_thread_only_channel: [
    `This channel takes nothing but replies in threads, ${NOT_POSTED} there.`,
    "Use a message's menu instead.",
  ],
  restricted_action_non_threadable_channel: [
    `This channel takes no replies in threads, ${NOT_POSTED} there.`,
    'Leave the thread out.',
  ],
  restricted_action_thread_locked: [`This thread is locked, ${NOT_POSTED} there.`, ''],
  cannot_reply_to_message: [`This message takes no replies, ${NOT_POSTED} there.`, 'Leave the thread out.'],
  no_permission: FORBIDDEN,
  access_denied: FORBIDDEN,
  enterprise_is_restricted: FORBIDDEN,
  accesslimited: [
    `Slack does not let Maro in from the network that it runs in, ${NOT_POSTED}.`,
    'Tell your Maro admin.',
  ],
  team_access_not_granted: [`Maro is not installed in this workspace, ${NOT_POSTED}.`, 'An admin can add it.'],
  org_login_required: [`Slack is moving this workspace to an organization, ${NOT_POSTED}.`, 'Try again later.'],
  app_access_restricted: [`This workspace restricts apps, ${NOT_POSTED}.`, 'An admin can allow Maro.'],
  ekm_access_denied: [`An admin has suspended posting for now, ${NOT_POSTED}.`, 'Ask an admin.'],
  messages_tab_disabled: [`Direct messages from Maro are switched off, ${NOT_POSTED}.`, 'An admin can switch them on.'],
  message_limit_exceeded: [`Too many messages are sent in this workspace, ${NOT_POSTED}.`, 'Try again later.'],
  slack_connect_canvas_sharing_blocked: LINK_BLOCKED,
  slack_connect_file_link_sharing_blocked: LINK_BLOCKED,
  slack_connect_lists_sharing_blocked: LINK_BLOCKED,
  account_inactive: REVOKED,
  token_revoked: REVOKED,
  invalid_auth: REVOKED,
};

/** Slack refused a message. `word` is Slack's error code. */
export function refusedMessage(word: string, cause: unknown): SlackTrouble {
  const known = Object.hasOwn(SENTENCES, word) ? SENTENCES[word] : undefined;
  const [what, advice] = known ?? [
    `Slack does not take the message (${word}), ${NOT_POSTED}.`,
    'Tell your Maro admin.',
  ];
  return new SlackTrouble(what, advice, { cause });
}

export function slowDown(seconds: number, cause: unknown): SlackTrouble {
  const what = `Slack asks Maro to slow down, ${NOT_POSTED}.`;
  return new SlackTrouble(what, `Try again in ${Math.ceil(seconds)} seconds.`, { cause });
}

/** Slack gave no answer, or an unreadable one. The message was sent once and may have been posted. */
export function doubtfulMessage(cause: unknown): SlackTrouble {
  const what = 'Slack did not answer in time, so the message may or may not be there; it was not sent again.';
  return new SlackTrouble(what, '', { cause });
}

/** An earlier attempt may have posted the message, and Slack does not show the channel. */
export function unseenMessage(cause: unknown): SlackTrouble {
  const what = 'Maro was interrupted and cannot see whether the message was posted, so it did not post it now.';
  return new SlackTrouble(what, '', { cause });
}

const INVITE = 'Invite it with /invite @Maro, or leave the thread out.';
const INSTALL = 'Ask your Maro admin to install the current manifest. Or leave the thread out.';
const LEAVE_OUT = 'Leave the thread out.';

/** What to do about a thread that Slack does not show. https://docs.slack.dev/reference/methods/conversations.replies/#errors */
const THREAD_ADVICE: Readonly<Record<string, string>> = {
  channel_not_found: INVITE,
  not_in_channel: INVITE,
  missing_scope: INSTALL,
  account_inactive: INSTALL,
  invalid_auth: INSTALL,
  token_revoked: INSTALL,
};

/** Slack did not show a thread. `word` is Slack's error code; undefined if Slack could not be asked. */
export function unreadThread(word: string | undefined, cause: unknown): SlackTrouble {
  if (word === undefined) {
    return new SlackTrouble('Slack did not show Maro the thread in time.', 'Try again, or leave it out.', { cause });
  }
  if (word === 'thread_not_found') return new SlackTrouble('Slack has no such thread any more.', LEAVE_OUT, { cause });
  return new SlackTrouble('Slack does not show Maro this thread.', THREAD_ADVICE[word] ?? LEAVE_OUT, { cause });
}

/** Slack asks Maro not to read threads for `ms` milliseconds. */
export function pausedThread(ms: number, cause: unknown): SlackTrouble {
  const what = `Slack lets Maro read this thread in ${Math.ceil(ms / 1000)} seconds.`;
  return new SlackTrouble(what, 'Try again then, or leave it out.', { cause });
}
