import { LinkTicket } from '../functions/link_ticket.ts';
import { PostTicket } from '../functions/post_ticket.ts';
import { Track } from '../functions/track.ts';
import { DefineWorkflow, Schema } from '../src/sdk.ts';

export const LinkAndTrack = DefineWorkflow({
  callback_id: 'link_and_track',
  title: 'Link and track a Jira issue',
  description: 'Link an issue to a message, track it in the channel, and post it there.',
  input_parameters: {
    properties: {
      issue_key: {
        type: Schema.types.string,
        title: 'Issue',
        description: 'A key such as PLAT-12, or a link to the issue.',
      },
      message_link: { type: Schema.types.string, title: 'Message link', description: 'A link to the message.' },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to track the issue in.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked for the link.',
      },
      thread_ts: { type: Schema.types.string, title: 'Thread', description: 'The thread to post the issue in.' },
    },
    required: ['issue_key', 'message_link', 'channel_id'],
  },
});

const { issue_key, message_link, channel_id, user_id, thread_ts } = LinkAndTrack.inputs;

const { outputs: ticket } = LinkAndTrack.addStep(LinkTicket.declaration, {
  issue_key,
  message_link,
  channel_id,
  user_id,
});
const { outputs: tracked } = LinkAndTrack.addStep(Track.declaration, {
  channel_id,
  issue_keys: ticket.issue_key,
  user_id,
  message_link,
  continue_on_error: true,
});
LinkAndTrack.addStep(PostTicket.declaration, {
  channel_id,
  issue_keys: ticket.issue_key,
  thread_ts,
  user_id,
  headline: `linked ${ticket.issue_key} to ${ticket.place}`,
  note: `${tracked.error}${tracked.skipped}`,
  continue_on_error: true,
});
