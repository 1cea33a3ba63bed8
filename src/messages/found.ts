import type { KnownBlock, SectionBlock } from '@slack/types';
import type { Issue } from '../issue.ts';
import type { Found, Search } from '../issues/search.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, plainMrkdwn, truncate } from '../slack/text.ts';
import { button, LONGEST_SUMMARY, withNonce } from './blocks.ts';
import { context } from './list.ts';

/** The most issues that an answer shows. */
export const MOST_FOUND = 10;
/** The most characters of what was searched for in a sentence. */
const LONGEST_SEARCH = 200;

/** The action that tracks an issue of a search's answer. */
export const TRACK_FOUND = 'find:track';

/** The issues that a search found, each with a button that tracks it unless the channel tracks it. */
export function foundMessage(
  search: Search,
  { issues, isComplete }: Pick<Found, 'issues' | 'isComplete'>,
  tracked: ReadonlySet<string>,
  notice?: string,
): Message {
  const above = notice === undefined ? [] : [notice];
  const what = truncate(search.typed, LONGEST_SEARCH);
  const name = search.kind === 'jql' ? `the JQL ${what}` : `“${what}”`;
  if (issues.length === 0) {
    const words = search.kind === 'jql' ? '' : ' Jira looks for whole words. Try fewer or other ones.';
    return { text: plainMrkdwn([...above, `Jira found no issues for ${name}.${words}`].join(' ')) };
  }
  const heading = `${issues.length === 1 ? '1 issue' : `${issues.length} issues`} for ${name}`;
  const more = isComplete ? [] : [context('There are more. Add words to narrow the search down.')];
  return {
    text: escapeText([...above, `${heading}.`, ...issues.map(({ key, summary }) => `${key} ${summary}.`)].join(' ')),
    blocks: [
      ...above.map((words) => context(plainMrkdwn(words))),
      { type: 'section', text: { type: 'mrkdwn', text: `*${plainMrkdwn(heading)}*`, verbatim: true } },
      ...issues.map((issue): KnownBlock => foundRow(issue, search, tracked.has(issue.key))),
      ...more,
    ],
  };
}

function foundRow({ site, key, summary, status, assignee }: Issue, search: Search, isTracked: boolean): SectionBlock {
  const title = `<${browseUrl(site, key)}|${key}> ${plainMrkdwn(truncate(summary, LONGEST_SUMMARY))}`;
  const facts = [status, ...(assignee === undefined ? [] : [assignee]), ...(isTracked ? ['tracked'] : [])];
  const text = [title, ...facts.map(plainMrkdwn)].join(' · ');
  const row: SectionBlock = { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
  if (isTracked) return row;
  const label = { accessibility_label: `Track ${key}` };
  return { ...row, accessory: button(TRACK_FOUND, 'Track', withNonce(`${key} ${search.kind} ${search.typed}`), label) };
}
