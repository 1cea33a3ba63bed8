import { randomUUID } from 'node:crypto';
import type { App } from '@slack/bolt';
import { functions } from '../../functions/index.ts';
import { openCreateForm } from '../forms/create/open.ts';
import type { Origin } from '../forms/create/origin.ts';
import { beginning } from '../forms/create/values.ts';
import { openStoriesForm } from '../forms/stories.ts';
import { type Deps as FormDeps, KEPT } from '../forms/submission.ts';
import { call, sentenceOf } from '../function.ts';
import type { StatusCategory } from '../issue.ts';
import type { Answer } from '../issues/answer.ts';
import { listShown } from '../issues/visible.ts';
import { givenUp, type Kind, type Ledger } from '../ledger/index.ts';
import { answersMessage } from '../messages/blocks.ts';
import { listMessage, PAGE, untrackManyMessage } from '../messages/list.ts';
import { failureOf, keysIn, notes } from '../runner/receipt.ts';
import { asRun, type WorkflowOutcome } from '../runner/request.ts';
import { type Context, claimed, type Services, unclaimed } from '../services.ts';
import type { SlackClient } from '../slack/client.ts';
import type { Message } from '../slack/message.ts';
import { channelLink } from '../slack/permalink.ts';
import { escapeText } from '../slack/text.ts';
import { within } from '../within.ts';

/** Slack: a command is answered within 3,000 ms. What takes longer is answered through its response_url. */
const ANSWER_WITHIN_MS = 2_300;
/** What people call the parts of a list. */
const CATEGORIES: ReadonlyMap<string, { category: StatusCategory | undefined }> = new Map([
  ['all', { category: undefined }],
  ['to do', { category: 'new' as const }],
  ['in progress', { category: 'indeterminate' as const }],
  ['done', { category: 'done' as const }],
]);

type Deps = { tenant: string; slack: SlackClient; services: Services; ledger: Ledger };

type Command = { command: string; text: string; channel: string; user: string };
/** A command whose answer could not wait for Jira, and where to send it. */
type LateCommand = Command & { responseUrl: string; operation: string };

/** The kind of the ledger's runs that are late commands. */
export const COMMAND = 'command';
/** What is left of Slack's three seconds for the database. */
const STORE_WITHIN_MS = 400;

const LATE = 'Jira is slow today. The answer comes here in a moment.';
const UNSTORED = "Maro's database is not answering. If nothing comes here within a minute, type it again.";

/** The slash command, under whatever name the app's manifest gives it. Its answers are private. */
export function registerCommands(app: App, deps: FormDeps): void {
  const { tenant, services } = deps;
  app.command(/./, async ({ command: slash, ack }) => {
    const opened = openingOf(slash.text ?? '');
    if (opened !== undefined) {
      await ack();
      const origin = { request: randomUUID(), user: slash.user_id, channel: slash.channel_id };
      return opened(slash.trigger_id, origin, deps);
    }
    const context = unclaimed({ tenant, door: 'command', operation: randomUUID(), services });
    const command = {
      command: slash.command,
      text: slash.text ?? '',
      channel: slash.channel_id,
      user: slash.user_id,
    };
    const answer = answerTo(command, context, deps);
    const inTime = await within(ANSWER_WITHIN_MS, answer);
    if (inTime !== undefined) return ack(privately(inTime));
    const late = { ...command, responseUrl: slash.response_url, operation: context.operation };
    await answerLate(late, answer, (text) => ack(privately({ text })), deps);
  });
}

/** Answers a command through its response_url. Should this process die, another carries the command out and answers. */
async function answerLate(
  late: LateCommand,
  answer: Promise<Message>,
  ack: (text: string) => Promise<void>,
  { slack, ledger }: Deps,
): Promise<void> {
  const run = { id: `${late.operation} command`, kind: COMMAND, door: 'command', inputs: late };
  const accepting = ledger.accept(run).catch(() => undefined);
  await ack((await within(STORE_WITHIN_MS, accepting)) === undefined ? UNSTORED : LATE);
  const acceptance = await accepting;
  if (acceptance?.state === 'ours') return ledger.bringToEnd(acceptance.run, answer.then(asFinish));
  await tell(late, await answer, slack);
}

function asFinish(message: Message) {
  return { outcome: { message }, failed: false, told: false };
}

/** How the ledger carries out late commands, which does no harm if it was done already, and answers them. */
export function commandKind(deps: Deps): Kind {
  const { tenant, slack, services } = deps;
  return {
    keeps: false,
    async run(run, lease) {
      const late = run.inputs as LateCommand;
      const context: Context = { tenant, door: 'command', operation: late.operation, ...claimed(run, lease), services };
      return asFinish(await answerTo(late, context, deps));
    },
    giveUp: () => ({ message: { text: givenUp('Check before you type it again') } }),
    tell: ({ inputs }, { message }) => tell(inputs as LateCommand, message as Message, slack),
  };
}

/** By the response_url while that lives, else in a direct message. @returns false when neither is taken. */
async function tell({ responseUrl, user }: LateCommand, message: Message, slack: SlackClient): Promise<boolean> {
  if (await slack.respond(responseUrl, { ...privately(message), replace_original: false })) return true;
  return slack.postMessage({ channel: user }, message).then(
    () => true,
    () => false,
  );
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
  { channel, user }: Command,
  context: Context,
  { slack, ledger }: Deps,
): Promise<Message> {
  if (key === '') return { text: 'Nothing was linked, since no issue key was given.' };
  const inputs = {
    issue_key: key,
    message_link: channelLink(slack.workspaceUrl(), channel),
    channel_id: channel,
    user_id: user,
  };
  const run = asRun({ id: context.operation, workflow: 'link_and_track', inputs, door: 'command' });
  try {
    const acceptance = await ledger.accept(run);
    if (acceptance.state === 'finished') return linked(acceptance.outcome as WorkflowOutcome);
    const performed = acceptance.state === 'ours' ? await ledger.perform(acceptance.run) : undefined;
    if (acceptance.state !== 'ours' || performed === undefined) return { text: 'This is on its way already.' };
    const answer = linked(performed.outcome as WorkflowOutcome);
    // Another process carries it out again, so what is told now may not be the end.
    if (performed.kept) return { text: `${answer.text} ${KEPT}` };
    await ledger.markTold(acceptance.run);
    return answer;
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'link', context)) };
  }
}

function linked(ran: WorkflowOutcome): Message {
  const failure = failureOf(ran);
  if (failure !== undefined) return { text: escapeText(failure) };
  return { text: escapeText([`${keysIn(ran).join(', ')} is linked to this channel.`, ...notes(ran)].join(' ')) };
}

function privately(message: Message) {
  return { response_type: 'ephemeral' as const, ...message };
}

async function answerTo(typed: Command, context: Context, deps: Deps): Promise<Message> {
  const { command, text, channel, user } = typed;
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
      return link(rest, typed, context, deps);
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
