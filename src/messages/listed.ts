import type { RichTextBlock, RichTextElement, RichTextSection } from '@slack/types';
import type { Issue } from '../issue.ts';
import { browseUrl } from '../key.ts';
import { harmless, truncate } from '../slack/text.ts';
import { section, text } from './blocks.ts';

/** The most lines of a list. Slack cuts a message's text at 40,000 characters, and more lines are tedious to read. */
const MOST_LINES = 100;
const LONGEST_SUMMARY = 150;

/**
 * Issues as the outputs of a step: their keys, a line for each as text, and the same with links. `count` is how many issues there
 * are; the last line says how many of them are left out.
 */
export function listedIssues(
  issues: readonly Issue[],
  count: number,
): { issue_keys: string; text: string; formatted_list: RichTextBlock } {
  const shown = issues.slice(0, MOST_LINES);
  const lines = shown.map(({ key, summary, status, site }) =>
    harmless(`${key} · ${truncate(summary, LONGEST_SUMMARY)} · ${status} · ${browseUrl(site, key)}`),
  );
  const more = count > lines.length ? `… and ${(count - lines.length).toLocaleString('en')} more` : '';
  if (more !== '') lines.push(more);
  return {
    issue_keys: issues.map(({ key }) => key).join(', '),
    text: lines.join('\n'),
    formatted_list: formatted(shown, more),
  };
}

/** The issues as a list with links, and a line for those that are left out. Text elements hold no mentions. */
function formatted(issues: readonly Issue[], more: string): RichTextBlock {
  const items = issues.map(({ key, summary, status, site }): RichTextSection => {
    const link: RichTextElement = { type: 'link', url: browseUrl(site, key), text: key };
    return section(link, text(` ${truncate(summary, LONGEST_SUMMARY)} · ${status}`));
  });
  const list = { type: 'rich_text_list' as const, style: 'bullet' as const, elements: items };
  return {
    type: 'rich_text',
    elements: [...(items.length === 0 ? [] : [list]), ...(more === '' ? [] : [section(text(more))])],
  };
}
