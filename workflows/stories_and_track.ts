import { CreateStories } from '../functions/create_stories.ts';
import { PostTicket } from '../functions/post_ticket.ts';
import { Track } from '../functions/track.ts';
import { DefineWorkflow, Schema } from '../src/sdk.ts';

export const StoriesAndTrack = DefineWorkflow({
  callback_id: 'stories_and_track',
  title: 'Create and track Jira stories',
  description: 'Create stories and their epic, track them in a channel, and post them there.',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The project’s key, such as PLAT.' },
      stories: { type: Schema.types.string, title: 'Stories', description: 'One summary per line. Up to 50.' },
      epic_summary: { type: Schema.types.string, title: 'New epic', description: 'The summary of an epic to create.' },
      epic_key: { type: Schema.types.string, title: 'Existing epic', description: 'The key of an existing epic.' },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel to track the issues in.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked for the stories. Becomes their reporter if possible.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message the request comes from.',
      },
      thread_ts: { type: Schema.types.string, title: 'Thread', description: 'The thread to post the stories in.' },
    },
    required: ['project', 'stories', 'channel_id'],
  },
});

const { project, stories, epic_summary, epic_key, channel_id, user_id, message_link, thread_ts } =
  StoriesAndTrack.inputs;

const { outputs: made } = StoriesAndTrack.addStep(CreateStories.declaration, {
  project,
  stories,
  epic_summary,
  epic_key,
  channel_id,
  user_id,
  message_link,
});
const issue_keys = `${made.epic_key} ${made.issue_keys}`;
const { outputs: tracked } = StoriesAndTrack.addStep(Track.declaration, {
  channel_id,
  issue_keys,
  user_id,
  message_link,
  continue_on_error: true,
});
StoriesAndTrack.addStep(PostTicket.declaration, {
  channel_id,
  issue_keys,
  thread_ts,
  user_id,
  headline: `created ${made.made}`,
  note: `${made.skipped}\n${tracked.error}${tracked.skipped}`,
  continue_on_error: true,
});
