import type { HomeView, KnownBlock, PlainTextOption } from '@slack/types';
import { CATEGORY_TITLE, STATUS_CATEGORIES, type StatusCategory } from '../issue.ts';
import { browseUrl } from '../key.ts';
import { plainMrkdwn, truncate } from '../slack/text.ts';
import type { Home, HomeIssue } from '../tracker/home.ts';
import { button, LONGEST_SUMMARY, plain } from './blocks.ts';
import { byIssue, issueWithChanges } from './changes.ts';
import { syncWords } from './footer.ts';
import { context, encodeView, number } from './list.ts';
import { type Notice, noticeBlock } from './notice.ts';
import { issueEntries } from './row.ts';
import { words } from './views.ts';

/** The most that a Home tab lists. Slack allows 100 blocks. */
export const MOST_AT_HOME = { issues: 20, changes: 10, channels: 30 };

/** A person's channels and what they track, or a sentence about why Maro cannot say. */
export type HomeContent = (Home & { category: StatusCategory | undefined; isKnown: boolean }) | string;

export const NO_SCOPE = 'Maro can’t list your channels here. Ask your Maro admin to allow it (code missing_scope).';
export const UNTOLD = 'Slack didn’t list your channels. Open this tab again in a minute.';
const NONE = 'Your channels don’t track any issues yet. Track one above, or type /maro track PLAT-1 in a channel.';
/** The action of the menu in a row. */
export const HOME_ROW = 'home:row';
/** The most characters of a status. */
const LONGEST_STATUS = 40;

/**
 * The Home tab: what Maro is for, three things to do now, the person's issues, what changed lately, the person's channels, and how
 * fresh that is. `checklist`: what an admin does first. `notice`: what the person just did to an issue.
 */
export function homeView(
  content: HomeContent,
  { checklist, notice }: { checklist: boolean; notice?: Notice | undefined },
): HomeView {
  return {
    type: 'home',
    blocks: [
      ...(checklist ? checklistBlocks() : []),
      header('Welcome to Maro'),
      words('Maro tracks the Jira issues each channel cares about. Only you see the list until you share it.'),
      {
        type: 'actions',
        elements: [
          button('open:track', 'Track issues', 'track'),
          button('open:create', 'Create an issue', 'create'),
          button('open:help', 'See all commands', 'help'),
        ],
      },
      { type: 'divider' },
      ...contentBlocks(content, notice),
    ],
  };
}

const CHECKLIST = [
  'Invite Maro to the channels where it should post: type /invite @Maro there. Everything else works without an invite.',
  'Decide what people can see. Maro shows any issue its Jira account can see, unless JIRA_PROJECTS limits it to some projects.',
  'Try a step in Workflow Builder, on a paid Slack plan. The steps are listed under Maro.',
  'Tell your team about /maro.',
];

function checklistBlocks(): KnownBlock[] {
  return [
    header('Set up Maro'),
    words('You’re the first person here, so here’s the checklist for admins.'),
    words(CHECKLIST.map((item) => `• ${item}`).join('\n')),
    { type: 'actions', elements: [button('home:checked', 'Done', 'checked')] },
    { type: 'divider' },
  ];
}

function contentBlocks(content: HomeContent, notice: Notice | undefined): KnownBlock[] {
  if (typeof content === 'string') return [header('Your channels'), words(content)];
  const { changes, channels, sync } = content;
  if (channels.length === 0) return [header('Your channels'), words(NONE)];
  return [
    header('Your issues'),
    ...(notice === undefined ? [] : [noticeBlock(notice)]),
    ...issueBlocks(content),
    header('What changed lately'),
    ...(changes.length === 0
      ? [words('Nothing has changed in your channels’ issues in the last 7 days.')]
      : [{ type: 'rich_text' as const, elements: byIssue(changes).flatMap(issueWithChanges) }]),
    header('Your channels'),
    ...channels.map(({ channel, count }) =>
      mrkdwn(`<#${channel}>  ${count === 1 ? '1 issue' : `${number(count)} issues`}`),
    ),
    context(syncWords(sync)),
  ];
}

function issueBlocks({ issues, counts, category, isKnown }: Exclude<HomeContent, string>): KnownBlock[] {
  if (!isKnown) {
    return [words('Maro can’t tell which Jira account is yours, so here’s what changed in your channels.')];
  }
  const total = counts.new + counts.indeterminate + counts.done;
  if (total === 0) return [words('No issues in your channels are assigned to you.')];
  const count = countOf(counts, category);
  const more = count - issues.length;
  return [
    filter(counts, category),
    ...(issues.length === 0 ? [words('None of your issues are in this part of the list.')] : []),
    ...issues.map((issue) => issueBlock(issue, encodeView({ category, offset: 0 }))),
    ...(more > 0 ? [context(`… and ${number(more)} more`)] : []),
  ];
}

function filter(counts: Home['counts'], category: StatusCategory | undefined): KnownBlock {
  const categories = [undefined, ...STATUS_CATEGORIES];
  const options = categories.map(
    (each): PlainTextOption => ({
      text: plain(`${each === undefined ? 'Open' : CATEGORY_TITLE[each]} (${number(countOf(counts, each))})`),
      value: encodeView({ category: each, offset: 0 }),
    }),
  );
  const chosen = options[categories.indexOf(category)];
  return {
    type: 'actions',
    elements: [
      { type: 'static_select', action_id: 'home:category', options, ...(chosen ? { initial_option: chosen } : {}) },
    ],
  };
}

/** How many of the person's issues are in a category, or are not done. */
function countOf(counts: Home['counts'], category: StatusCategory | undefined): number {
  return category === undefined ? counts.new + counts.indeterminate : counts[category];
}

/** A row with its menu. An issue on a Home tab can be on the lists of several channels, so the menu has no Untrack. */
function issueBlock({ site, key, summary, status, channel }: HomeIssue, view: string): KnownBlock {
  const title = `<${browseUrl(site, key)}|${key}> ${plainMrkdwn(truncate(summary, LONGEST_SUMMARY))}`;
  const text = `${title} · ${plainMrkdwn(truncate(status, LONGEST_STATUS))} · <#${channel}>`;
  const accessory = { type: 'overflow' as const, action_id: HOME_ROW, options: issueEntries({ site, key }, view) };
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true }, accessory };
}

function header(text: string): KnownBlock {
  return { type: 'header', text: plain(text) };
}

function mrkdwn(text: string): KnownBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}
