import { createHash } from 'node:crypto';
import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { inWords, unreadAnswer } from '../src/issues/answer.ts';
import { readOne } from '../src/issues/one.ts';
import { isLink } from '../src/jira/description.ts';
import { browseUrl } from '../src/key.ts';
import { CONTINUE_ON_ERROR, ISSUE, SUMMARY } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { messageLinkOf, parseMessage, permalink } from '../src/slack/permalink.ts';
import { harmless, truncate } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'link_ticket',
  title: 'Link a message to a Jira issue',
  description: 'Add a Slack message’s link to a Jira issue.',
  source_file: 'functions/link_ticket.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message, or its timestamp if you fill in Channel.',
      },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel the message is in.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked for the link.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
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
      summary: SUMMARY,
      place: { type: Schema.types.string, title: 'Linked to', description: 'Either “this message” or “this channel”.' },
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
        ? `“${given}” isn’t a link to a message.`
        : `“${given}” doesn’t say which channel the message is in. Fill in Channel, too.`,
    );
  }
  const read = await readOne(issue_key, jira);
  if ('because' in read) return nothing('linked', read.because);
  const { issue } = read;
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
  'Jira didn’t say whether the link was added, so it may or may not be there. Try again in a minute. Maro won’t add it twice.';

/**
 * One address for all links to the same message. Some links also name the thread, and in an organization the same
 * message has an address in each workspace.
 */
function identityOf(url: string, { workspaceUrl }: { workspaceUrl: string }): string {
  const { channel, ts } = parseMessage(url) ?? {};
  return channel === undefined || ts === undefined ? url : permalink(workspaceUrl, channel, ts);
}

/** The globalId of a link, unique on an issue. It is a hash, since Jira allows 255 characters and a permalink may be longer. */
function globalIdOf(tenant: string, identity: string): string {
  return `maro:${createHash('sha256').update(`${tenant} ${identity}`).digest('hex')}`;
}
