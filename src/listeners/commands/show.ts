import { describedBy } from '../../issues/described.ts';
import { untrackedOf } from '../../issues/untracked.ts';
import { issueCard } from '../../messages/issue-card.ts';
import { escapeText } from '../../slack/text.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';

/** Shows one issue with its description and what changed last. */
export const show: Answers = (rest, { command, channel }, context) =>
  guarded('show', context, async () => {
    if (rest === '') return { text: `Add an issue key, such as \`${command} show PLAT-12\`.` };
    const found = await describedBy(rest, context);
    if ('because' in found) return { text: escapeText(found.because) };
    const { described, last } = found;
    const untracked = await untrackedOf([described.issue.key], channel, context);
    return issueCard(described, { last, untracked });
  });
