import type { IssueChange } from '../change.ts';
import { DatabaseTrouble } from '../database/trouble.ts';
import type { Issue } from '../issue.ts';
import { known, NOT_FOUND, type OfIssue, type Unread } from '../jira/reading.ts';
import type { Unwritten, Written } from '../jira/written.ts';
import type { IssueKey } from '../key.ts';
import { LeaseLost } from '../ledger/lease.ts';
import type { Context } from '../services.ts';
import { harmless } from '../slack/text.ts';
import type { Acted } from '../tracker/acted.ts';
import { looks } from './looks.ts';
import { oneKey, readOne } from './one.ts';

/** The issue that a person acts on, with its current key. */
export type Subject = { key: IssueKey; id: string; siteId: string };

/** Whole sentences that say why nothing was done, or may not have been. */
export type Unacted = { error: string; detail: undefined };

/**
 * Finds the issue that `typed` names by its key or by a link. An issue that Maro has stored costs no call to Jira. Maro
 * learns of a move to another project within a minute, so until then a write can follow an issue into a project that
 * JIRA_PROJECTS leaves out. An issue that Maro has not stored is read.
 */
export async function subjectOf(
  typed: string,
  { tenant, services: { jira, tracker } }: Pick<Context, 'tenant' | 'services'>,
): Promise<Subject | { because: string }> {
  const one = await oneKey(typed, jira);
  if ('because' in one) return one;
  const site = await known(jira.siteId());
  if (site.state === 'trouble') return { because: site.trouble.message };
  const siteId = site.value;
  const id = jira.allows(one.key) ? await tracker.storedByKey({ tenant, siteId, key: one.key }) : undefined;
  if (id !== undefined) return { key: one.key, id, siteId };
  const read = await readOne(one.key, jira);
  return 'because' in read ? read : { key: read.issue.key, id: read.issue.id, siteId };
}

/** Jira's clock and Maro's differ by less than this. A longer time could take an earlier change to the same value for this one. */
const CLOCKS_MS = 5_000;

/** The time after which a change by Maro can be that of this operation. Call it before the write is sent. */
export function sinceOf({ earlier }: Pick<Context, 'earlier'>): number {
  return Date.now() - (earlier?.ageMs ?? 0) - CLOCKS_MS;
}

/** The changes of this kind that Maro made in the issue since then, the latest last. Two calls to Jira. */
export async function changesByMaro(
  { id }: Subject,
  what: IssueChange['what'],
  since: number,
  { services: { jira } }: Pick<Context, 'services'>,
): Promise<OfIssue<{ issue: Issue; changes: readonly IssueChange[] }>> {
  const read = await known(jira.changedByIds([id]));
  if (read.state === 'trouble') return read;
  const [changed] = read.value;
  if (changed === undefined) return NOT_FOUND;
  const isOurs = (change: IssueChange) => change.what === what && change.byMaro && change.at.getTime() >= since;
  return { state: 'known', value: { issue: changed.issue, changes: changed.changes.filter(isOurs) } };
}

/** Whether the issue is now as `isNow` says, or got the value `to` from Maro since then. Two calls to Jira. */
export async function isChanged(
  subject: Subject,
  { what, to, isNow }: Pick<IssueChange, 'what' | 'to'> & { isNow(issue: Issue): boolean },
  since: number,
  context: Pick<Context, 'services'>,
): Promise<OfIssue<boolean>> {
  const read = await changesByMaro(subject, what, since, context);
  if (read.state !== 'known') return read;
  const { issue, changes } = read.value;
  return { state: 'known', value: isNow(issue) || changes.some((change) => change.to === to) };
}

/** A write to Jira that must take effect once. `isDone` looks in Jira whether it has. */
export type Write = { send(): Promise<Written>; isDone(): Promise<OfIssue<boolean>> };

/**
 * Sends a write, unless an earlier attempt has done it already. If Jira's answer is lost, looks at each of the times in
 * `jira.looksAfterMs` whether it was done, and never sends it again.
 * @throws {LeaseLost} before anything is sent, when another process may have taken over the run.
 */
export async function writeOnce({ send, isDone }: Write, { earlier, lease, services }: Context): Promise<Written> {
  if (earlier !== undefined) {
    const looked = await isDone();
    if (looked.state === 'trouble') return { state: 'unknown', trouble: looked.trouble };
    if (looked.state !== 'known') return looked;
    if (looked.value) return { state: 'done' };
  }
  if (!lease.holds()) throw new LeaseLost();
  const sentAt = performance.now();
  const written = await send();
  if (written.state !== 'unknown') return written;
  for await (const _ of looks(sentAt, services.jira.looksAfterMs)) {
    const looked = await isDone();
    if (looked.state === 'known' && looked.value) return { state: 'done' };
  }
  return written;
}

/**
 * Stores what Maro has just changed in Jira, so that lists show it at once. If the database fails, this only logs it: the change is
 * made, and the sync stores it later.
 */
export async function showActed({ id, siteId }: Subject, acted: Acted, { tenant, services }: Context): Promise<void> {
  try {
    await services.tracker.storeActed({ tenant, siteId, issueId: id, acted });
  } catch (error) {
    if (!(error instanceof DatabaseTrouble)) throw error;
    services.log.error({ cause: error.code }, 'a change of an issue was not stored');
  }
}

/** Says why a write was not done, or that nobody knows. `done` is the participle in "PLAT-1 wasn’t moved." */
export function unacted(key: string, done: string, written: Unwritten | Unread): Unacted {
  if (written.state !== 'unknown') return error(`${key} wasn’t ${done}. ${reasonOf(written)}`);
  return error(
    `Jira didn’t answer in time, so ${key} may or may not have been ${done}. Check ${key} before you repeat it.`,
  );
}

/** Why a write was certainly not done, as whole sentences. */
export function reasonOf(written: Exclude<Unwritten | Unread, { state: 'unknown' }>): string {
  switch (written.state) {
    case 'refused':
      return harmless(written.reason);
    case 'failed':
    case 'trouble':
      return written.trouble.message;
    case 'not found':
      return 'There’s no such issue, or Maro can’t see it.';
    case 'not allowed':
      return 'Maro isn’t allowed to change this project.';
  }
}

/**
 * Says why a write was not sent. If an earlier attempt may have sent it, says that nobody knows.
 * `because` is whole sentences.
 */
export function unsent(
  key: string | undefined,
  done: string,
  because: string,
  { earlier }: Pick<Context, 'earlier'>,
): Unacted {
  const what = key ?? 'the issue';
  if (earlier !== undefined) {
    return error(
      `Maro was interrupted, so ${what} may or may not have been ${done}. Check before you repeat it. ${because}`,
    );
  }
  return error(key === undefined ? `Nothing was ${done}. ${because}` : `${key} wasn’t ${done}. ${because}`);
}

function error(sentence: string): Unacted {
  return { error: sentence, detail: undefined };
}
