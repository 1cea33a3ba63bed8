import { MOST_FOLLOWS, MOST_ISSUES, nameOf, type Query } from '../follow.ts';
import type { Issue } from '../issue.ts';
import { jqlOf, within } from '../jira/jql.ts';
import { known } from '../jira/reading.ts';
import { JiraTrouble } from '../jira/trouble.ts';
import type { Context } from '../services.ts';
import { capital, truncate } from '../slack/text.ts';
import { MOST_KEYS } from './answer.ts';
import { filterNames } from './filter-names.ts';
import { bringUpToDate, idsOf } from './follow.ts';
import { nowOf } from './now.ts';

/** How many issues of a query a preview shows. */
const MOST_SHOWN = 5;
/** The most characters of a query's name in a sentence. */
const LONGEST_NAME = 200;

/** A query in words that a sentence can contain. */
export function wordsOf(query: Query): string {
  return truncate(nameOf(query), LONGEST_NAME);
}

/** What a query would bring: how many issues, and some of them. Or why it cannot be followed or imported, as a sentence. */
export type Preview = { query: Query; count: number; some: readonly Issue[] } | { error: string };

/** Asks Jira what a query has: one call for the ids, and one more for some of the issues or for the number if there are too many. */
export async function preview(query: Query, { services: { jira } }: Context): Promise<Preview> {
  const ids = await allIdsOf(query, jira);
  if ('error' in ids) return ids;
  const { issues } = nowOf(await jira.readIds(ids.slice(0, MOST_SHOWN)));
  return { query, count: ids.length, some: issues };
}

/** The ids of a query's issues, or why there are none, as a sentence. */
async function allIdsOf(
  query: Query,
  jira: Context['services']['jira'],
): Promise<readonly string[] | { error: string }> {
  const condition = jqlOf(query);
  const found = await idsOf(condition, jira);
  if (found.state === 'known' && found.value.isComplete) return found.value.ids;
  if (found.state === 'trouble') return { error: found.trouble.with('Nothing changed.') };
  if (found.state === 'refused') {
    const names = query.kind === 'filter' ? ` ${await filterNames(query.words, { jira })}` : '';
    return { error: `Jira refuses ${wordsOf(query)}. ${found.reason} Nothing changed.${names}`.trim() };
  }
  const counted = await jira.count(within(condition, jira.allowedProjects));
  const count = counted.state === 'known' ? `about ${number(counted.value)}` : `more than ${MOST_ISSUES}`;
  return {
    error: `${capital(wordsOf(query))} has ${count} issues, and the limit is ${MOST_ISSUES}. Nothing changed. Narrow it down.`,
  };
}

/**
 * Makes the channel follow a query, and brings its issues to the list.
 * @returns what happened, as sentences.
 * @throws {DatabaseTrouble}
 */
export async function startFollowing(
  query: Query,
  { channel, user }: { channel: string; user: string },
  context: Context,
): Promise<string> {
  const { tenant, operation, services } = context;
  const [site, jql, name] = [await known(services.jira.siteId()), jqlOf(query), wordsOf(query)];
  if (site.state === 'trouble') return site.trouble.with('Nothing changed.');
  const ids = await allIdsOf(query, services.jira);
  if ('error' in ids) return ids.error;
  const start = { tenant, channel, site: site.value, query, jql, by: user, operation };
  const state = await services.tracker.startFollow(start);
  if (state === 'followed already') return `This channel already follows ${name}.`;
  if (state === 'too many') {
    return `A channel can follow ${MOST_FOLLOWS} queries, and this one does. Nothing changed. Stop one of them first.`;
  }
  const [due] = await services.tracker.dueFollows({ tenant, site: site.value, only: { channel, jql } });
  try {
    if (due !== undefined) await bringUpToDate(due, ids, site.value, { tenant, services });
  } catch (error) {
    if (!(error instanceof JiraTrouble)) throw error;
    return `This channel now follows ${name}. Its issues will come as soon as Jira answers.`;
  }
  const follow = (await services.tracker.follows({ tenant, channel })).find((each) => nameOf(each) === nameOf(query));
  return `This channel now follows ${name}, which has ${issuesIn(follow?.issues ?? 0)} on the list.`;
}

/**
 * Tracks all issues that a query has now, a hundred at a time. A repeated call with the same operation tells the same.
 * @returns what happened, as sentences.
 * @throws {DatabaseTrouble}
 */
export async function importQuery(
  query: Query,
  { channel, user }: { channel: string; user: string },
  { tenant, door, operation, services: { jira, tracker } }: Context,
): Promise<string> {
  const ids = await allIdsOf(query, jira);
  if ('error' in ids) return ids.error;
  const { issues, trouble } = nowOf(await jira.readIds(ids));
  if (issues.length === 0 && trouble !== undefined) return trouble.with('Nothing was tracked.');
  const tracking = { tenant, channel, by: user, door, messageLink: undefined, operation };
  let added = 0;
  for (let at = 0; at < issues.length; at += MOST_KEYS) {
    const some = issues.slice(at, at + MOST_KEYS).map((issue) => ({ issue, askedAs: [] }));
    added += (await tracker.track({ ...tracking, issues: some })).size;
  }
  const before = issues.length - added;
  const unread = ids.length - issues.length;
  return [
    `${capital(wordsOf(query))}: ${issuesIn(added)} now tracked.`,
    ...(before === 0 ? [] : [`${issuesIn(before)} tracked already.`]),
    ...(trouble === undefined ? [] : [`${issuesIn(unread)} couldn’t be read. ${trouble.message}`]),
  ].join(' ');
}

/** Makes the channel follow a query no longer. @returns what happened, as sentences, and how many issues left the list. */
export async function stopFollowing(
  { id, name }: { id: string; name: string },
  { channel, user }: { channel: string; user: string },
  { tenant, operation, services: { tracker } }: Context,
): Promise<{ text: string; left: number }> {
  const left = await tracker.stopFollow({ tenant, channel, id, by: user, operation });
  const what = `This channel no longer follows ${truncate(name, LONGEST_NAME)}.`;
  const undo =
    left === 0
      ? ''
      : ` ${issuesIn(left)} left the list. Undo tracks ${left === 1 ? 'it' : 'them'} again, without the query.`;
  return { text: `${what}${undo}`, left };
}

/** So many issues, in words. */
export function issuesIn(count: number): string {
  return count === 1 ? '1 issue' : `${number(count)} issues`;
}

function number(count: number): string {
  return count.toLocaleString('en');
}
