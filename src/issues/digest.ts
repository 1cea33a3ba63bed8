import { type DigestPart, digestOf, type Span } from '../digest.ts';
import { type Move, movesOf } from '../move.ts';
import type { Services } from '../services.ts';
import type { AskedDigest } from '../tracker/digest.ts';

/**
 * What a digest of a channel tells people: only issues that are visible to Maro and of projects that JIRA_PROJECTS allows. Without
 * `events`, it tells everything that a digest can tell. Runs one statement, and does not call Jira.
 * @throws {DatabaseTrouble}
 */
export async function digestShown(
  { events, ...asked }: Omit<AskedDigest, 'projects'> & { events?: readonly string[] | undefined },
  { tracker, jira }: Pick<Services, 'tracker' | 'jira'>,
): Promise<DigestPart[]> {
  const { span, issues } = await tracker.digest({ ...asked, projects: jira.allowedProjects });
  return digestOf(issues, span, events);
}

/**
 * The issues of a channel whose status got another category in the span, of the chosen kinds, as far as people may see them. Runs one
 * statement, and does not call Jira.
 * @throws {DatabaseTrouble}
 */
export async function movesShown(
  { tenant, channel, span, events }: { tenant: string; channel: string; span: Span; events: readonly string[] },
  { tracker, jira }: Pick<Services, 'tracker' | 'jira'>,
): Promise<Move[]> {
  const asked = { tenant, channel, span: { kind: 'span' as const, ...span }, projects: jira.allowedProjects };
  return movesOf((await tracker.digest(asked)).issues, span, events);
}
