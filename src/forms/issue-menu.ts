import type { ExternalSelect, MultiExternalSelect, PlainTextOption } from '@slack/types';
import { suggested } from '../issues/suggested.ts';
import { wordsOf } from '../jira/query.ts';
import { parseKeys } from '../key.ts';
import { errorName } from '../log.ts';
import { describedOption, fitsOption, MOST_OPTIONS, optionOf, optionsOf } from '../messages/options.ts';
import type { Services } from '../services.ts';
import type { Suggested } from '../tracker/suggest.ts';
import { within } from '../within.ts';

/** The action_id of a menu that finds issues. */
export const ISSUE_MENU = 'issues:find';

/** Jira may take so long for its suggestions. Without them, the menu has Maro's own. */
const JIRA_WITHIN_MS = 800;
/** How many issues of other channels the menu has at most. */
const MOST_OTHERS = 20;

const PLACEHOLDER = { type: 'plain_text' as const, text: 'Type words or a key' };

/** A menu that finds issues while a person types, and takes one. `typed` is a key or a link that it begins with. */
export function issueMenu(typed: string): ExternalSelect {
  const [initial] = optionsIn(typed);
  return {
    type: 'external_select',
    action_id: ISSUE_MENU,
    min_query_length: 0,
    placeholder: PLACEHOLDER,
    ...(initial === undefined ? {} : { initial_option: initial }),
  };
}

/** The same, but it takes several. */
export function issuesMenu(): MultiExternalSelect {
  return {
    type: 'multi_external_select',
    action_id: ISSUE_MENU,
    min_query_length: 0,
    placeholder: PLACEHOLDER,
  };
}

/**
 * The options for what was typed: keys and links as they were typed, the issues that the channel tracks, others that Maro has
 * stored, and those that Jira suggests in time, each once. Their values are keys or links. One statement and one call to Jira.
 */
export async function issueOptions(
  { tenant, channel }: { tenant: string; channel: string | undefined },
  query: string,
  services: Services,
): Promise<PlainTextOption[]> {
  const { jira, log } = services;
  const typed = wordsOf(query);
  const asked = { tenant, channel: channel ?? '', limit: MOST_OPTIONS, others: MOST_OTHERS };
  const [own, picked] = await Promise.all([
    suggested(query, asked, services).catch((error: unknown): Suggested[] => {
      log.warn({ error: errorName(error) }, 'options could not be read');
      return [];
    }),
    within(JIRA_WITHIN_MS, jira.picker(typed)),
  ]);
  const options = new Map<string, PlainTextOption>();
  for (const { key, summary, status, isTracked } of own) {
    const about = isTracked ? `Tracked here · ${status}` : status;
    options.set(key, describedOption(key, `${key} ${summary}`, about));
  }
  for (const { key, summary } of picked?.state === 'known' ? picked.value : []) {
    if (!options.has(key)) options.set(key, optionOf(key, `${key} ${summary}`));
  }
  const asTyped = optionsIn(typed).filter(({ value = '' }) => !options.has(value));
  return optionsOf([...asTyped, ...options.values()]);
}

/** The keys and the links to issues in what was typed, as options, which no search has to know. */
function optionsIn(typed: string): PlainTextOption[] {
  return parseKeys(typed).flatMap(({ key, host }) => {
    if (key === undefined) return [];
    const name = host === undefined ? key : `${host}/browse/${key}`;
    const value = host === undefined ? key : `https://${name}`;
    return fitsOption(value) ? [optionOf(value, `${name} – as typed`)] : [];
  });
}
