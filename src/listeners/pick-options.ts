import type { PlainTextOption } from '@slack/types';
import { suggested } from '../issues/suggested.ts';
import { describedOption, fitsOption, MOST_OPTIONS } from '../messages/options.ts';
import { parsePickMenu, pickValue } from '../messages/pick.ts';
import type { Services } from '../services.ts';

/** The options of a question's menu: the channel's issues that match what was typed. One statement, and no call to Jira. */
export async function pickOptions(
  block: string,
  query: string,
  { tenant, services }: { tenant: string; services: Pick<Services, 'tracker' | 'jira'> },
): Promise<PlainTextOption[]> {
  const question = parsePickMenu(block);
  if (question === undefined) return [];
  const asked = { tenant, channel: question.channel, limit: MOST_OPTIONS, others: 0 };
  return (await suggested(query, asked, services)).flatMap(({ key, summary, status }) => {
    const value = pickValue(question, key);
    return fitsOption(value) ? [describedOption(value, `${key} ${summary}`, status)] : [];
  });
}
