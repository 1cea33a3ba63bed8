import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseTrouble } from './database/trouble.ts';
import type { Creation, Creations } from './jira/create.ts';
import type { IssueType } from './jira/issue.ts';
import type { NewIssue } from './jira/new-issue.ts';
import { JiraTrouble } from './jira/trouble.ts';
import type { Settled } from './ledger/creates.ts';
import { LeaseLost } from './ledger/lease.ts';
import type { Run } from './ledger/runs.ts';
import { kindOf } from './log.ts';
import type { Context, Services } from './services.ts';

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

const LOST = { refused: 'Jira did not say whether it was created, and Maro did not find it.' };
/** How long before it was given up a create was sent, at most. */
const LOOKING_MS = 60_000;

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
    if (standing === undefined || standing.state === 'ours') return { state: 'refused', reason: prepared.refused };
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

/** Stores what a create came to. That holds as well when it cannot be stored: a process that comes later looks for the issue. */
async function keep(lost: Lost, settled: Settled, { operation, door, services }: Context): Promise<Settled> {
  const look = { id: `${lost.request} look`, kind: LOOK, door, inputs: lost };
  try {
    return await services.creates.settle(lost.request, settled, settled.state === 'unknown' ? look : undefined);
  } catch (error) {
    if (!(error instanceof DatabaseTrouble)) throw error;
    services.log.error({ operation, error: kindOf(error) }, 'what became of a create was not stored');
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
    if (found instanceof JiraTrouble) {
      if (isLast) return { state: 'unknown', reason: `${found.message}.` };
    } else if (found.size === ids.length || (isLast && found.size > 0)) {
      return { state: 'created', created: ids.map((id) => found.get(id) ?? LOST) };
    }
  }
  return { state: 'unknown', reason: 'Maro looked for it and did not find it.' };
}

/**
 * Looks once more for a create that ended `ageMs` ago without anybody knowing how, and keeps what it finds.
 * @returns the keys of what this run has found; none when it is not there, or was found before.
 * @throws {DatabaseTrouble}
 */
export async function lookAgain(
  { request, project, many }: Lost,
  { ageMs, attempts }: Pick<Run, 'ageMs' | 'attempts'>,
  { creates, jira, log }: Services,
): Promise<string[]> {
  const standing = await creates.find(request);
  // An earlier attempt of this run may have found it, and not told it.
  if (standing?.state === 'created' && attempts > 1) return keysOf(standing);
  if (standing?.state !== 'unknown') return [];
  const ids = await idsOf(request, many);
  const sentAt = dateOf(performance.now() - ageMs - LOOKING_MS);
  const found = await jira.findCreated({ project, sentAt }, ids);
  if (found instanceof JiraTrouble) {
    log.warn({ operation: request, trouble: found.kind }, 'a lost create could not be looked for');
    return [];
  }
  if (found.size === 0) return [];
  const created = ids.map((id) => found.get(id) ?? LOST);
  return keysOf(await creates.settle(request, { state: 'created', created }));
}

function keysOf(settled: Settled): string[] {
  return settled.state === 'created' ? settled.created.flatMap((each) => ('key' in each ? [each.key] : [])) : [];
}

/** A single create has the request's own id, and each of several one of its own. */
async function idsOf(request: string, many: number | undefined): Promise<string[]> {
  if (many === undefined) return [request];
  const { requestIdOf } = await import('./jira/create.ts');
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

/** Why nothing is known of a ticket that may be there, and what to do about it. */
export function doubtful(project: string, reason: string): string {
  return `Jira did not answer in time, so this may or may not have been created. ${reason} Maro looks again in 1, 5 and 30 minutes, and adds what it finds. It does not create it again by itself: look for it in ${project} first.`;
}
