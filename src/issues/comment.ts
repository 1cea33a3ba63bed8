import { randomUUID } from 'node:crypto';
import type { AdfDocument } from '../jira/adf.ts';
import type { IssueKey } from '../key.ts';
import type { Settled } from '../ledger/creates.ts';
import { LeaseLost } from '../ledger/lease.ts';
import type { Context } from '../services.ts';
import { reasonOf } from './act.ts';
import { keep } from './keep.ts';
import { dateOf, looks } from './looks.ts';

/** The comment to add, or the reason why none can be added. */
type Prepared = { key: IssueKey; body: AdfDocument } | { refused: string };

/** `created` has the comment's id and the key of its issue. */
export type Commenting = { state: 'created'; id: string; key: IssueKey } | Exclude<Settled, { state: 'created' }>;

const UNFOUND = 'Maro looked in Jira and found no such comment.';
const UNSEEN = 'Maro couldn’t look in Jira.';

/**
 * Adds a comment, once for each operation. The ledger stores that Jira is about to be asked, and the comment is never sent
 * again. If an earlier attempt stored it without an outcome, or Jira's answer is lost, this function looks for the comment
 * instead. One call to Jira.
 * @throws {DatabaseTrouble} before anything is sent.
 * @throws {LeaseLost} when another process may have taken over the run, before anything is sent; and when the outcome is unknown
 * and could not be stored.
 */
export async function commentOnce(prepare: () => Promise<Prepared>, context: Context): Promise<Commenting> {
  const { operation, lease, services } = context;
  const { creates, jira } = services;
  const prepared = await prepare();
  if ('refused' in prepared) {
    const standing = await creates.find(operation);
    if (standing === undefined) return { state: 'refused', reason: prepared.refused };
    return standing.state === 'sending' ? { state: 'unknown', reason: prepared.refused } : commentingOf(standing);
  }
  const { key, body } = prepared;
  const kept = async (settled: Settled) => commentingOf(await keep(operation, settled, undefined, context));
  const lookFor = async (ageMs: number) => kept(await look(key, performance.now() - ageMs, context));
  if (!lease.holds()) throw new LeaseLost();
  const standing = await creates.begin(operation, randomUUID());
  if (standing.state === 'sending') return lookFor(standing.ageMs);
  if (standing.state !== 'ours') return commentingOf(standing);
  const sentAt = performance.now();
  const commented = await jira.comment(key, body, operation);
  if (commented.state === 'commented') return kept({ state: 'created', created: [{ id: commented.id, key }] });
  if (commented.state === 'unknown') return lookFor(performance.now() - sentAt);
  return kept({ state: 'refused', reason: reasonOf(commented) });
}

/** Looks for the comment at each of the times in `jira.looksAfterMs`. */
async function look(key: IssueKey, sentAt: number, { operation, services: { jira } }: Context): Promise<Settled> {
  for await (const isLast of looks(sentAt, jira.looksAfterMs)) {
    const found = await jira.commentOf(key, operation, dateOf(sentAt));
    if (found.state === 'known' && found.value !== null)
      return { state: 'created', created: [{ id: found.value, key }] };
    if (isLast) return { state: 'unknown', reason: found.state === 'known' ? UNFOUND : UNSEEN };
  }
  return { state: 'unknown', reason: UNSEEN };
}

function commentingOf(settled: Settled): Commenting {
  if (settled.state !== 'created') return settled;
  const [comment] = settled.created;
  if (comment === undefined || 'refused' in comment) throw new Error('a comment is one');
  return { state: 'created', ...comment };
}
