import { CreateStories } from './create_stories.ts';
import { CreateTicket } from './create_ticket.ts';
import { LinkTicket } from './link_ticket.ts';
import { List } from './list.ts';
import { PostTicket } from './post_ticket.ts';
import { Track } from './track.ts';
import { Untrack } from './untrack.ts';

/** What Maro can do, by callback_id: each is a step in Workflow Builder, and every other door uses the same ones. */
export const functions = {
  track: Track,
  untrack: Untrack,
  list: List,
  create_ticket: CreateTicket,
  link_ticket: LinkTicket,
  create_stories: CreateStories,
  post_ticket: PostTicket,
};

/** What Slack is told of them, for manifest.json. */
export const definitions = Object.values(functions).map(({ declaration }) => declaration);
