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
import { mentionsIn } from './mentions.ts';
import { permalink } from './permalink.ts';
import { STRANGER } from './strangers.ts';
import { failedView, loadingView, type ModalView, resultView } from './views.ts';

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

type Deps = { tenant: string; slack: SlackClient; services: Services; work: Work };

/** The one listener for shortcuts. Slack: a trigger opens one view, within three seconds, so that comes before all else. */
export function registerShortcuts(app: App, deps: Deps): void {
  const { slack, services, work } = deps;
  app.shortcut(/./, async ({ ack, body }) => {
    await ack();
    if (body.type !== 'message_action' || body.callback_id !== TRACK_MENTIONED) {
      services.log.warn({ type: body.type }, 'a shortcut that this Maro does not have');
      if (body.type !== 'message_action') await slack.openView(body.trigger_id, failedView(STRANGER));
      else
        await slack.respond(body.response_url, { response_type: 'ephemeral', replace_original: false, text: STRANGER });
      return;
    }
    await work.during(async () => {
      const viewId = await slack.openView(body.trigger_id, loadingView());
      if (viewId !== undefined) await trackMentioned(mentionedIn(body, viewId), deps);
    });
  });
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
      ? failedView(
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
  if (result.detail === undefined) return failedView('error' in result ? result.error : '');
  // What stands in a message and is no issue, such as UTF-8, nobody asked about: it is named, and not explained.
  const answers = result.detail.filter(({ phrase }) => phrase !== 'not found' && phrase !== 'another Jira site');
  const others = result.detail.filter((answer) => !answers.includes(answer)).map(({ name }) => name);
  return resultView(answers.length === 0 ? [] : (answersMessage(answers).blocks ?? []), { others, more });
}
