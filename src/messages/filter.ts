import { typeWord } from '../filter.ts';
import type { NamedFilter } from '../issues/filter.ts';

/** Jira's own types, and what several issues of them are called. */
const PLURALS: Readonly<Record<string, readonly [one: string, many: string]>> = {
  bug: ['bug', 'bugs'],
  story: ['story', 'stories'],
  task: ['task', 'tasks'],
  epic: ['epic', 'epics'],
  subtask: ['sub-task', 'sub-tasks'],
};

/**
 * How many issues pass a filter, such as `3 of Ada’s stale bugs` or `1 in-progress issue with “login”`. `part`: a word for the
 * part of the list, such as `in-progress`.
 */
export function matchWords(named: NamedFilter, part: string | undefined, count: number): string {
  const words = issuesWords(named, part, count);
  if (count === 0) return `No match for ${words}`;
  return `${count.toLocaleString('en')} ${named.name === undefined ? '' : 'of '}${words}`;
}

function issuesWords({ filter, name }: NamedFilter, part: string | undefined, count: number): string {
  const { assignee, type, staleDays, phrases } = filter;
  const isOne = count === 1 && name === undefined;
  const noun = PLURALS[type === undefined ? '' : typeWord(type)];
  const words = [
    ...(name === undefined ? [] : [`${name}’s`]),
    ...(staleDays === undefined ? [] : ['stale']),
    ...(assignee?.kind === 'nobody' ? ['unassigned'] : []),
    ...(part === undefined ? [] : [part]),
    noun?.[isOne ? 0 : 1] ?? (isOne ? 'issue' : 'issues'),
    ...(type === undefined || noun !== undefined ? [] : [`of type ${type}`]),
    ...(phrases.length === 0 ? [] : [`with ${phrases.map((phrase) => `“${phrase}”`).join(' and ')}`]),
  ];
  return words.join(' ');
}
