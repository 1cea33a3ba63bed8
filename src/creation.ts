import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseTrouble } from './database/trouble.ts';
import type { Creation, Creations } from './jira/create.ts';
import type { IssueType } from './jira/issue.ts';
import type { NewIssue } from './jira/new-issue.ts';
import { JiraTrouble } from './jira/trouble.ts';
import { kindOf } from './log.ts';
import type { Context } from './services.ts';
import type { Settled, Standing } from './tracker/requests.ts';

/** What is to be created, by which request. `prepare` asks Jira what a new issue needs, and gives a reason when there is none. */
export type Draft = {
  request: string;
  kind: string;
  project: string;
  prepare(): Promise<NewIssue | NewIssue[] | { refused: string }>;
};

/** How many issues are to be created, which is known before they are prepared. */
type Sent = { project: string; request: string; many: number | undefined; sentAt: Date };

/**
 * Creates an issue, or up to fifty in one call, once: the request is written down before Jira is asked, and whoever finds it
 * there afterwards looks for what came of it. Never sends a create again. `many` is how many, undefined for a single one.
 * @throws {DatabaseTrouble} before anything was sent.
 */
export async function createOnce(draft: Draft, many: number | undefined, context: Context): Promise<Settled> {
  const { request, kind, project } = draft;
  const { tenant, services } = context;
  const which = { tenant, request };
  const standing = await services.tracker.sendRequest({ ...which, kind, claim: randomUUID() });
  if (standing.state !== 'ours' && standing.state !== 'sending') return standing;
  const settled = await settle(standing, draft, { project, request, many, sentAt: new Date() }, context);
  try {
    return await services.tracker.settleRequest(which, settled);
  } catch (error) {
    // What came of it holds all the same; whoever comes later looks for it in Jira.
    if (!(error instanceof DatabaseTrouble)) throw error;
    services.log.error({ operation: context.operation, error: kindOf(error) }, 'what came of a create was not stored');
    return settled;
  }
}

async function settle(
  standing: Exclude<Standing, Settled>,
  draft: Draft,
  sent: Sent,
  { services: { jira } }: Context,
): Promise<Settled> {
  if (standing.state === 'sending') return look({ ...sent, sentAt: standing.sentAt }, jira);
  const prepared = await draft.prepare();
  if ('refused' in prepared) return { state: 'refused', reason: prepared.refused };
  const sentAt = new Date();
  const made = Array.isArray(prepared)
    ? settledMany(await jira.createMany(prepared, draft.request))
    : settledOne(await jira.create(prepared, draft.request));
  return made ?? look({ ...sent, sentAt }, jira);
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
  const { requestIdOf } = await import('./jira/create.ts');
  const ids = many === undefined ? [request] : Array.from({ length: many }, (_, index) => requestIdOf(request, index));
  for (const [index, afterMs] of jira.looksAfterMs.entries()) {
    const isLast = index === jira.looksAfterMs.length - 1;
    const waitMs = sentAt.getTime() + afterMs - Date.now();
    if (waitMs <= 0 && !isLast) continue;
    await sleep(Math.max(0, waitMs));
    const found = await jira.findCreated({ project, sentAt }, ids);
    if (found instanceof JiraTrouble) {
      if (isLast) return { state: 'unknown', reason: `${found.message}.` };
    } else if (found.size === ids.length || (isLast && found.size > 0)) {
      const lost = { refused: 'Jira did not say what became of it, and it is not there.' };
      return { state: 'created', created: ids.map((id) => found.get(id) ?? lost) };
    }
  }
  return { state: 'unknown', reason: 'Maro looked for it and did not find it.' };
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
  return `Jira did not answer in time, so this may or may not have been created. ${reason} Maro does not create it again by itself: look for it in ${project} first.`;
}
