import { closestMatch } from 'leven';
import { functions } from '../../functions/index.ts';
import { WILL_RUN_AGAIN } from '../forms/submission.ts';
import { call, sentenceOf } from '../function.ts';
import type { Issue, StatusCategory } from '../issue.ts';
import { type Answer, inWords, MOST_KEYS, resolve, tooMany, unreadAnswer } from '../issues/answer.ts';
import { untrackedOf } from '../issues/untracked.ts';
import { listShown } from '../issues/visible.ts';
import { NOT_FOUND } from '../jira/reading.ts';
import { parseKeys } from '../key.ts';
import { answersMessage, button } from '../messages/blocks.ts';
import { encodeView, listMessage, PAGE } from '../messages/list.ts';
import { ticketMessage } from '../messages/ticket.ts';
import { untrackManyMessage } from '../messages/untrack.ts';
import { type ModalView, sentenceView, words } from '../messages/views.ts';
import { failureOf, keysIn, notes } from '../runner/receipt.ts';
import { asRun } from '../runner/request.ts';
import type { WorkflowOutcome } from '../runner/run.ts';
import type { Context, Deps } from '../services.ts';
import type { SlackClient } from '../slack/client.ts';
import { type Names, unnamedIn, withLinks } from '../slack/markup.ts';
import type { Message } from '../slack/message.ts';
import { channelLink } from '../slack/permalink.ts';
import { escapeText, truncate } from '../slack/text.ts';
import { unescaped } from '../unescaped.ts';

/** The words that people type for each part of a list, with the status category of that part. */
const CATEGORIES: ReadonlyMap<string, { category: StatusCategory | undefined }> = new Map([
  ['all', { category: undefined }],
  ['to do', { category: 'new' as const }],
  ['in progress', { category: 'indeterminate' as const }],
  ['done', { category: 'done' as const }],
]);

/** The slash command where Slack does not say by which name an installation has it. */
export const COMMAND_NAME = '/maro';
/** The first words of the commands, among which a misspelled one is looked for. */
export const COMMANDS = ['track', 'untrack', 'tracked', 'list', 'create', 'stories', 'link', 'help'];
/** The most characters of an unknown command that are repeated. */
const LONGEST_VERB = 40;

/** A slash command: its name, the text after the name as Slack delivers it, the channel, and the person. */
export type Command = { command: string; text: string; channel: string; user: string };

/** The message that answers a command. `posted`: the card that the channel got is the answer. */
export type CommandAnswer = Message | 'posted';

/** Carries out a command and returns the answer to it. */
export async function answerTo(typed: Command, context: Context, deps: Deps): Promise<CommandAnswer> {
  const { command, channel, user } = typed;
  const text = withLinks(typed.text, await namesIn(typed.text, deps.slack));
  const { verb, rest } = parseCommand(text);
  const keys = { channel_id: channel, issue_keys: rest, user_id: user, continue_on_error: false };
  const category = CATEGORIES.get(rest.toLowerCase().replace(/[\s_-]+/g, ' '));
  switch (verb) {
    case 'track':
      return answers(await call(functions.track, { ...keys, message_link: undefined }, context));
    case 'untrack':
      if (category !== undefined) return askUntrackMany(channel, category, context);
      return answers(await call(functions.untrack, keys, context), context.operation);
    case 'link':
      return link(rest, typed, context, deps);
    case 'tracked':
    case 'list':
      if (rest === '') return tracked(channel, undefined, context);
      return category === undefined ? helpMessage(command) : tracked(channel, category.category, context);
    case '':
      return withButtons(helpMessage(command));
    case 'help':
      return helpMessage(command);
    default:
      return parseKeys(verb).some(({ key }) => key !== undefined)
        ? issuesMessage(text, channel, context)
        : unknown(unescaped(verb), command);
  }
}

/** Splits a command's text into its first word, in lower case, and the rest. */
export function parseCommand(text: string): { verb: string; rest: string } {
  const words = text.trim();
  const space = words.search(/\s/);
  const end = space === -1 ? words.length : space;
  return { verb: words.slice(0, end).toLowerCase(), rest: words.slice(end).trimStart() };
}

/** The names of the people and channels that the text of a command mentions by their ids alone. */
export function namesIn(text: string, slack: SlackClient): Promise<Names> {
  return slack.names(unnamedIn(text));
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

/** Links an issue to the channel and tracks it. The card in the channel is the answer, unless Slack or the database refused something. */
async function link(
  key: string,
  { channel, user }: Command,
  context: Context,
  { slack, ledger }: Deps,
): Promise<CommandAnswer> {
  if (key === '') return { text: 'Nothing was linked. Add an issue key, such as PLAT-12.' };
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
    const outcome = performed.outcome as WorkflowOutcome;
    const answer = linked(outcome);
    // The outcome could not be stored, so the workflow will run again and may end differently.
    if (performed.isUnstored) {
      const failure = failureOf(outcome);
      return failure === undefined ? answer : { text: `${escapeText(failure)} ${WILL_RUN_AGAIN}` };
    }
    await ledger.markTold(acceptance.run);
    return answer;
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'link', context)) };
  }
}

function linked(ran: WorkflowOutcome): CommandAnswer {
  const failure = failureOf(ran);
  if (failure !== undefined) return { text: escapeText(failure) };
  if (notes(ran).length === 0) return 'posted';
  return { text: escapeText([`${keysIn(ran).join(', ')} is linked to this channel.`, ...notes(ran)].join(' ')) };
}

/** Shows issues that the person named, and offers to track those that the channel does not track. */
export async function issuesMessage(text: string, channel: string, context: Context): Promise<Message> {
  const typed = parseKeys(text);
  if (typed.length > MOST_KEYS) return { text: tooMany(typed.length) };
  const { jira } = context.services;
  const resolved = await resolve(typed, jira);
  const readings = await jira.read(resolved.filter((item) => typeof item === 'string'));
  const shown = new Map<string, Issue>();
  const others: Answer[] = [];
  for (const item of resolved) {
    if (typeof item !== 'string') {
      others.push(item);
      continue;
    }
    const reading = readings.get(item) ?? NOT_FOUND;
    if (reading.state === 'shown') shown.set(reading.issue.id, reading.issue);
    else others.push(unreadAnswer(item, reading));
  }
  if (shown.size === 0) return answersMessage(others);
  const keys = [...shown.values()].map(({ key }) => key);
  const untracked = await untrackedOf(keys, channel, context);
  return ticketMessage([...shown.values()], { note: inWords(others), untracked, track: 'Track' });
}

/** The answer to a command that Maro does not have. */
function unknown(verb: string, command: string): Message {
  const near = closestMatch(verb, COMMANDS, { maxDistance: 2 });
  const guess = near === undefined ? '' : ` Did you mean \`${command} ${near}\`?`;
  return {
    text: `Maro has no command “${escapeText(truncate(verb, LONGEST_VERB))}”.${guess} \`${command} help\` shows all of them.`,
  };
}

async function tracked(channel: string, category: StatusCategory | undefined, context: Context): Promise<Message> {
  const { tenant, services } = context;
  try {
    const list = await listShown({ tenant, channel, category, limit: PAGE, offset: 0 }, services);
    return listMessage(list, { category, offset: 0 });
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'tracked', context)) };
  }
}

/** Asks for confirmation and says how many issues there are, so that nobody untracks many issues by mistake. */
async function askUntrackMany(
  channel: string,
  { category }: { category: StatusCategory | undefined },
  context: Context,
): Promise<Message> {
  const { tenant, services } = context;
  try {
    const { counts } = await services.tracker.list({ tenant, channel, category, limit: 0, offset: 0 });
    return untrackManyMessage(counts, category);
  } catch (error) {
    return { text: escapeText(sentenceOf(error, 'untrack', context)) };
  }
}

/** A message with buttons for what people do most, above its text. */
function withButtons({ text }: Message): Message {
  const elements = [
    button('list:newer', 'Show the list', encodeView({ category: undefined, offset: 0 })),
    button('open:track', 'Track issues', 'track'),
    button('open:create', 'Create an issue', 'create'),
  ];
  return { text, blocks: [{ type: 'actions', elements }, words(text)] };
}

/** The same as `helpMessage`, as a view. */
export function helpView(command: string): ModalView {
  return sentenceView('How to use Maro', helpMessage(command).text);
}

/** Says what people can do with the command. */
export function helpMessage(command: string): Message {
  return {
    text: [
      'Maro tracks the Jira issues this channel cares about.',
      `• \`${command} track PLAT-1 PLAT-2\` – Track up to 100 issues, by key or link.`,
      `• \`${command} tracked\` – Show the list. Add \`to do\`, \`in progress\`, or \`done\` to show part of it.`,
      `• \`${command} untrack PLAT-1\` – Stop tracking an issue. Add \`done\` or \`all\` to clear many.`,
      `• \`${command} PLAT-1\` – Show an issue.`,
      `• \`${command} create\` – Create an issue. \`${command} stories\` creates many, in an epic.`,
      `• \`${command} link PLAT-1\` – Link an issue to this channel and track it.`,
      '• In a message’s menu – Track the issues it mentions, create an issue from it, or link one to it.',
      'Only you see the list until you share it.',
    ].join('\n'),
  };
}
