import { defined } from '../src/defined.ts';
import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { type Answer, inWords, MOST_KEYS, resolve, tooMany, unreadAnswer } from '../src/issues/answer.ts';
import { untrackedOf } from '../src/issues/untracked.ts';
import { NOT_FOUND } from '../src/jira/reading.ts';
import type { JiraTrouble } from '../src/jira/trouble.ts';
import { browseUrl, type IssueKey, parseKeys } from '../src/key.ts';
import { linesOf } from '../src/messages/lines.ts';
import { richTextInput } from '../src/messages/rich-text-input.ts';
import { readerOf } from '../src/messages/step-text.ts';
import { type Ticket, ticketMessage } from '../src/messages/ticket.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { postOnce } from '../src/posting.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { parseMessage } from '../src/slack/permalink.ts';
import { harmless, truncate } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'post_ticket',
  title: 'Post Jira issues',
  description: 'Post Jira issues to a channel or thread.',
  source_file: 'functions/post_ticket.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to post in. Invite Maro there first.',
      },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issues',
        description: 'Keys such as PLAT-12 or links to issues, separated by spaces or commas. Up to 100.',
      },
      thread_ts: {
        type: Schema.types.string,
        title: 'Thread',
        description: 'The message to reply to, as a link or a timestamp.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person to name. Adds a button that untracks the issues.',
      },
      headline: {
        type: Schema.types.string,
        title: 'What happened',
        description: 'Text to show after the person’s name, such as “created PLAT-12”.',
      },
      note: {
        type: Schema.types.string,
        title: 'Note',
        description: 'Text to show below the issues.',
      },
      formatted_note: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted note',
        description: 'Text with lists and links, shown below Note as plain text.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id', 'issue_keys'],
  },
  output_parameters: {
    properties: {
      posted: { type: Schema.types.boolean, title: 'Posted', description: 'True if the message was posted.' },
      message_link: { type: Schema.types.string, title: 'Message link', description: 'A link to the message.' },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why nothing was posted. Empty if the step succeeded.',
      },
    },
    required: ['posted'],
  },
});

export const PostTicket = slackFunction(declaration, postTicket);

/**
 * Posts to a channel the issues that Jira shows. An issue that cannot be read at the moment is posted as its key.
 * If there is a note, the message also says which issues the channel does not track, and offers to try again.
 */
async function postTicket(
  { channel_id, issue_keys, thread_ts, user_id, headline = '', note = '', formatted_note }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const { jira } = context.services;
  const thread = thread_ts === undefined ? undefined : parseMessage(thread_ts);
  if (thread_ts !== undefined && thread === undefined) {
    return nothing('posted', `“${harmless(truncate(thread_ts, 80))}” isn’t a message link or timestamp.`);
  }
  if (thread?.channel !== undefined && thread.channel !== channel_id) {
    return nothing('posted', '“Thread” is a message in another channel. Choose that channel, or another message.');
  }
  const typed = parseKeys(issue_keys);
  if (typed.length > MOST_KEYS) return { error: tooMany(typed.length), detail: undefined };
  const resolved = await resolve(typed, jira);
  const keys = resolved.filter((item) => typeof item === 'string');
  const readings = await jira.read(keys);
  const site = await jira.site().catch(() => undefined);

  const tickets = new Map<string, Ticket>();
  const missing: Answer[] = resolved.filter((item) => typeof item !== 'string');
  for (const key of keys) {
    const reading = readings.get(key) ?? NOT_FOUND;
    if (reading.state === 'shown') tickets.set(reading.issue.id, reading.issue);
    else if (reading.state === 'trouble') tickets.set(key, unreadTicket(key, reading.trouble, site));
    else missing.push(unreadAnswer(key, reading));
  }
  if (tickets.size === 0) return nothing('posted', inWords(missing) || 'Add an issue key, such as PLAT-12.');

  const formatted = richTextInput(formatted_note);
  const read = await readerOf([headline, note], formatted, context);
  const lines = formatted === undefined ? [] : linesOf(read.document(formatted), '• ');
  const said = [read.plain(note), ...lines].join('\n').trim();
  const notes = [said, inWords(missing)].filter((words) => words !== '');
  const posted = [...tickets.values()];
  const postedKeys = posted.map(({ key }) => key);
  const untracked = said === '' ? undefined : await untrackedOf(postedKeys, channel_id, context);
  const shown = {
    note: notes.join(' '),
    ...defined({ untracked }),
    askedBy: user_id,
    headline: truncate(read.plain(headline).trim(), LONGEST_HEADLINE),
  };
  const message = ticketMessage(posted, shown);
  const { link } = await postOnce({ channel: channel_id, threadTs: thread?.threadTs ?? thread?.ts }, message, context);
  return { outputs: { posted: true, message_link: link, error: '' }, detail: undefined };
}

/** Cuts a headline that somebody has filled with a text. */
const LONGEST_HEADLINE = 200;

function unreadTicket(key: IssueKey, { message }: JiraTrouble, site: string | undefined): Ticket {
  const url = site === undefined ? undefined : browseUrl(site, key);
  return { key, url, unread: `couldn’t be read just now: ${message}` };
}
