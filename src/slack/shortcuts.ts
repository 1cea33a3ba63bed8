import { randomUUID } from 'node:crypto';
import type { App, MessageShortcut } from '@slack/bolt';
import { functions } from '../../functions/index.ts';
import { MOST_KEYS } from '../answer.ts';
import { call } from '../function.ts';
import type { Context, Services } from '../services.ts';
import { taskName } from '../tracker/jobs.ts';
import type { Work } from '../work.ts';
import { answersMessage } from './blocks.ts';
import type { SlackClient } from './client.ts';
import { CREATE_TITLE } from './create/form.ts';
import { openCreateForm } from './create/open.ts';
import type { Origin } from './create/origin.ts';
import { beginning } from './create/values.ts';
import { LINK_TITLE, linkView } from './link.ts';
import { mentionsIn } from './mentions.ts';
import { permalink } from './permalink.ts';
import { richTextIn, wordsIn } from './rich-text.ts';
import { STRANGER } from './strangers.ts';
import { truncate } from './text.ts';
import { loadingView, type ModalView, resultView, sentenceView, TRACK_TITLE } from './views.ts';

/** What the shortcut found and where, small enough to be left behind for another process. */
export type Mentioned = {
  viewId: string;
  channel: string;
  user: string;
  mentions: string[];
  /** How many more there were than are tracked at a time. */
  more: number;
  messageLink: string | undefined;
  operation: string;
};

/** The task that finishes a shortcut whose process died; its payload is `Mentioned`. */
export const TRACK_MENTIONED = 'track_mentioned';
const LOOK_AFTER_SECONDS = 20;
/** Jira: a summary has 255 characters; of a message's first line a part will do. */
const LONGEST_SUMMARY = 120;

const CREATE_FROM_MESSAGE = 'create_from_message';
const LINK_FROM_MESSAGE = 'link_from_message';
const CREATE_ANYWHERE = 'create_anywhere';

type Deps = { tenant: string; slack: SlackClient; services: Services; work: Work };

/** The one listener for shortcuts. Slack: a trigger opens one view, within three seconds, so that comes before all else. */
export function registerShortcuts(app: App, deps: Deps): void {
  const { slack, services, work } = deps;
  app.shortcut(/./, async ({ ack, body }) => {
    await ack();
    await work.during(async () => {
      if (body.type !== 'message_action') {
        if (body.callback_id === CREATE_ANYWHERE)
          return openCreateForm(body.trigger_id, originOf(body.user.id), {}, deps);
      } else if (body.callback_id === TRACK_MENTIONED) {
        const viewId = await slack.openView(body.trigger_id, loadingView(TRACK_TITLE));
        return viewId === undefined ? undefined : trackMentioned(mentionedIn(body, viewId), deps);
      } else if (body.callback_id === CREATE_FROM_MESSAGE) return createFromMessage(body, deps);
      else if (body.callback_id === LINK_FROM_MESSAGE) return linkFromMessage(body, deps);
      services.log.warn({ type: body.type }, 'a shortcut that this Maro does not have');
      if (body.type !== 'message_action') await slack.openView(body.trigger_id, sentenceView(CREATE_TITLE, STRANGER));
      else
        await slack.respond(body.response_url, { response_type: 'ephemeral', replace_original: false, text: STRANGER });
    });
  });
}

/** A form with the message in it. */
async function createFromMessage(shortcut: MessageShortcut, deps: Deps): Promise<void> {
  const description = richTextIn(shortcut.message);
  if (isGone(shortcut)) {
    await deps.slack.openView(shortcut.trigger_id, sentenceView(CREATE_TITLE, GONE));
    return;
  }
  const [summary = ''] = (description === undefined ? '' : wordsIn(description)).trim().split('\n');
  const values = beginning({ summary: truncate(summary.trim(), LONGEST_SUMMARY), description });
  await openCreateForm(shortcut.trigger_id, originIn(shortcut), values, deps);
}

/** Asks for the issue; when the message mentions one alone, with that. */
async function linkFromMessage(shortcut: MessageShortcut, { slack }: Deps): Promise<void> {
  const [mention = '', ...others] = mentionsIn(shortcut.message);
  const view = isGone(shortcut)
    ? sentenceView(LINK_TITLE, GONE)
    : linkView(originIn(shortcut), others.length === 0 ? mention : '');
  await slack.openView(shortcut.trigger_id, view);
}

const GONE = 'This message was deleted, so there is nothing to take from it. Nothing was done.';

/** What is left of a deleted message that others have answered. https://docs.slack.dev/reference/events/message */
function isGone({ message }: MessageShortcut): boolean {
  return (message as { subtype?: unknown }).subtype === 'tombstone';
}

function originOf(user: string): Origin {
  return { request: randomUUID(), user };
}

/** The receipt goes to the message's thread, which begins with the message when there is none. */
function originIn({ channel, user, team, message }: MessageShortcut): Origin {
  return {
    ...originOf(user.id),
    channel: channel.id,
    threadTs: message.thread_ts ?? message.ts,
    inThread: message.thread_ts !== undefined,
    messageLink: linkTo(team?.domain, channel.id, message),
  };
}

function mentionedIn(shortcut: MessageShortcut, viewId: string): Mentioned {
  const { channel, user, team, message } = shortcut;
  const mentions = mentionsIn(message);
  return {
    viewId,
    channel: channel.id,
    user: user.id,
    mentions: mentions.slice(0, MOST_KEYS),
    more: Math.max(0, mentions.length - MOST_KEYS),
    messageLink: linkTo(team?.domain, channel.id, message),
    operation: randomUUID(),
  };
}

/** An organisation's installation may name no workspace; then a message has no address. */
function linkTo(
  domain: string | undefined,
  channel: string,
  { ts, thread_ts }: MessageShortcut['message'],
): string | undefined {
  if (!domain || ts === undefined) return undefined;
  return permalink(`https://${domain}.slack.com/`, channel, ts, thread_ts);
}

/** Tracks what a message mentions and shows the outcome in the view that is open; finished by another process if this one dies. */
export async function trackMentioned(
  mentioned: Mentioned,
  { tenant, slack, services }: Omit<Deps, 'work'>,
): Promise<void> {
  const { viewId, operation } = mentioned;
  const view =
    mentioned.mentions.length === 0
      ? sentenceView(
          TRACK_TITLE,
          'This message mentions no Jira issue. A key such as PLAT-12, in capitals, or a link to an issue is one.',
        )
      : await durably();
  await slack.updateView(viewId, view);

  async function durably(): Promise<ModalView> {
    const left = services.tracker
      .later({
        task: taskName(TRACK_MENTIONED, tenant),
        key: operation,
        payload: mentioned,
        afterSeconds: LOOK_AFTER_SECONDS,
      })
      .then(
        () => true,
        () => false,
      );
    const shown = await outcomeView(mentioned, { tenant, door: 'shortcut', operation, services });
    // The database is away when this fails, and then the view says so.
    if (await left) await services.tracker.done(operation).catch(() => {});
    return shown;
  }
}

async function outcomeView(mentioned: Mentioned, context: Context): Promise<ModalView> {
  const { channel, user, mentions, more, messageLink } = mentioned;
  const inputs = {
    channel_id: channel,
    issue_keys: mentions.join(' '),
    user_id: user,
    message_link: messageLink,
    continue_on_error: false,
  };
  const result = await call(functions.track, inputs, context);
  if (result.detail === undefined) return sentenceView(TRACK_TITLE, 'error' in result ? result.error : '');
  // What stands in a message and is no issue, such as UTF-8, nobody asked about: it is named, and not explained.
  const answers = result.detail.filter(({ phrase }) => phrase !== 'not found' && phrase !== 'another Jira site');
  const others = result.detail.filter((answer) => !answers.includes(answer)).map(({ name }) => name);
  return resultView(answers.length === 0 ? [] : (answersMessage(answers).blocks ?? []), { others, more });
}
