import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseTrouble } from '../database/trouble.ts';
import type { Creation, Creations } from '../jira/create.ts';
import type { IssueType } from '../jira/issue-type.ts';
import type { NewIssue } from '../jira/new-issue.ts';
import { JiraTrouble } from '../jira/trouble.ts';
import type { Issue, Settled } from '../ledger/creates.ts';
import { LeaseLost } from '../ledger/lease.ts';
import { kindOf } from '../log.ts';
import type { Context, Services } from '../services.ts';

/** What is to be created, by which request. `prepare` asks Jira what a new issue needs, and gives a reason when there is none. */
export type Draft = {
  request: string;
  project: string;
  prepare(): Promise<NewIssue | NewIssue[] | { refused: string }>;
  /** Where it is tracked, and who is told, when it is found late. */
  channel?: string | undefined;
  user?: string | undefined;
};

/** The kind of the ledger's runs that look again for a create which nobody knows the end of. */
export const LOOK = 'look';

/** What such a run needs. */
export type Lost = Pick<Draft, 'request' | 'project' | 'channel' | 'user'> & { many?: number | undefined };

const UNFOUND = 'Maro looked for it and did not find it.';
const UNSEEN = 'Maro could not look for it.';

/** What is looked for when Jira's answer is lost. `sentAt` is on this process's monotonic clock. */
type Sent = { project: string; request: string; many: number | undefined; sentAt: number };

/**
 * Creates an issue, or up to fifty in one call, once: the create is written down before Jira is asked, and a process that finds
 * it there afterwards looks for the issue. Never sends a create again. `many` is how many, undefined for a single one.
 * @throws {DatabaseTrouble} before anything was sent.
 * @throws {LeaseLost} when another process has taken the run over, before anything was sent.
 */
export async function createOnce(draft: Draft, many: number | undefined, context: Context): Promise<Settled> {
  const { request, project, channel, user } = draft;
  const { services, lease } = context;
  const { creates, jira } = services;
  const lost = { request, project, channel, user, many };
  const lookFor = async (ageMs: number) =>
    keep(lost, await look({ project, request, many, sentAt: performance.now() - ageMs }, jira), context);
  // Types and fields are asked for first, so that what is written down as sent is also sent.
  const prepared = await draft.prepare();
  if ('refused' in prepared) {
    // An earlier attempt may have created it all the same.
    const standing = await creates.find(request);
    if (standing === undefined) return { state: 'refused', reason: prepared.refused };
    return standing.state === 'sending' ? lookFor(standing.ageMs) : standing;
  }
  if (!lease.holds()) throw new LeaseLost();
  const standing = await creates.begin(request, randomUUID());
  if (standing.state === 'sending') return lookFor(standing.ageMs);
  if (standing.state !== 'ours') return standing;
  const sentAt = performance.now();
  const made = Array.isArray(prepared)
    ? settledMany(await jira.createMany(prepared, request))
    : settledOne(await jira.create(prepared, request));
  return made === undefined ? lookFor(performance.now() - sentAt) : keep(lost, made, context);
}

/**
 * Stores what a create came to. What is certain holds as well when it cannot be stored: a process that comes later looks for the
 * issue. What is unknown does not, since then nothing looks again: the run is left to its next attempt.
 */
async function keep(lost: Lost, settled: Settled, { operation, door, services }: Context): Promise<Settled> {
  const look = { id: `${lost.request} look`, kind: LOOK, door, inputs: lost };
  try {
    return await services.creates.settle(lost.request, settled, settled.state === 'unknown' ? look : undefined);
  } catch (error) {
    if (!(error instanceof DatabaseTrouble)) throw error;
    services.log.error({ operation, error: kindOf(error) }, 'what became of a create was not stored');
    if (settled.state === 'unknown') throw new LeaseLost();
    return settled;
  }
}

/** Undefined: nobody knows. */
function settledOne(creation: Creation): Settled | undefined {
  if (creation.state === 'created') return { state: 'created', created: [{ id: creation.id, key: creation.key }] };
  if (creation.state === 'refused') {
    return { state: 'refused', reason: creation.reason, fields: creation.fields };
  }
  return creation.state === 'failed' ? { state: 'refused', reason: `${creation.trouble.message}.` } : undefined;
}

function settledMany(creations: Creations): Settled | undefined {
  if (creations.state === 'unknown') return undefined;
  if (creations.state !== 'answered') return { state: 'refused', reason: `${creations.trouble.message}.` };
  const reasons = creations.issues.flatMap((issue) => (issue.state === 'refused' ? [issue.reason] : []));
  if (reasons.length === creations.issues.length) {
    return { state: 'refused', reason: [...new Set(reasons)].join(' ') };
  }
  const created = creations.issues.map((issue) =>
    issue.state === 'created' ? { id: issue.id, key: issue.key } : { refused: issue.reason },
  );
  return { state: 'created', created };
}

/** Looks for what may have been created, until it must be there if it is. */
async function look({ project, request, many, sentAt }: Sent, jira: Context['services']['jira']): Promise<Settled> {
  const ids = await idsOf(request, many);
  for (const [index, afterMs] of jira.looksAfterMs.entries()) {
    const isLast = index === jira.looksAfterMs.length - 1;
    const waitMs = sentAt + afterMs - performance.now();
    if (waitMs <= 0 && !isLast) continue;
    await sleep(Math.max(0, waitMs));
    const found = await jira.findCreated({ project, sentAt: dateOf(sentAt) }, ids);
    if (!(found instanceof JiraTrouble) && found.size === ids.length) return created(ids, found);
    if (isLast) return found instanceof JiraTrouble ? { state: 'unknown', reason: UNSEEN } : unknown(ids, found);
  }
  return { state: 'unknown', reason: UNFOUND };
}

function created(ids: readonly string[], found: ReadonlyMap<string, Issue>): Settled & { state: 'created' } {
  return { state: 'created', created: ids.flatMap((id) => found.get(id) ?? []) };
}

/** Some may be there, and the others may still come. */
function unknown(ids: readonly string[], found: ReadonlyMap<string, Issue>): Settled & { state: 'unknown' } {
  if (found.size === 0) return { state: 'unknown', reason: UNFOUND };
  return { state: 'unknown', reason: UNFOUND, found: ids.map((id) => found.get(id) ?? null) };
}

/**
 * Looks once more for a create whose end is unknown, and stores what it finds. `by`: the run that looks.
 * @returns the keys that this run has found, now or in an earlier attempt.
 * @throws {DatabaseTrouble}
 */
export async function lookAgain(
  { request, project, many }: Lost,
  by: string,
  { creates, jira, log }: Services,
): Promise<readonly string[]> {
  const standing = await creates.find(request);
  if (standing === undefined || standing.state === 'sending' || standing.state === 'refused') return [];
  if (standing.late?.by === by) return standing.late.keys;
  if (standing.state === 'created') return [];
  const ids = await idsOf(request, many);
  const found = await jira.findCreated({ project, sentAt: dateOf(performance.now() - standing.ageMs) }, ids);
  if (found instanceof JiraTrouble) {
    log.warn({ operation: request, trouble: found.kind }, 'a lost create could not be looked for');
    return [];
  }
  const before = new Set(standing.found?.map((issue) => issue?.key));
  const keys = [...found.values()].map(({ key }) => key).filter((key) => !before.has(key));
  if (keys.length === 0) return [];
  const end = found.size === ids.length ? created(ids, found) : unknown(ids, found);
  return (await creates.adoptLate(request, { ...end, late: { by, keys } }, standing.late?.by)) ? keys : [];
}

/** A single create has the request's own id, and each of several one of its own. */
async function idsOf(request: string, many: number | undefined): Promise<string[]> {
  if (many === undefined) return [request];
  const { requestIdOf } = await import('../jira/create.ts');
  return Array.from({ length: many }, (_, index) => requestIdOf(request, index));
}

/** Jira is asked by the time of day. */
function dateOf(monotonic: number): Date {
  return new Date(Date.now() - (performance.now() - monotonic));
}

/** The types that a new issue of the project can have, or why there are none, in a sentence. */
export async function typesOf(
  project: string,
  { jira }: Pick<Context['services'], 'jira'>,
): Promise<readonly IssueType[] | { refused: string }> {
  const types = await jira.issueTypes(project);
  if (types instanceof JiraTrouble) return { refused: `${types.message}.` };
  if (types === 'not found') return { refused: `Jira shows Maro no project ${project} in which it may create.` };
  return types === 'not allowed' ? { refused: `Maro may create nothing in ${project}.` } : types;
}

/** What happens later to a create whose end is unknown, when there is somebody to tell. */
export const LOOKS_AGAIN = 'Maro looks again 1, 5 and 30 minutes later, and tells what it finds';

/** Why nothing is known of a ticket that may be there, and what to do about it. */
export function doubtful(project: string, reason: string, { channel, user }: Pick<Draft, 'channel' | 'user'>): string {
  const later = channel || user ? ` ${LOOKS_AGAIN}.` : '';
  return `Jira did not answer in time, so this may or may not have been created. ${reason}${later} Maro does not create it again by itself: before you do, look for it in ${project}.`;
}
