import type { ChangedIssue } from '../jira/changed.ts';
import { JiraTrouble } from '../jira/trouble.ts';
import type { Services } from '../services.ts';
import type { SweepItem } from '../tracker/sync.ts';
import { nowOf } from './now.ts';

/** What syncing needs: the installation, and the services. */
export type SyncDeps = { tenant: string; services: Pick<Services, 'jira' | 'tracker' | 'log'> };

/** How much further back than its last run the delta looks: Jira's search index is some seconds late. */
const OVERLAP_MINUTES = 3;
/** How far back the first delta looks. Maro knows each issue as it was when somebody tracked it. */
const FIRST_MINUTES = 60;
/** The most projects of one search. */
const PROJECTS_A_CALL = 200;
/** The sweep reads issues that Maro has not read for this long, since a deleted or hidden issue is in no delta. */
const SWEEP_AFTER_MINUTES = 60;
/** Jira reads at most 100 issues a call. */
const ISSUES_A_CALL = 100;
/** The most calls of one sweep. The next sweep goes on. */
const CALLS_A_SWEEP = 20;
const NEVER = new Date(0);

/**
 * Reads from Jira what changed in the projects of all tracked issues since the last time, and stores it. A project that Jira
 * refuses to search is left out, and tried again after an hour.
 * @throws {DatabaseTrouble}
 */
export async function delta(deps: SyncDeps): Promise<void> {
  await whileJiraAnswers(deps, async (site) => {
    const { tenant, services } = deps;
    const { projects, ageSeconds, at } = await services.tracker.planDelta({ tenant, site });
    const minutes = ageSeconds === undefined ? FIRST_MINUTES : Math.ceil(ageSeconds / 60) + OVERLAP_MINUTES;
    const allowed = projects.filter((project) => services.jira.allowsProject(project));
    const refused: string[] = [];
    let changedTo: Date | undefined;
    for (let i = 0; i < allowed.length; i += PROJECTS_A_CALL) {
      const read = await readChanged(allowed.slice(i, i + PROJECTS_A_CALL), minutes, site, deps);
      refused.push(...read.refused);
      changedTo = latest(changedTo, read.changedTo);
    }
    if (refused.length > 0) services.log.warn({ projects: refused }, LEFT_OUT);
    const read = allowed.filter((project) => !refused.includes(project));
    await services.tracker.deltaDone({ tenant, site, at, minutes, read, refused, changedTo });
  });
}

const LEFT_OUT =
  "Jira refuses to search these projects, so changes in them come by the sweep: check the account's permissions";

/** The projects that Jira refuses to search, and the latest update of an issue that was read; undefined if none was. */
type ReadChanges = { refused: string[]; changedTo: Date | undefined };

/** Stores what changed in the projects. */
async function readChanged(
  projects: readonly string[],
  minutes: number,
  site: string,
  deps: SyncDeps,
): Promise<ReadChanges> {
  let changedTo: Date | undefined;
  for await (const page of deps.services.jira.changedIn(projects, minutes)) {
    if (page.state === 'page') {
      await store(page.issues, site, deps);
      for (const { issue } of page.issues) changedTo = latest(changedTo, issue.updatedAt);
    } else if (projects.length === 1) return { refused: [...projects], changedTo };
    else {
      // One project can make Jira refuse the search of all.
      const half = Math.ceil(projects.length / 2);
      const one = await readChanged(projects.slice(0, half), minutes, site, deps);
      const other = await readChanged(projects.slice(half), minutes, site, deps);
      return { refused: [...one.refused, ...other.refused], changedTo: latest(one.changedTo, other.changedTo) };
    }
  }
  return { refused: [], changedTo };
}

function latest(a: Date | undefined, b: Date | undefined): Date | undefined {
  return a === undefined || (b !== undefined && b > a) ? b : a;
}

/**
 * Reads tracked issues from Jira again, one after the other and then from the beginning, and stores what differs: issues that
 * moved, were deleted, or are not visible any more or again, and changes that neither the webhook nor the delta reported.
 * @throws {DatabaseTrouble}
 */
export async function sweep(deps: SyncDeps): Promise<void> {
  await whileJiraAnswers(deps, async (site) => {
    const { tenant, services } = deps;
    for (let call = 0; call < CALLS_A_SWEEP; call++) {
      const which = { tenant, site, minutes: SWEEP_AFTER_MINUTES, limit: ISSUES_A_CALL };
      const items = await services.tracker.nextToSweep(which);
      await readAgain(items, site, deps);
      const to = items.length < ISSUES_A_CALL ? undefined : items.at(-1)?.id;
      await services.tracker.swept({ tenant, site, to });
      if (to === undefined) break;
    }
  });
}

/**
 * Reads up to a hundred issues again, and stores what differs, with its history.
 * @throws {JiraTrouble} @throws {DatabaseTrouble}
 */
export async function readAgain(items: readonly SweepItem[], site: string, deps: SyncDeps): Promise<void> {
  if (items.length === 0) return;
  const { tenant, services } = deps;
  const { issues, gone, trouble } = nowOf(await services.jira.readIds(items.map(({ id }) => id)));
  if (trouble !== undefined) throw trouble;
  const state = { kind: 'state' as const };
  await services.tracker.update({ tenant, site, issues, gone, changes: [], from: state });
  const read = new Map(items.map(({ id, historyReadTo }) => [id, historyReadTo]));
  const behind = issues.filter(({ id, updatedAt = NEVER }) => updatedAt > (read.get(id) ?? NEVER));
  if (behind.length === 0) return;
  await store(await services.jira.changedByIds(behind.map(({ id }) => id)), site, deps);
}

/** Stores issues as they are now, with all that changed in them. */
async function store(changed: readonly ChangedIssue[], site: string, { tenant, services }: SyncDeps): Promise<void> {
  const issues = changed.map(({ issue }) => issue);
  const changes = changed.flatMap(({ changes }) => changes);
  await services.tracker.update({ tenant, site, issues, gone: [], changes, from: { kind: 'history' } });
}

/** Syncs with the site, and stores it if Jira cannot be read. What is wrong with Jira is in the log already. */
export async function whileJiraAnswers(
  { tenant, services: { jira, tracker } }: SyncDeps,
  sync: (site: string) => Promise<void>,
): Promise<void> {
  let site: string | undefined;
  try {
    site = await jira.siteId();
    await sync(site);
  } catch (error) {
    if (!(error instanceof JiraTrouble)) throw error;
    if (site !== undefined) await tracker.syncFailed({ tenant, site, trouble: error.kind });
  }
}
