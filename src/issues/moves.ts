import type { Issue } from '../issue.ts';
import type { BulkStep } from '../jira/bulk.ts';
import type { IssueKey } from '../key.ts';
import type { Services } from '../services.ts';
import { harmless, truncate } from '../slack/text.ts';
import { MAY_NOT_CHANGE_SEVERAL } from './bulk.ts';
import { isNamed } from './transition.ts';

/** The steps that an issue can take in bulk. `hasOthers`: Jira may offer it more steps when it is moved alone. */
export type Steps = { steps: readonly BulkStep[]; hasOthers: boolean };

const LONGEST_NAME = 80;

/**
 * The steps that each issue can take in bulk, by key. Jira lists only the steps that all given issues of a workflow have in common,
 * so this asks for the issues of each status separately: one call for each status. `because` is whole sentences that say why Jira
 * lists none.
 */
export async function stepsOf(
  issues: readonly Issue[],
  { jira }: Pick<Services, 'jira'>,
): Promise<ReadonlyMap<IssueKey, Steps> | { because: string }> {
  const byStatus = [...Map.groupBy(issues, ({ status }) => status).values()];
  const answers = await Promise.all(byStatus.map((some) => jira.bulkSteps(some.map(({ key }) => key))));
  const all = new Map<IssueKey, Steps>();
  for (const answer of answers) {
    if (answer.state === 'refused') return { because: harmless(answer.reason) };
    if (answer.state === 'trouble') {
      const { kind, message } = answer.trouble;
      return { because: kind === 'forbidden' ? MAY_NOT_CHANGE_SEVERAL : message };
    }
    for (const { keys, steps, hasOthers } of answer.value) for (const key of keys) all.set(key, { steps, hasOthers });
  }
  return all;
}

/** Finds the step that `words` name, by its status or its own name. `because`: a sentence that says why there is none. */
export function stepNamed(
  words: string,
  { steps, hasOthers }: Steps = { steps: [], hasOthers: false },
): BulkStep | { because: string } {
  const named = steps.find(({ to }) => isNamed(words, to.name)) ?? steps.find(({ name }) => isNamed(words, name));
  if (named !== undefined) return named;
  const status = harmless(truncate(words.trim(), LONGEST_NAME));
  return {
    because: hasOthers
      ? `Jira doesn’t offer “${status}” now, or asks for more fields. Try Move to… in the issue’s own menu.`
      : `Jira doesn’t offer “${status}” now.`,
  };
}
