import { createHash } from 'node:crypto';
import { DefineFunction, Schema } from '@slack/deno-slack-sdk';
import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { inWords, MOST_KEYS, resolve, unreadAnswer } from '../src/issues/answer.ts';
import { isLink } from '../src/jira/description.ts';
import { NOT_FOUND } from '../src/jira/reading.ts';
import { browseUrl, parseKeys } from '../src/key.ts';
import type { Context } from '../src/services.ts';
import { messageLinkOf, parseMessage, permalink } from '../src/slack/permalink.ts';
import { harmless, truncate } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'link_ticket',
  title: 'Link a message to a Jira issue',
  description: 'Add a link to a Slack message to an issue in Jira.',
  source_file: 'functions/link_ticket.ts',
  input_parameters: {
    properties: {
      issue_key: {
        type: Schema.types.string,
        title: 'Issue',
        description: 'A key such as PLAT-12, or a link to the issue.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message, or its timestamp if you fill in Channel.',
      },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel of the message.',
      },
      user_id: { type: Schema.slack.types.user_id, title: 'Requested by', description: 'The person who asks for it.' },
      continue_on_error: {
        type: Schema.types.boolean,
        title: 'Continue if this step fails',
        description: 'The workflow goes on, and Error says what went wrong.',
        default: false,
      },
    },
    required: ['issue_key', 'message_link'],
  },
  output_parameters: {
    properties: {
      linked: { type: Schema.types.boolean, title: 'Linked', description: 'True if the issue links to the message.' },
      issue_key: {
        type: Schema.types.string,
        title: 'Issue key',
        description: 'The key of the issue, such as PLAT-12.',
      },
      issue_url: { type: Schema.types.string, title: 'Issue link', description: 'A link to the issue.' },
      summary: { type: Schema.types.string, title: 'Summary', description: 'The summary of the issue.' },
      place: { type: Schema.types.string, title: 'Linked to', description: '“this message” or “this channel”.' },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why nothing was linked. Empty if the step succeeded.',
      },
    },
    required: ['linked'],
  },
});

export const LinkTicket = slackFunction(declaration, linkTicket);

/** Links an issue to a message. Linking the same message again does not add a second link. */
async function linkTicket(
  { issue_key, message_link, channel_id }: Inputs<typeof declaration>,
  { tenant, services: { jira, slack } }: Context,
): Promise<Result<typeof declaration, undefined>> {
  const place = { workspaceUrl: slack.workspaceUrl(), channel: channel_id };
  const url = messageLinkOf(message_link, place);
  if (!isLink(url)) {
    const given = harmless(truncate(message_link, LONGEST_NAME));
    return nothing(
      'linked',
      parseMessage(message_link) === undefined
        ? `${given} is no link to a message.`
        : `${given} names a message, but not the channel that it is in. Fill in Channel as well.`,
    );
  }
  const typed = parseKeys(issue_key);
  if (typed.length > MOST_KEYS) return nothing('linked', onlyOne(typed.length));
  const resolved = await resolve(typed, jira);
  const [key] = resolved;
  if (key === undefined) return nothing('linked', 'No issue key was given.');
  if (resolved.length > 1) return nothing('linked', onlyOne(resolved.length));
  if (typeof key !== 'string') return nothing('linked', inWords([key]));

  const reading = (await jira.read([key])).get(key) ?? NOT_FOUND;
  if (reading.state === 'trouble') return nothing('linked', reading.trouble.message);
  if (reading.state !== 'shown') return nothing('linked', inWords([unreadAnswer(key, reading)]));
  const { issue } = reading;
  const linked = await jira.link(issue.key, {
    globalId: globalIdOf(tenant, identityOf(url, place)),
    url,
    title: 'Message in Slack',
  });
  switch (linked.state) {
    case 'linked':
      break;
    case 'trouble':
      return linked.trouble.undone ? nothing('linked', linked.trouble.message) : { error: DOUBTFUL, detail: undefined };
    case 'refused':
      return nothing('linked', harmless(linked.reason));
    default:
      return nothing('linked', inWords([unreadAnswer(issue.key, linked)]));
  }
  return {
    outputs: {
      linked: true,
      issue_key: issue.key,
      issue_url: browseUrl(issue.site, issue.key),
      summary: harmless(issue.summary),
      place: parseMessage(url)?.ts === undefined ? 'this channel' : 'this message',
      error: '',
    },
    detail: undefined,
  };
}

const LONGEST_NAME = 80;
const DOUBTFUL =
  'Jira did not say whether the link was made, so it may or may not be there. Try again in a minute: the same message is linked once.';

function onlyOne(count: number): string {
  return `One issue is linked at a time, and these are ${count}.`;
}

/** One address for all links to a message: some name its thread, and an organization's message has several workspaces' addresses. */
function identityOf(url: string, { workspaceUrl }: { workspaceUrl: string }): string {
  const { channel, ts } = parseMessage(url) ?? {};
  return channel === undefined || ts === undefined ? url : permalink(workspaceUrl, channel, ts);
}

/** The globalId of a link, unique on an issue. It is a hash, since Jira allows 255 characters and a permalink may be longer. */
function globalIdOf(tenant: string, identity: string): string {
  return `maro:${createHash('sha256').update(`${tenant} ${identity}`).digest('hex')}`;
}
