import type { InputBlock, PlainTextOption } from '@slack/types';
import type { AdfNode } from '../../jira/adf.ts';
import { adfOf } from '../../messages/adf.ts';
import { richTextIn, summaryIn } from '../../messages/content.ts';
import { MOST_OPTIONS, optionOf } from '../../messages/options.ts';
import { mentionedIn, type RichTextBlock, wordsIn } from '../../messages/rich-text.ts';
import type { SlackClient } from '../../slack/client.ts';
import type { Names } from '../../slack/markup.ts';
import type { Thread, ThreadMessage } from '../../slack/thread.ts';
import { SlackTrouble } from '../../slack/trouble.ts';
import { within } from '../../within.ts';
import { NO_CHOICE } from './control.ts';
import type { Origin } from './origin.ts';
import { stateOf, type Values } from './values.ts';

/** The action_id of the menu of a thread's messages, which asks Maro for its options. */
export const MESSAGES_MENU = 'create:messages';
/** Slack requires options within three seconds. The rest is for the names of the authors. */
const OPTIONS_WITHIN_MS = 1_500;
const NAMES_WITHIN_MS = 700;

/** The parts of a thread that a person asked for: `all`, the messages with these `ts`, or nothing. */
export type Asked = 'all' | 'nothing' | readonly string[];

/** What the form asks for of the thread. Chosen messages count without the box as well. */
export function askedOf(values: Values): Asked {
  const { selected_options = [] } = stateOf(values, 'messages');
  const chosen = selected_options.flatMap(({ value }) => (value === undefined || value === NO_CHOICE ? [] : [value]));
  if (chosen.length > 0) return chosen;
  return (stateOf(values, 'thread').selected_options ?? []).length > 0 ? 'all' : 'nothing';
}

/** The box that adds the thread, and the menu of its messages, which leaves out the others. */
export function threadInputs(values: Values): InputBlock[] {
  const option = optionOf('thread', 'Add the thread');
  const { selected_options: ticked = [] } = stateOf(values, 'thread');
  const { selected_options: chosen = [] } = stateOf(values, 'messages');
  return [
    {
      type: 'input',
      block_id: 'thread',
      label: { type: 'plain_text', text: 'Thread' },
      optional: true,
      element: {
        type: 'checkboxes',
        action_id: 'thread',
        options: [option],
        ...(ticked.length === 0 ? {} : { initial_options: [option] }),
      },
    },
    {
      type: 'input',
      block_id: 'messages',
      label: { type: 'plain_text', text: 'Only these messages from the thread' },
      optional: true,
      element: {
        type: 'multi_external_select',
        action_id: MESSAGES_MENU,
        min_query_length: 0,
        placeholder: { type: 'plain_text', text: 'All messages' },
        ...(chosen.length === 0 ? {} : { initial_options: chosen }),
      },
    },
  ];
}

/** The menu's options: the messages whose author or words contain the query, the newest last. It says what Slack does not show. */
export async function messageOptions(origin: Origin, query: string, slack: SlackClient): Promise<PlainTextOption[]> {
  const thread = await threadOf(origin, OPTIONS_WITHIN_MS, slack);
  if (thread instanceof SlackTrouble) return [optionOf(NO_CHOICE, thread.what)];
  const names = await namesOf(thread.messages, NAMES_WITHIN_MS, slack);
  const wanted = query.trim().toLowerCase();
  const options = thread.messages
    .map((message) => ({ ts: message.ts, label: `${authorOf(message, names)}: ${summaryIn(message, names)}` }))
    .filter(({ label }) => label.toLowerCase().includes(wanted))
    .map(({ ts, label }) => optionOf(ts, label));
  const { missing } = thread;
  const more = missing === 0 ? [] : [optionOf(NO_CHOICE, `${moreOf(missing)}: Slack isn’t showing them yet`)];
  return [...options.slice(0, MOST_OPTIONS - more.length), ...more];
}

/** Reads what is asked for of the thread. `missing` counts only what is asked for. */
export async function askedMessages(
  origin: Origin,
  asked: Asked,
  ms: number,
  slack: SlackClient,
): Promise<Thread | SlackTrouble> {
  if (asked === 'nothing') return { messages: [], missing: 0 };
  const thread = await threadOf(origin, ms, slack);
  if (thread instanceof SlackTrouble || asked === 'all') return thread;
  const messages = thread.messages.filter(({ ts }) => asked.includes(ts));
  return { messages, missing: asked.length - messages.length };
}

/**
 * Messages as a document: each below the name of its author. At the end, it says how many are missing. The message that the
 * form was opened from is left out if its words are still in `description`, which begins with them.
 */
export async function threadContent(
  { messages, missing }: Thread,
  { messageTs }: Origin,
  description: RichTextBlock | undefined,
  ms: number,
  slack: SlackClient,
): Promise<AdfNode[]> {
  const names = await namesOf(messages, ms, slack);
  const content = messages.flatMap((message): AdfNode[] => {
    const text = richTextIn(message);
    if (text === undefined || (message.ts === messageTs && isIn(description, text, names))) return [];
    const name = { type: 'text', text: `${authorOf(message, names)}:`, marks: [{ type: 'strong' }] };
    return [{ type: 'paragraph', content: [name] }, ...adfOf(text, names).content];
  });
  if (missing === 0) return content;
  const rest = `${moreOf(missing)} from the thread ${missing === 1 ? 'is' : 'are'} in Slack.`;
  return [...content, { type: 'paragraph', content: [{ type: 'text', text: rest }] }];
}

/** Whether a description has all words of a text in their order, however they are formatted. */
function isIn(description: RichTextBlock | undefined, text: RichTextBlock, names: Names): boolean {
  const line = (block: RichTextBlock) => wordsIn(block, names).replace(/\s+/g, ' ').trim();
  return description !== undefined && line(description).includes(line(text));
}

/** What the form says before it creates a ticket without the messages that Slack does not show. */
export function missingSentence({ messages: { length }, missing }: Thread): string {
  const shown = length === 1 ? '1 message' : `${length.toLocaleString('en')} messages`;
  const what = `Slack gave Maro ${shown} from this thread so far. ${missing.toLocaleString('en')} more ${missing === 1 ? 'is' : 'are'} missing.`;
  return `${what} Nothing was created. Press Create again to continue without them, or wait a minute to get more.`;
}

function moreOf(count: number): string {
  return count === 1 ? '1 more message' : `${count.toLocaleString('en')} more messages`;
}

async function threadOf({ channel, threadTs }: Origin, ms: number, slack: SlackClient): Promise<Thread | SlackTrouble> {
  if (channel === undefined || threadTs === undefined) return { messages: [], missing: 0 };
  try {
    const { messages, missing } = await slack.thread(channel, threadTs, ms);
    // Of a deleted message that has replies, a tombstone stays.
    return { messages: messages.filter(({ subtype }) => subtype !== 'tombstone'), missing };
  } catch (error) {
    if (error instanceof SlackTrouble) return error;
    throw error;
  }
}

async function namesOf(messages: readonly ThreadMessage[], ms: number, slack: SlackClient): Promise<Names> {
  const authors = messages.flatMap((message) => (appNameOf(message) === undefined ? (message.user ?? []) : []));
  const mentioned = messages.map(richTextIn).flatMap((text) => (text === undefined ? [] : mentionedIn(text)));
  const users = [...new Set([...authors, ...mentioned])];
  return (users.length === 0 ? undefined : await within(ms, slack.names(users))) ?? new Map();
}

function authorOf(message: ThreadMessage, names: Names): string {
  const { user } = message;
  return appNameOf(message) ?? (user === undefined ? 'An app' : (names.get(user) ?? user));
}

function appNameOf({ username, bot_profile }: ThreadMessage): string | undefined {
  return username || bot_profile?.name || undefined;
}
