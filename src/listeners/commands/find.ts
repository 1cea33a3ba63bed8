import { search } from '../../issues/search.ts';
import { foundMessage, MOST_FOUND } from '../../messages/found.ts';
import { escapeText } from '../../slack/text.ts';
import { unescaped } from '../../unescaped.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';
import { parseCommand } from './parse-command.ts';

/** Searches Jira for words, or for JQL after the word `jql`, and offers to track what is found. One call to Jira and one trip. */
export const find: Answers = async (rest, { command, channel }, context) => {
  const { verb, rest: jql } = parseCommand(rest);
  const asked =
    verb === 'jql'
      ? { kind: 'jql' as const, typed: unescaped(jql) }
      : { kind: 'words' as const, typed: unescaped(rest).trim() };
  if (asked.typed === '') return { text: `Add words to search for, such as \`${command} find sign-in\`.` };
  return guarded('find', context, async () => {
    const { tenant, services } = context;
    const found = await search({ ...asked, most: MOST_FOUND }, services.jira);
    if ('because' in found) return { text: escapeText(found.because) };
    const keys = found.issues.map(({ key }) => key);
    const tracked = keys.length === 0 ? new Set<string>() : await services.tracker.tracked({ tenant, channel, keys });
    return foundMessage(asked, found, tracked);
  });
};
