import { CreateStories } from './create_stories.ts';
import { CreateTicket } from './create_ticket.ts';
import { LinkTicket } from './link_ticket.ts';
import { List } from './list.ts';
import { EpicOptions } from './options/epic_options.ts';
import { FieldOptions } from './options/field_options.ts';
import { ProjectOptions } from './options/project_options.ts';
import { TypeOptions } from './options/type_options.ts';
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

/** The functions that supply what Workflow Builder offers in an input of a step with dynamic options, by callback_id. */
export const suppliers = {
  project_options: ProjectOptions,
  type_options: TypeOptions,
  epic_options: EpicOptions,
  field_options: FieldOptions,
};

/** The declarations of the functions, for manifest.json. */
export const declarations = Object.values(functions).map(({ declaration }) => declaration);

/** The declarations of the suppliers, for the manifest with dynamic options. */
export const supplierDeclarations = Object.values(suppliers).map(({ declaration }) => declaration);
