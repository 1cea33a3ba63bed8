import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { subjectOf } from '../src/issues/act.ts';
import { commentOnce } from '../src/issues/comment.ts';
import { browseUrl, commentUrl } from '../src/key.ts';
import { authorOf, commentBody } from '../src/messages/comment.ts';
import { richTextInput } from '../src/messages/rich-text-input.ts';
import { readerOf } from '../src/messages/step-text.ts';
import { CONTINUE_ON_ERROR, ISSUE, ISSUE_KEY, ISSUE_LINK } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { messageLinkOf } from '../src/slack/permalink.ts';
import { harmless } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'comment_issue',
  title: 'Comment on a Jira issue',
  description: 'Add a comment to an issue.',
  source_file: 'functions/comment_issue.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      comment: { type: Schema.types.string, title: 'Comment', description: 'Plain text. Links work.' },
      formatted_comment: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted comment',
        description: 'Text with bold, lists, links, and code. Added after Comment.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person whose name the comment begins with.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message the comment comes from. Added to the comment.',
      },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel of the message, if Message link is only a timestamp.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['issue_key'],
  },
  output_parameters: {
    properties: {
      commented: { type: Schema.types.boolean, title: 'Commented', description: 'True if the comment was added.' },
      issue_key: ISSUE_KEY,
      issue_url: ISSUE_LINK,
      comment_url: { type: Schema.types.string, title: 'Comment link', description: 'A link to the comment in Jira.' },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why no comment was added. Empty if the step succeeded.',
      },
    },
    required: ['commented'],
  },
});

export const CommentIssue = slackFunction(declaration, commentIssue);

/** Adds a comment to an issue, once, with one call to Jira if Maro has stored the issue. */
async function commentIssue(
  {
    issue_key,
    comment: plain = '',
    formatted_comment,
    user_id: user,
    message_link,
    channel_id: channel,
  }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const { jira, slack } = context.services;
  const formatted = richTextInput(formatted_comment);
  const read = await readerOf([plain], formatted, context);
  const link = message_link && messageLinkOf(message_link, { workspaceUrl: slack.workspaceUrl(), channel });
  const name = user && (await authorOf(user, context.services));
  const body = commentBody({ read, plain, formatted, name, link });
  if (body === undefined) return nothing('added', 'Add the text of the comment.');
  const settled = await commentOnce(async () => {
    const subject = await subjectOf(issue_key, context);
    return 'because' in subject ? { refused: subject.because } : { key: subject.key, body };
  }, context);
  if (settled.state === 'refused') return nothing('added', settled.reason);
  if (settled.state === 'unknown') {
    const doubt = 'Jira didn’t answer in time, so the comment may or may not have been added.';
    const advice = 'Look at the issue before you repeat it.';
    return { error: [doubt, harmless(settled.reason), advice].join(' '), detail: undefined };
  }
  const { id, key } = settled;
  // The comment is there, also if Jira does not say now where people see it.
  const site = await jira.site().catch(() => undefined);
  const urls =
    site === undefined
      ? { issue_url: '', comment_url: '' }
      : { issue_url: browseUrl(site, key), comment_url: commentUrl(site, key, id) };
  return { outputs: { commented: true, issue_key: key, ...urls, error: '' }, detail: undefined };
}
