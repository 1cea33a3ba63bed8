import { CreateTicket } from '../functions/create_ticket.ts';
import { PostTicket } from '../functions/post_ticket.ts';
import { Track } from '../functions/track.ts';
import { DefineWorkflow, Schema } from '../src/sdk.ts';

export const CreateAndTrack = DefineWorkflow({
  callback_id: 'create_and_track',
  title: 'Create and track a Jira issue',
  description: 'Create an issue, track it in a channel, and post it there.',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The project’s key, such as PLAT.' },
      summary: { type: Schema.types.string, title: 'Summary', description: 'One line. Up to 255 characters.' },
      issue_type: { type: Schema.types.string, title: 'Issue type', description: 'The type’s name, such as Bug.' },
      description: { type: Schema.types.string, title: 'Description', description: 'Plain text.' },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to track the issue in.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked for the issue. Becomes its reporter if possible.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message the request comes from.',
      },
      fields: {
        type: Schema.types.string,
        title: 'More fields',
        description: 'Other fields the project requires, as JSON with Jira’s field IDs.',
      },
      thread_ts: { type: Schema.types.string, title: 'Thread', description: 'The thread to post the issue in.' },
    },
    required: ['project', 'summary', 'channel_id'],
  },
});

const { project, summary, issue_type, description, channel_id, user_id, message_link, fields, thread_ts } =
  CreateAndTrack.inputs;

const { outputs: ticket } = CreateAndTrack.addStep(CreateTicket.declaration, {
  project,
  summary,
  issue_type,
  description,
  channel_id,
  user_id,
  message_link,
  fields,
});
const { outputs: tracked } = CreateAndTrack.addStep(Track.declaration, {
  channel_id,
  issue_keys: ticket.issue_key,
  user_id,
  message_link,
  continue_on_error: true,
});
// The ticket exists even if it could not be tracked, so it is posted in any case. The note says why it is not tracked.
CreateAndTrack.addStep(PostTicket.declaration, {
  channel_id,
  issue_keys: ticket.issue_key,
  thread_ts,
  user_id,
  headline: `created ${ticket.issue_key}`,
  note: `${ticket.skipped}\n${tracked.error}${tracked.skipped}`,
  continue_on_error: true,
});
