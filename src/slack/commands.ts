import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import { functions } from '../../functions/index.ts';
import type { Answer } from '../answer.ts';
import { call, sentenceOf } from '../function.ts';
import type { StatusCategory } from '../jira/issue.ts';
import type { Context, Services } from '../services.ts';
import { taskName } from '../tracker/jobs.ts';
import { listShown } from '../visible.ts';
import type { Work } from '../work.ts';
import { takeRequest } from '../workflow/request.ts';
import { answersMessage, type Message } from './blocks.ts';
import type { SlackClient } from './client.ts';
import { openCreateForm } from './create/open.ts';
import type { Origin } from './create/origin.ts';
import { beginning } from './create/values.ts';
import { listMessage, PAGE, untrackManyMessage } from './list.ts';
import { channelLink } from './permalink.ts';
import { failureOf, keysIn, notes } from './receipt.ts';
import { openStoriesForm } from './stories.ts';
import { type Deps as FormDeps, within } from './submission.ts';
import { escapeText } from './text.ts';

/** Slack: a command is answered within 3,000 ms. What takes longer is answered through its response_url. */
const ANSWER_WITHIN_MS = 2_300;
/** What people call the parts of a list. */
const CATEGORIES: ReadonlyMap<string, { category: StatusCategory | undefined }> = new Map([
  ['all', { category: undefined }],
  ['to do', { category: 'new' as const }],
  ['in progress', { category: 'indeterminate' as const }],
  ['done', { category: 'done' as const }],
]);

type Deps = { tenant: string; slack: SlackClient; services: Services };

/** A command whose answer could not wait for Jira, small enough to be left behind for another process. */
export type LateCommand = Command & { responseUrl: string; operation: string };
type Command = { command: string; text: string; channel: string; user: string };

/** The task that answers a command whose process died; its payload is `LateCommand`. */
export const ANSWER_COMMAND = 'answer_command';
const LOOK_AFTER_SECONDS = 20;

/** The slash command, under whatever name the app's manifest gives it. Its answers are private. */
export function registerCommands(app: App, { work, ...deps }: Deps & { work: Work }): void {
  const { tenant, slack, services } = deps;
  app.command(/./, async ({ command: slash, ack }) => {
    if (work.stopping) {
      return ack(privately({ text: 'Maro is restarting, so nothing was done. Try again in a minute.' }));
    }
    await work.during(async () => {
      const opened = openingOf(slash.text ?? '');
      if (opened !== undefined) {
        await ack();
        const origin = { request: randomUUID(), user: slash.user_id, channel: slash.channel_id };
        return opened(slash.trigger_id, origin, { ...deps, work });
      }
      const context: Context = { tenant, door: 'command', operation: randomUUID(), services };
      const command = {
        command: slash.command,
        text: slash.text ?? '',
        channel: slash.channel_id,
        user: slash.user_id,
      };
      const answer = answerTo(command, context, slack);
      const inTime = await within(ANSWER_WITHIN_MS, answer);
      if (inTime !== undefined) return ack(privately(inTime));
      const late: LateCommand = { ...command, responseUrl: slash.response_url, operation: context.operation };
      await leaveBehind(late, deps);
      await ack(privately({ text: 'Jira is slow today. The answer comes here in a moment.' }));
      await slack.respond(late.responseUrl, { ...privately(await answer), replace_original: false });
      await services.tracker.done(late.operation).catch(() => {});
    });
  });
}

/** What opens a form in place of an answer; undefined for every other command. */
function openingOf(text: string) {
  const { verb, rest } = parseCommand(text);
  if (verb === 'create') {
    return (triggerId: string, origin: Origin, deps: FormDeps) =>
      openCreateForm(triggerId, origin, beginning({ summary: rest }), deps);
  }
  return verb === 'stories' ? openStoriesForm : undefined;
}

/** The first word of a command, in lower case, and the rest. */
export function parseCommand(text: string): { verb: string; rest: string } {
  const words = text.trim();
  const space = words.search(/\s/);
  const end = space === -1 ? words.length : space;
  return { verb: words.slice(0, end).toLowerCase(), rest: words.slice(end).trimStart() };
}

/** Links an issue to the channel and tracks it; the card in the channel is for everybody, this answer for the person. */
async function link(
  key: string,
  channel: string,
  user: string,
  context: Context,
  slack: SlackClient,
): Promise<Message> {
  const { tenant, operation, services } = context;
  if (key === '') return { text: 'Nothing was linked, since no issue key was given.' };
  const inputs = {
    issue_key: key,
    message_link: channelLink(slack.workspaceUrl(), channel),
    channel_id: channel,
    user_id: user,
  };
  const asked = { request: operation, workflow: 'link_and_track', inputs, door: 'command' as const };
  try {
    const { run } = await takeRequest(asked, { tenant, services });
    if (run === undefined) return { text: 'This is done already, or on its way.' };
    const ran = await run();
    const failure = failureOf(ran);
    if (failure !== undefined) return { text: escapeText(failure) };
    return { text: escapeText([`${keysIn(ran).join(', ')} is linked to this channel.`, ...notes(ran)].join(' ')) };
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'link', context)) };
  }
}

/** Whoever is promised an answer gets one: should this process die, another carries the command out and answers. */
async function leaveBehind(late: LateCommand, { tenant, services }: Deps): Promise<void> {
  const job = {
    task: taskName(ANSWER_COMMAND, tenant),
    key: late.operation,
    payload: late,
    afterSeconds: LOOK_AFTER_SECONDS,
  };
  // Without the database the command itself comes to nothing, and says so.
  await services.tracker.later(job).catch(() => {});
}

/** Carries out a command that was interrupted, which does no harm if it was done already, and answers it. */
export async function answerLater(late: LateCommand, { tenant, slack, services }: Deps): Promise<void> {
  const answer = await answerTo(late, { tenant, door: 'command', operation: late.operation, services }, slack);
  await slack.respond(late.responseUrl, { ...privately(answer), replace_original: false });
}

function privately(message: Message) {
  return { response_type: 'ephemeral' as const, ...message };
}

async function answerTo(
  { command, text, channel, user }: Command,
  context: Context,
  slack: SlackClient,
): Promise<Message> {
  const { verb, rest } = parseCommand(text);
  const keys = { channel_id: channel, issue_keys: rest, user_id: user, continue_on_error: false };
  const category = CATEGORIES.get(rest.toLowerCase().replace(/[\s_-]+/g, ' '));
  switch (verb) {
    case 'track':
      return answers(await call(functions.track, { ...keys, message_link: undefined }, context));
    case 'untrack':
      if (category !== undefined) return askUntrackMany(channel, category, command, context);
      return answers(await call(functions.untrack, keys, context), context.operation);
    case 'link':
      return link(rest, channel, user, context, slack);
    case 'tracked':
    case 'list':
      if (rest === '') return tracked(channel, undefined, command, context);
      return category === undefined ? help(command) : tracked(channel, category.category, command, context);
    default:
      return help(command);
  }
}

function answers(
  result: { detail: Answer[] | undefined } | { error: string; detail: undefined },
  operation?: string,
): Message {
  const { detail } = result;
  if (detail === undefined || detail.length === 0) return { text: escapeText('error' in result ? result.error : '') };
  const undo = detail.some(({ phrase }) => phrase === 'no longer tracked') ? operation : undefined;
  return answersMessage(detail, undo);
}

async function tracked(
  channel: string,
  category: StatusCategory | undefined,
  command: string,
  context: Context,
): Promise<Message> {
  const { tenant, services } = context;
  try {
    const list = await listShown({ tenant, channel, category, limit: PAGE, offset: 0 }, services);
    return listMessage(list, { category, offset: 0 }, command);
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'tracked', context)) };
  }
}

/** Nobody takes many issues off a list by a slip of the hand: this asks, and says how many there are. */
async function askUntrackMany(
  channel: string,
  { category }: { category: StatusCategory | undefined },
  command: string,
  context: Context,
): Promise<Message> {
  const { tenant, services } = context;
  try {
    const { counts } = await services.tracker.list({ tenant, channel, category, limit: 0, offset: 0 });
    return untrackManyMessage(counts, category, command);
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'untrack', context)) };
  }
}

function help(command: string): Message {
  return {
    text: [
      'Maro keeps the list of Jira issues that this channel is about.',
      `• \`${command} track PLAT-1 PLAT-2\` adds issues, by key or by link, as many as 100`,
      `• \`${command} untrack PLAT-1\` takes issues off the list; \`${command} untrack done\`, \`untrack all\` many at once`,
      `• \`${command} tracked\` shows the list; \`${command} tracked to do\`, \`in progress\` or \`done\` a part of it`,
      `• \`${command} create\` opens a form for a new ticket, \`${command} stories\` one for an epic's stories`,
      `• \`${command} link PLAT-1\` links an issue to this channel, and tracks it`,
      `• \`${command} help\` shows this`,
      '• In a message’s menu: “Track issues mentioned”, “Create Jira ticket” and “Link to Jira ticket”',
      'Only you see the answers.',
    ].join('\n'),
  };
}
