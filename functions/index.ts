import { CreateStories } from './create_stories.ts';
import { CreateTicket } from './create_ticket.ts';
import { LinkTicket } from './link_ticket.ts';
import { List } from './list.ts';
import { PostTicket } from './post_ticket.ts';
import { Track } from './track.ts';
import { Untrack } from './untrack.ts';

/** Maro's functions, by callback_id. Workflow steps, commands, shortcuts, buttons, and forms all use them. */
export const functions = {
  track: Track,
  untrack: Untrack,
  list: List,
  create_ticket: CreateTicket,
  link_ticket: LinkTicket,
  create_stories: CreateStories,
  post_ticket: PostTicket,
};

/** The declarations of the functions, for manifest.json. */
export const declarations = Object.values(functions).map(({ declaration }) => declaration);
