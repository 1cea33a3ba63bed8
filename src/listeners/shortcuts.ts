import { randomUUID } from 'node:crypto';
import type { App, MessageShortcut } from '@slack/bolt';
import { CREATE_TITLE } from '../forms/create/form.ts';
import { openCreateForm } from '../forms/create/open.ts';
import type { Origin } from '../forms/create/origin.ts';
import { initialValues } from '../forms/create/values.ts';
import { LINK_TITLE, linkView } from '../forms/link.ts';
import { type Opening, openView, showView } from '../forms/opening.ts';
import { type Tracking, trackInView } from '../forms/track.ts';
import { MOST_KEYS } from '../issues/answer.ts';
import { richTextIn, summaryIn } from '../messages/content.ts';
import { initialValue, shortened } from '../messages/initial-value.ts';
import { mentionsIn } from '../messages/mentions.ts';
import { mentionedIn } from '../messages/rich-text.ts';
import { loadingView, sentenceView, TRACK_TITLE } from '../messages/views.ts';
import type { Deps } from '../services.ts';
import type { Names } from '../slack/markup.ts';
import { permalink } from '../slack/permalink.ts';
import { within } from '../within.ts';
import { OTHER_VERSION } from './other-version.ts';

/** The callback_id of the shortcut that tracks the issues mentioned in a message. */
const TRACK_MENTIONED = 'track_mentioned';

/** The time limit for the names of the people and channels that a message mentions. The form goes on without late ones. */
const NAMES_WITHIN_MS = 2_000;

const CREATE_FROM_MESSAGE = 'create_from_message';
const LINK_FROM_MESSAGE = 'link_from_message';
const CREATE_ANYWHERE = 'create_anywhere';

/** The function that handles each message shortcut, by callback_id. */
const ofMessages: Readonly<Record<string, (shortcut: MessageShortcut, deps: Deps) => Promise<void>>> = {
  [TRACK_MENTIONED]: openMentioned,
  [CREATE_FROM_MESSAGE]: createFromMessage,
  [LINK_FROM_MESSAGE]: linkFromMessage,
};

/**
 * Registers the only listener for shortcuts. A trigger_id opens one view and expires after
 * three seconds, so each shortcut opens its view before it calls Jira or the database.
 */
export function registerShortcuts(app: App, deps: Deps): void {
  const { slack, services } = deps;
  app.shortcut(/./, async ({ ack, body }) => {
    await ack();
    const { type, callback_id, trigger_id, user } = body;
    if (type === 'message_action' && Object.hasOwn(ofMessages, callback_id)) {
      return ofMessages[callback_id]?.(body, deps);
    }
    if (type !== 'message_action' && callback_id === CREATE_ANYWHERE) {
      const opening = { triggerId: trigger_id, user: user.id, responseUrl: undefined, typed: [] };
      return openCreateForm(opening, originOf(user.id), async () => ({}), deps);
    }
    services.log.warn({ type }, 'a shortcut that this version of Maro does not have');
    const told = { response_type: 'ephemeral' as const, replace_original: false, text: OTHER_VERSION };
    if (type === 'message_action') await slack.respond(body.response_url, told);
    else {
      const opening = { triggerId: trigger_id, user: user.id, responseUrl: undefined, typed: [] };
      await openView(opening, sentenceView(CREATE_TITLE, OTHER_VERSION), deps, OTHER_VERSION);
    }
  });
}

async function openMentioned(shortcut: MessageShortcut, deps: Deps): Promise<void> {
  const viewId = await openView(openingOf(shortcut), loadingView(TRACK_TITLE), deps);
  if (viewId === undefined) return;
  const tracking = trackingOf(shortcut, viewId, deps);
  if (tracking.mentions.length > 0) return trackInView(tracking, deps);
  const asker = openingOf(shortcut);
  await showView(viewId, sentenceView(TRACK_TITLE, NONE), { asker, title: TRACK_TITLE, sentence: NONE }, deps);
}

/** Opens the create form with the message as its description, and its header, title, or first line as its summary. */
async function createFromMessage(shortcut: MessageShortcut, deps: Deps): Promise<void> {
  if (isGone(shortcut)) {
    await openView(openingOf(shortcut), sentenceView(CREATE_TITLE, GONE), deps);
    return;
  }
  const { message } = shortcut;
  const values = async () => {
    const description = richTextIn(message);
    const names = await namesOf(description === undefined ? [] : mentionedIn(description), deps);
    const text = description && initialValue(shortened(description), names);
    return initialValues({ summary: summaryIn(message, names), description: text });
  };
  await openCreateForm(openingOf(shortcut), originIn(shortcut, deps), values, deps);
}

async function namesOf(ids: readonly string[], { slack }: Deps): Promise<Names> {
  return (await within(NAMES_WITHIN_MS, slack.names(ids))) ?? new Map();
}

/** Opens the link form. If the message mentions exactly one issue, the form is filled in with it. */
async function linkFromMessage(shortcut: MessageShortcut, deps: Deps): Promise<void> {
  const [mention = '', ...others] = mentionsIn(shortcut.message);
  const view = isGone(shortcut)
    ? sentenceView(LINK_TITLE, GONE)
    : linkView(originIn(shortcut, deps), others.length === 0 ? mention : '');
  await openView(openingOf(shortcut), view, deps);
}

const NONE =
  'This message mentions no Jira issues. Maro looks for keys in capitals, such as PLAT-12, and links to issues.';
const GONE = 'This message was deleted. Nothing was done.';

/**
 * Whether the message was deleted. Slack keeps a deleted message that has replies,
 * with the subtype `tombstone`. https://docs.slack.dev/reference/events/message
 */
function isGone({ message }: MessageShortcut): boolean {
  return (message as { subtype?: unknown }).subtype === 'tombstone';
}

function openingOf({ trigger_id, user, response_url }: MessageShortcut): Opening {
  return { triggerId: trigger_id, user: user.id, responseUrl: response_url, typed: [] };
}

function originOf(user: string): Origin {
  return { request: randomUUID(), user };
}

/** A form's origin. The receipt goes to the message's thread, or starts a thread if the message has none. */
function originIn(shortcut: MessageShortcut, { slack }: Deps): Origin {
  const { channel, user, message } = shortcut;
  const { ts, thread_ts } = message;
  return {
    ...originOf(user.id),
    channel: channel.id,
    threadTs: thread_ts ?? ts,
    inThread: thread_ts !== undefined,
    messageLink: linkTo(shortcut, slack),
    messageTs: ts,
    responseUrl: shortcut.response_url,
  };
}

function trackingOf(shortcut: MessageShortcut, viewId: string, { slack }: Deps): Tracking {
  const { channel, user, message } = shortcut;
  const mentions = mentionsIn(message);
  return {
    viewId,
    channel: channel.id,
    user: user.id,
    mentions: mentions.slice(0, MOST_KEYS),
    more: Math.max(0, mentions.length - MOST_KEYS),
    messageLink: linkTo(shortcut, slack),
    operation: randomUUID(),
    responseUrl: shortcut.response_url,
  };
}

/**
 * A message's permalink; undefined if the payload names no message. If the payload names no workspace, as in
 * some organization-wide installations, the URL of the installation's organization leads to the message as well.
 */
function linkTo({ team, channel, message }: MessageShortcut, slack: Deps['slack']): string | undefined {
  const { ts, thread_ts } = message;
  if (ts === undefined) return undefined;
  const workspace = team?.domain ? `https://${team.domain}.slack.com/` : slack.workspaceUrl();
  return permalink(workspace, channel.id, ts, thread_ts);
}
