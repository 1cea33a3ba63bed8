import { STALE_DAYS } from './digest.ts';

/** To whom issues are assigned: a person in Slack, a name as Jira has it or the beginning of one of its words, or nobody. */
export type AskedAssignee = { kind: 'person'; user: string } | { kind: 'name'; name: string } | { kind: 'nobody' };

/** Which of a channel's issues a list shows, beside their category. An issue has to pass every part. */
export type Filter = {
  assignee: AskedAssignee | undefined;
  /** The name of an issue type. Case, spaces, and hyphens do not matter. */
  type: string | undefined;
  /** Only open issues that nobody has updated in Jira for this many days. Undefined: all. */
  staleDays: number | undefined;
  /** What the summary contains, each of them, in any case. */
  phrases: readonly string[];
};

/** The filter that every issue passes. */
export const NO_FILTER: Filter = { assignee: undefined, type: undefined, staleDays: undefined, phrases: [] };

/**
 * The most characters of an encoded filter. The value of a menu's entry has at most 150, and also holds the name of the action,
 * the rest of the view, a key, and what makes the value unique.
 * https://docs.slack.dev/reference/block-kit/composition-objects/option-object
 */
export const LONGEST_FILTER = 80;

/** A type's name without what does not matter in it. */
export function typeWord(type: string): string {
  return type.toLowerCase().replace(/[\s_-]+/g, '');
}

/** Encodes a filter for the value of a button: its parts, each with a letter before it, without white space or colons. */
export function encodeFilter({ assignee, type, staleDays, phrases }: Filter): string {
  const parts = [
    ...(assignee === undefined ? [] : [encodeAssignee(assignee)]),
    ...(type === undefined ? [] : [`t${escaped(type)}`]),
    ...(staleDays === undefined ? [] : ['s']),
    ...phrases.map((phrase) => `w${escaped(phrase)}`),
  ];
  return parts.join('/');
}

/** Decodes a value from `encodeFilter`. Undefined if it is none. */
export function decodeFilter(value: string): Filter | undefined {
  let filter = NO_FILTER;
  for (const part of value.split('/')) {
    const rest = unescapedPart(part.slice(1));
    if (rest === undefined) return undefined;
    const kind = part.charAt(0);
    if (kind === 'p') filter = { ...filter, assignee: { kind: 'person', user: rest } };
    else if (kind === 'a') filter = { ...filter, assignee: { kind: 'name', name: rest } };
    else if (kind === 'n') filter = { ...filter, assignee: { kind: 'nobody' } };
    else if (kind === 't') filter = { ...filter, type: rest };
    else if (kind === 's') filter = { ...filter, staleDays: STALE_DAYS };
    else if (kind === 'w') filter = { ...filter, phrases: [...filter.phrases, rest] };
    else return undefined;
  }
  return filter;
}

function encodeAssignee(assignee: AskedAssignee): string {
  if (assignee.kind === 'person') return `p${escaped(assignee.user)}`;
  return assignee.kind === 'name' ? `a${escaped(assignee.name)}` : 'n';
}

function escaped(text: string): string {
  return text.replace(/[%+/:&<>]/g, encodeURIComponent).replace(/\s+/g, '+');
}

function unescapedPart(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
