import { type IssueKey, parseKey } from '../key.ts';

/** The actions of buttons and menu entries that open a form about an issue. */
export const MOVE = 'issue:move';
export const ASSIGN = 'issue:assign';
export const COMMENT = 'issue:comment';
export const PRIORITY = 'issue:priority';
/** The actions that need no form. */
export const WATCH = 'issue:watch';
export const UNWATCH = 'issue:unwatch';
/** The action that shows the issue with all of these. */
export const MORE = 'issue:more';

/** What a button or a menu's entry does with an issue. `list` is the encoded view of the list that shows the issue. */
export type IssueAct = { action: string; key: IssueKey; list?: string | undefined };

/** Encodes an act for the value of a button or of a menu's entry, such as `issue:move PLAT-12 all:0`. */
export function encodeIssueAct({ action, key, list }: IssueAct): string {
  return [action, key, ...(list === undefined ? [] : [list])].join(' ');
}

/** Decodes a value from `encodeIssueAct`. Returns undefined for any other value. */
export function parseIssueAct(value: string): IssueAct | undefined {
  const [, action, typed = '', list] = /^(issue:[a-z]+) (\S+)(?: (\S+))?$/.exec(value) ?? [];
  const key = parseKey(typed);
  return action === undefined || key === undefined ? undefined : { action, key, list };
}
