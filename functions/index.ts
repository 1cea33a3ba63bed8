import { AssignIssue } from './assign_issue.ts';
import { Board } from './board.ts';
import { CommentIssue } from './comment_issue.ts';
import { CreateStories } from './create_stories.ts';
import { CreateTicket } from './create_ticket.ts';
import { Digest } from './digest.ts';
import { FindIssues } from './find_issues.ts';
import { GetIssue } from './get_issue.ts';
import { LinkTicket } from './link_ticket.ts';
import { List } from './list.ts';
import { EditFieldOptions } from './options/edit_field_options.ts';
import { EpicOptions } from './options/epic_options.ts';
import { FieldOptions } from './options/field_options.ts';
import { ProjectOptions } from './options/project_options.ts';
import { TypeOptions } from './options/type_options.ts';
import { ChangeIssues } from './own/change_issues.ts';
import { PickIssue } from './pick_issue.ts';
import { PostTicket } from './post_ticket.ts';
import { Track } from './track.ts';
import { TransitionIssue } from './transition_issue.ts';
import { Untrack } from './untrack.ts';
import { UpdateIssue } from './update_issue.ts';
import { WaitForIssue } from './wait_for_issue.ts';

/** Maro's functions, by callback_id. Workflow steps, commands, shortcuts, buttons, and forms all use them. */
export const functions = {
  track: Track,
  untrack: Untrack,
  list: List,
  digest: Digest,
  board: Board,
  get_issue: GetIssue,
  find_issues: FindIssues,
  transition_issue: TransitionIssue,
  assign_issue: AssignIssue,
  update_issue: UpdateIssue,
  comment_issue: CommentIssue,
  wait_for_issue: WaitForIssue,
  pick_issue: PickIssue,
  create_ticket: CreateTicket,
  link_ticket: LinkTicket,
  create_stories: CreateStories,
  post_ticket: PostTicket,
};

/** The functions that only Maro's own forms and commands run, by callback_id. They are not steps. */
export const ownFunctions = { change_issues: ChangeIssues };

/** The functions that supply what Workflow Builder offers in an input of a step with dynamic options, by callback_id. */
export const suppliers = {
  project_options: ProjectOptions,
  type_options: TypeOptions,
  epic_options: EpicOptions,
  field_options: FieldOptions,
  edit_field_options: EditFieldOptions,
};

/** The declarations of the functions, for manifest.json. */
export const declarations = Object.values(functions).map(({ declaration }) => declaration);

/** The declarations of the suppliers, for the manifest with dynamic options. */
export const supplierDeclarations = Object.values(suppliers).map(({ declaration }) => declaration);
