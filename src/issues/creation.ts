import { randomUUID } from 'node:crypto';
import type { Creation, Creations } from '../jira/create.ts';
import { defaultType, type IssueType } from '../jira/issue-type.ts';
import type { NewIssue } from '../jira/new-issue.ts';
import type { CreatedIssue, Settled } from '../ledger/creates.ts';
import { LeaseLost } from '../ledger/lease.ts';
import type { Context, Services } from '../services.ts';
import { harmless } from '../slack/text.ts';
import { keep } from './keep.ts';
import { dateOf, looks } from './looks.ts';
import { withoutReporter } from './reporter.ts';

/**
 * The issues to create, and the request that asks for them. `prepare` asks Jira what
 * a new issue needs. It returns the issues, or the reason why none can be created.
 */
export type Draft = {
  request: string;
  project: string;
  prepare(): Promise<NewIssue | NewIssue[] | { refused: string }>;
  /** The channel that tracks the issue, and the person who is told, if the issue is found late. */
  channel?: string | undefined;
  user?: string | undefined;
};

/** The kind of ledger run that looks again for issues when the outcome of creating them is unknown. */
export const LOOK = 'look';

/** The inputs of a `LOOK` run. `many` is the number of issues, or undefined for a single one. */
export type Lost = Pick<Draft, 'request' | 'project' | 'channel' | 'user'> & { many?: number | undefined };

const UNFOUND = 'Maro looked in Jira and found nothing.';
const UNSEEN = 'Maro couldn’t look in Jira.';

/** The issues to look for when Jira's answer is lost. `sentAt` is on this process's monotonic clock, in milliseconds. */
type SentCreate = { project: string; request: string; many: number | undefined; sentAt: number };

/**
 * Creates an issue, or up to 50 in one call, once for each request. `many` is the number of issues, or
 * undefined for a single one. The create is stored before Jira is called and is never sent again, with one exception: if Jira
 * refuses every issue and names the reporter, the create is sent once more without a reporter. If an earlier attempt stored it
 * without an outcome, or Jira's answer is lost, this function looks for the issues instead.
 * @throws {DatabaseTrouble} before anything is sent.
 * @throws {LeaseLost} when another process may have taken over the run, before
 * anything is sent; and when the outcome is unknown and could not be stored.
 */
export async function createOnce(draft: Draft, many: number | undefined, context: Context): Promise<Settled> {
  const { request, project, channel, user } = draft;
  const { services, lease, door } = context;
  const { creates, jira } = services;
  const again = { id: `${request} look`, kind: LOOK, door, inputs: { request, project, channel, user, many } };
  const kept = (settled: Settled) => keep(request, settled, again, context);
  const lookFor = async (ageMs: number) =>
    kept(await look({ project, request, many, sentAt: performance.now() - ageMs }, jira));
  // Prepares the issues first, so that a create that cannot be sent is not stored as sent.
  const prepared = await draft.prepare();
  if ('refused' in prepared) {
    // An earlier attempt may have created the issue before Jira refused.
    const standing = await creates.find(request);
    if (standing === undefined) return { state: 'refused', reason: prepared.refused };
    return standing.state === 'sending' ? lookFor(standing.ageMs) : standing;
  }
  if (!lease.holds()) throw new LeaseLost();
  const standing = await creates.begin(request, randomUUID());
  if (standing.state === 'sending') return lookFor(standing.ageMs);
  if (standing.state !== 'ours') return standing;
  const sentAt = performance.now();
  const send = async (issues: NewIssue | readonly NewIssue[]) =>
    'project' in issues
      ? settledOne(await jira.create(issues, request))
      : settledMany(await jira.createMany(issues, request));
  let made = await send(prepared);
  const without =
    made?.state === 'refused' && made.fields?.reporter !== undefined ? withoutReporter(prepared) : undefined;
  // Jira has created nothing, so that sending the same issues without their reporters creates none twice.
  if (without !== undefined && lease.holds()) made = await send(without);
  return made === undefined ? lookFor(performance.now() - sentAt) : kept(made);
}

/** Converts Jira's answer to an outcome. Returns undefined when the outcome is unknown. */
function settledOne(creation: Creation): Settled | undefined {
  if (creation.state === 'created') return { state: 'created', created: [{ id: creation.id, key: creation.key }] };
  if (creation.state === 'refused') {
    return { state: 'refused', reason: creation.reason, fields: creation.fields };
  }
  return creation.state === 'failed' ? { state: 'refused', reason: creation.trouble.message } : undefined;
}

function settledMany(creations: Creations): Settled | undefined {
  if (creations.state === 'unknown') return undefined;
  if (creations.state !== 'answered') return { state: 'refused', reason: creations.trouble.message };
  const reasons = creations.issues.flatMap((issue) => (issue.state === 'refused' ? [issue.reason] : []));
  if (reasons.length === creations.issues.length) {
    const refused = creations.issues.flatMap((issue) => (issue.state === 'refused' ? [issue.fields] : []));
    return { state: 'refused', reason: [...new Set(reasons)].join(' '), fields: Object.assign({}, ...refused) };
  }
  const created = creations.issues.map((issue) =>
    issue.state === 'created' ? { id: issue.id, key: issue.key } : { refused: issue.reason },
  );
  return { state: 'created', created };
}

/** Looks for the issues at each of the times in `jira.looksAfterMs`, until all of them are found. */
async function look(
  { project, request, many, sentAt }: SentCreate,
  jira: Context['services']['jira'],
): Promise<Settled> {
  const ids = await idsOf(request, many);
  for await (const isLast of looks(sentAt, jira.looksAfterMs)) {
    const found = await jira.findCreated({ project, sentAt: dateOf(sentAt) }, ids);
    if (found.state === 'known' && found.value.size === ids.length) return created(ids, found.value);
    if (isLast) return found.state === 'trouble' ? { state: 'unknown', reason: UNSEEN } : unknown(ids, found.value);
  }
  return { state: 'unknown', reason: UNFOUND };
}

function created(ids: readonly string[], found: ReadonlyMap<string, CreatedIssue>): Settled & { state: 'created' } {
  return { state: 'created', created: ids.flatMap((id) => found.get(id) ?? []) };
}

/** The outcome when some or all issues were not found. Issues that were not found may still appear. */
function unknown(ids: readonly string[], found: ReadonlyMap<string, CreatedIssue>): Settled & { state: 'unknown' } {
  if (found.size === 0) return { state: 'unknown', reason: UNFOUND };
  return { state: 'unknown', reason: UNFOUND, found: ids.map((id) => found.get(id) ?? null) };
}

/**
 * Looks once more for issues that may have been created, and stores those that it finds. `by` is the id of the run that looks.
 * @returns the keys that this run found, now or in an earlier attempt.
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
  const looked = await jira.findCreated({ project, sentAt: dateOf(performance.now() - standing.ageMs) }, ids);
  if (looked.state === 'trouble') {
    log.warn({ operation: request, trouble: looked.trouble.kind }, 'a lost create could not be looked for');
    return [];
  }
  const found = looked.value;
  const before = new Set(standing.found?.map((issue) => issue?.key));
  const keys = [...found.values()].map(({ key }) => key).filter((key) => !before.has(key));
  if (keys.length === 0) return [];
  const end = found.size === ids.length ? created(ids, found) : unknown(ids, found);
  return (await creates.adoptLate(request, { ...end, late: { by, keys } }, standing.late?.by)) ? keys : [];
}

/** The ids to look for. A single issue has the request's id, and each of several has an id derived from it. */
async function idsOf(request: string, many: number | undefined): Promise<string[]> {
  if (many === undefined) return [request];
  const { requestIdOf } = await import('../jira/create.ts');
  return Array.from({ length: many }, (_, index) => requestIdOf(request, index));
}

/** Returns the types that a new issue in the project can have, or a sentence that says why there are none. */
export async function typesOf(
  project: string,
  { jira }: Pick<Context['services'], 'jira'>,
): Promise<readonly IssueType[] | { refused: string }> {
  const types = await jira.issueTypes(project);
  switch (types.state) {
    case 'known':
      return types.value;
    case 'trouble':
      return { refused: types.trouble.message };
    case 'not found':
      return { refused: `Maro can’t create issues in ${project}.` };
    case 'not allowed':
      return { refused: `Maro isn’t allowed to create issues in ${project}.` };
  }
}

/** Finds a type by its id or by its name, in any case. Without either, the project's default type. */
export function typeNamed(types: readonly IssueType[], typed: string | undefined): IssueType | undefined {
  if (typed === undefined) return defaultType(types);
  const { compare } = new Intl.Collator(undefined, { sensitivity: 'accent' });
  const text = typed.trim();
  return types.find(({ name }) => compare(name, text) === 0) ?? types.find(({ id }) => id === text);
}

/** Whether a new issue of this type can have a description. If Jira cannot be asked, true: Jira then decides itself. */
export async function takesDescription(
  project: string,
  type: string,
  { jira }: Pick<Context['services'], 'jira'>,
): Promise<boolean> {
  const takes = await jira.takesDescription(project, type);
  return takes.state !== 'known' || takes.value;
}

/** The name that Jira requires of an epic in some projects: its summary. Empty for other types, and where Jira wants no name. */
export async function epicName(
  project: string,
  type: IssueType,
  summary: string,
  { jira }: Pick<Context['services'], 'jira'>,
): Promise<Record<string, unknown>> {
  if (type.hierarchyLevel !== 1) return {};
  const fields = await jira.fields(project, type.id);
  if (fields.state !== 'known') return {};
  return Object.fromEntries(fields.value.flatMap(({ id, kind }) => (kind === 'epic_name' ? [[id, summary]] : [])));
}

/** Returns the description if a new issue of the type can have one. Otherwise `left` says that it is left out. */
export async function fitting(
  description: NewIssue['description'],
  project: string,
  type: IssueType,
  services: Pick<Context['services'], 'jira'>,
): Promise<{ description: NewIssue['description']; left: string }> {
  const fits = description === undefined || (await takesDescription(project, type.id, services));
  return fits ? { description, left: '' } : { description: undefined, left: noDescription(project, type.name) };
}

/** Says that an issue of this type gets no description. */
export function noDescription(project: string, type: string): string {
  return `${harmless(type)} in ${project} has no description field, so the text and the message link are left out.`;
}

/** What Maro does later about an unknown outcome, in a sentence; empty when it knows no person or channel to tell. */
export function laterLook({ channel, user }: Pick<Draft, 'channel' | 'user'>): string {
  return channel || user ? 'Maro will look again in 1, 5, and 30 minutes and tell you what turns up.' : '';
}

/** Says that `what` may or may not exist, why that is unknown, and what to do about it. */
export function doubtful(
  what: string,
  project: string,
  reason: string,
  asker: Pick<Draft, 'channel' | 'user'>,
): string {
  const later = laterLook(asker);
  const doubt = `Jira didn’t answer in time, so ${what} may or may not have been created.`;
  const advice = `Maro won’t repeat the request. Check ${project} before you do.`;
  return [doubt, reason, later, advice].filter((sentence) => sentence !== '').join(' ');
}
