import { Trouble } from '../trouble.ts';

/** Slack did not do what Maro asked, or Maro cannot tell. */
export class SlackTrouble extends Trouble {
  override name = 'SlackTrouble';
  /** Whether Slack may have done it. */
  readonly isDoubtful: boolean;
  /** For how many milliseconds Slack asks Maro to wait; undefined if it does not. */
  readonly waitMs: number | undefined;
  constructor(
    what: string,
    advice: string,
    { isDoubtful = false, waitMs, ...options }: ErrorOptions & { isDoubtful?: boolean; waitMs?: number } = {},
  ) {
    super(what, advice, options);
    this.isDoubtful = isDoubtful;
    this.waitMs = waitMs;
  }
}

const NOT_POSTED = 'so nothing was posted';

const REVOKED = [
  `Slack no longer accepts Maro’s token, ${NOT_POSTED}.`,
  'Ask your Maro admin to install Maro again.',
] as const;

const FORBIDDEN = [`Slack doesn’t let Maro post there, ${NOT_POSTED}.`, 'An admin can allow it.'] as const;

const LINK_BLOCKED = [
  `Links to files, canvases, and lists aren’t allowed in channels shared with other companies, ${NOT_POSTED}.`,
  'Remove those links.',
] as const;

/** What happened, and what to do, for Slack's error codes. https://docs.slack.dev/reference/methods/chat.postMessage/#errors */
const SENTENCES: Readonly<Record<string, readonly [what: string, advice: string]>> = {
  not_in_channel: [`Maro isn’t in this channel, ${NOT_POSTED} there.`, 'Invite it with /invite @Maro.'],
  channel_not_found: [
    `Maro can’t see this channel, ${NOT_POSTED} there.`,
    'If the channel is private, invite Maro with /invite @Maro.',
  ],
  is_archived: [`The channel is archived, ${NOT_POSTED} there.`, ''],
  msg_too_long: [`The message is too long for Slack, ${NOT_POSTED}.`, 'Shorten the note.'],
  msg_blocks_too_long: [`The message is too long for Slack, ${NOT_POSTED}.`, 'Shorten the note.'],
  missing_scope: [
    `Slack doesn’t let Maro post, ${NOT_POSTED}.`,
    'Ask your Maro admin to install the current manifest.',
  ],
  restricted_action: [`This workspace doesn’t let Maro post there, ${NOT_POSTED}.`, 'An admin can allow it.'],
  restricted_action_read_only_channel: [
    `This channel is read-only, ${NOT_POSTED} there.`,
    'An admin can let Maro post.',
  ],
  restricted_action_thread_only_channel: [
    `This channel only allows replies in threads, ${NOT_POSTED} there.`,
    "Use a message's menu instead.",
  ],
  restricted_action_non_threadable_channel: [
    `This channel doesn’t allow replies in threads, ${NOT_POSTED} there.`,
    'Leave the thread out.',
  ],
  restricted_action_thread_locked: [`This thread is locked, ${NOT_POSTED} there.`, ''],
  cannot_reply_to_message: [`This message doesn’t allow replies, ${NOT_POSTED} there.`, 'Leave the thread out.'],
  no_permission: FORBIDDEN,
  access_denied: FORBIDDEN,
  enterprise_is_restricted: FORBIDDEN,
  accesslimited: [`Slack doesn’t allow connections from Maro’s network, ${NOT_POSTED}.`, 'Tell your Maro admin.'],
  team_access_not_granted: [`Maro isn’t installed in this workspace, ${NOT_POSTED}.`, 'An admin can add it.'],
  org_login_required: [`Slack is moving this workspace to an organization, ${NOT_POSTED}.`, 'Try again later.'],
  app_access_restricted: [`This workspace restricts apps, ${NOT_POSTED}.`, 'An admin can allow Maro.'],
  ekm_access_denied: [`An admin has paused posting, ${NOT_POSTED}.`, 'Ask an admin.'],
  messages_tab_disabled: [`Direct messages from Maro are turned off, ${NOT_POSTED}.`, 'An admin can turn them on.'],
  message_limit_exceeded: [`This workspace is sending too many messages, ${NOT_POSTED}.`, 'Try again later.'],
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
  const [what, advice] = known ?? [`Slack refused the message (code ${word}), ${NOT_POSTED}.`, 'Tell your Maro admin.'];
  return new SlackTrouble(what, advice, { cause });
}

export function slowDown(seconds: number, cause: unknown): SlackTrouble {
  const what = `Slack asked Maro to slow down, ${NOT_POSTED}.`;
  return new SlackTrouble(what, `Try again in ${Math.ceil(seconds)} seconds.`, { cause, waitMs: seconds * 1000 });
}

/** Slack gave no answer, or an unreadable one. The message was sent once and may have been posted. */
export function doubtfulMessage(cause: unknown): SlackTrouble {
  const what = 'Slack didn’t answer in time, so the message may or may not be there. Maro didn’t send it again.';
  return new SlackTrouble(what, '', { cause, isDoubtful: true });
}

/** An earlier attempt may have posted the message, and Slack does not show the channel. */
export function unseenMessage(cause: unknown): SlackTrouble {
  const what = 'Maro was interrupted and can’t tell whether the message was posted, so it didn’t post another.';
  return new SlackTrouble(what, '', { cause, isDoubtful: true });
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
    return new SlackTrouble('Slack didn’t show the thread in time.', 'Try again, or leave the thread out.', { cause });
  }
  if (word === 'thread_not_found') return new SlackTrouble('This thread no longer exists.', LEAVE_OUT, { cause });
  return new SlackTrouble('Maro can’t see this thread.', THREAD_ADVICE[word] ?? LEAVE_OUT, { cause });
}

/** Slack asks Maro not to read threads for `ms` milliseconds. */
export function pausedThread(ms: number, cause: unknown): SlackTrouble {
  const what = `Slack won’t let Maro read this thread for another ${Math.ceil(ms / 1000)} seconds.`;
  return new SlackTrouble(what, 'Try again then, or leave the thread out.', { cause });
}
