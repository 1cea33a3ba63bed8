import { CreateStories, createStories } from './create_stories.ts';
import { CreateTicket, createTicket } from './create_ticket.ts';
import { LinkTicket, linkTicket } from './link_ticket.ts';
import { List, list } from './list.ts';
import { PostTicket, postTicket } from './post_ticket.ts';
import { Track, track } from './track.ts';
import { Untrack, untrack } from './untrack.ts';

/** What Maro can do, by callback_id: each is a step in Workflow Builder, and every other door uses the same ones. */
export const functions = {
  track: { definition: Track.definition, handler: track },
  untrack: { definition: Untrack.definition, handler: untrack },
  list: { definition: List.definition, handler: list },
  create_ticket: { definition: CreateTicket.definition, handler: createTicket },
  link_ticket: { definition: LinkTicket.definition, handler: linkTicket },
  create_stories: { definition: CreateStories.definition, handler: createStories },
  post_ticket: { definition: PostTicket.definition, handler: postTicket },
};

/** What Slack is told of them, for manifest.json. */
export const definitions = [Track, Untrack, List, CreateTicket, LinkTicket, CreateStories, PostTicket];
