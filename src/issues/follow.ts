import { randomUUID } from 'node:crypto';
import { MOST_ISSUES } from '../follow.ts';
import { within } from '../jira/jql.ts';
import { JiraTrouble } from '../jira/trouble.ts';
import type { Services } from '../services.ts';
import { truncate } from '../slack/text.ts';
import type { FollowResult } from '../tracker/follow-read.ts';
import type { DueQuery } from '../tracker/follows.ts';
import { nowOf } from './now.ts';
import { type SyncDeps, whileJiraAnswers } from './sync.ts';

/** What is stored when a query has too many issues to be followed. */
export const TOO_MANY = 'too many';
const LONGEST_REASON = 300;

/**
 * Asks Jira for the followed queries whose time has come, each once for all channels, and brings lists up to date. Jira's search is
 * some seconds late, and so is the delta, which uses the same search: what the delta has seen, the queries see as well. When
 * Jira does not answer for a query, the others follow a minute later, before it.
 * @throws {DatabaseTrouble}
 */
export async function follow(deps: SyncDeps): Promise<void> {
  await whileJiraAnswers(deps, async (site) => {
    const { tenant, services } = deps;
    for (const query of await services.tracker.dueFollows({ tenant, site })) {
      try {
        await readQuery(query, site, deps);
      } catch (error) {
        if (!(error instanceof JiraTrouble)) throw error;
        await services.tracker.followUnread({ tenant, query, trouble: undefined });
        return;
      }
    }
  });
}

/** The ids of the issues that a condition of `jqlOf` has in the projects that JIRA_PROJECTS allows, up to the limit. */
export function idsOf(condition: string, jira: Services['jira']): ReturnType<Services['jira']['ids']> {
  return jira.ids(within(condition, jira.allowedProjects), MOST_ISSUES);
}

/** Asks Jira for a query, and stores the answer. @throws {JiraTrouble} @throws {DatabaseTrouble} */
async function readQuery(query: DueQuery, site: string, deps: SyncDeps): Promise<void> {
  const { tenant, services } = deps;
  const found = await idsOf(query.jql, services.jira);
  if (found.state === 'trouble') throw found.trouble;
  if (found.state === 'known' && found.value.isComplete) {
    await bringUpToDate(query, found.value.ids, site, deps);
  } else {
    const trouble = found.state === 'known' ? TOO_MANY : truncate(found.reason, LONGEST_REASON);
    await services.tracker.followUnread({ tenant, query, trouble });
  }
}

/**
 * Brings the lists of the channels that follow a query up to the issues that it has, and reads those that are new to Maro.
 * @throws {JiraTrouble} @throws {DatabaseTrouble}
 */
export async function bringUpToDate(
  query: DueQuery,
  ids: readonly string[],
  site: string,
  { tenant, services: { jira, tracker } }: SyncDeps,
): Promise<FollowResult> {
  const read = { tenant, site, query, operation: `follow ${randomUUID()}` };
  const result = await tracker.followRead({ ...read, ids, issues: [] });
  if (result.missing.length === 0) return result;
  const { issues, gone, trouble } = nowOf(await jira.readIds(result.missing));
  if (trouble !== undefined) throw trouble;
  return await tracker.followRead({ ...read, ids: ids.filter((id) => !gone.includes(id)), issues });
}
