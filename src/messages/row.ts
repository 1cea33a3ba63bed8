import type { PlainTextOption, SectionBlock } from '@slack/types';
import { CATEGORY_TITLE, type Issue } from '../issue.ts';
import { NOT_VISIBLE, type ShownIssue } from '../issues/visible.ts';
import { isLink } from '../jira/description.ts';
import { browseUrl } from '../key.ts';
import { plainMrkdwn, truncate } from '../slack/text.ts';
import type { TrackedIssue } from '../tracker/list.ts';
import { dayWords } from '../zone.ts';
import { LONGEST_SUMMARY, plain, withNonce } from './blocks.ts';
import type { Doing } from './doing.ts';
import { type Exception, exceptions, type Footer } from './footer.ts';
import { encodeIssueAct, MORE, MOVE } from './issue-act.ts';
import { fitsOption } from './options.ts';

/** The letters that two lines hold in a window of 390 pixels, less what is lost where words wrap. */
const TWO_LINES = 60;
/** A long name or status is shortened until the summary has room for this many letters. */
const GOOD_SUMMARY = 24;
/** The letters of a summary that are shown however long the rest of the row is. */
const LEAST_SUMMARY = 16;
/** The most letters of a name or status, and the most where there is no room for them. */
const LONGEST_FACT = 20;
const SHORT_FACT = 10;
const OVERDUE = 'overdue';
const SEPARATOR = ' · ';
/** The most characters in a message link. Slack's permalinks have about 100, but a workflow step can pass any text. */
const LONGEST_LINK = 255;

type Visible = Extract<ShownIssue, { visible: true }>;

/** The actions of the menus in the rows of the list and of the board. */
export const LIST_ROW = 'list:row';
export const BOARD_ROW = 'board:row';

/** A row of the list with its menu. `view` is the encoded view that the list shows after Untrack. `doing` marks the rows of its issues. */
export function row(shown: ShownIssue, view: string, footer: Footer | undefined, doing?: Doing): SectionBlock {
  const mark = markOf(shown, doing);
  const issue = marked(shown, mark);
  const untrack = withNonce(`untrack ${view} ${issue.key}`);
  const untracking = fitsOption(untrack) ? [{ text: plain('Untrack'), value: untrack }] : [];
  if (!issue.visible) return rowOf(rowText(issue, []), LIST_ROW, untracking);
  const { messageLink } = issue;
  const notes = [
    ...(mark === undefined ? [] : [noteOf(mark)]),
    ...(footer === undefined ? [] : exceptions(issue, footer)),
  ];
  return rowOf(rowText(issue, notes), LIST_ROW, [
    ...issueEntries(issue, view),
    ...untracking,
    ...(isShortLink(messageLink) ? [{ text: plain('View message'), value: 'mention', url: messageLink }] : []),
  ]);
}

/** A row of the board with its menu. */
export function boardRow(issue: ShownIssue, notes: readonly Exception[]): SectionBlock {
  const untrack = withNonce(`untrack ${issue.key}`);
  return rowOf(rowText(issue, notes), BOARD_ROW, [
    ...(issue.visible ? issueEntries(issue, undefined) : []),
    ...(fitsOption(untrack) ? [{ text: plain('Untrack'), value: untrack }] : []),
  ]);
}

/** The entries of a menu that open an issue in Jira, and forms about it. `list` is the encoded view of a list that shows the issue. */
export function issueEntries({ site, key }: Pick<Issue, 'site' | 'key'>, list: string | undefined): PlainTextOption[] {
  const acts = [
    { text: plain('Move to…'), value: encodeIssueAct({ action: MOVE, key, list }) },
    { text: plain('More…'), value: encodeIssueAct({ action: MORE, key, list }) },
  ].filter(({ value }) => fitsOption(value));
  return [{ text: plain('Open in Jira'), value: 'open', url: browseUrl(site, key) }, ...acts];
}

function rowText(issue: ShownIssue, notes: readonly Exception[]): string {
  if (!issue.visible) return `*${issue.key}* ${NOT_VISIBLE}`;
  const { summary, facts } = fitted(issue, notes);
  const title = `<${browseUrl(issue.site, issue.key)}|${issue.key}> ${plainMrkdwn(summary)}`;
  return [title, ...facts.map(plainMrkdwn), ...notes.map(({ words }) => words)].join(SEPARATOR);
}

/** A row in words, for screen readers and notifications. */
export function rowWords(shown: ShownIssue, doing?: Doing): string {
  const mark = markOf(shown, doing);
  const issue = marked(shown, mark);
  if (!issue.visible) return `${issue.key} ${NOT_VISIBLE}`;
  const facts = [
    ...factsOf(issue).map((fact) => shortened(fact, LONGEST_FACT)),
    overdueWords(issue),
    mark?.words ?? '',
  ];
  return [`${issue.key} ${shortened(issue.summary, LONGEST_SUMMARY)}`, ...facts]
    .filter((part) => part !== '')
    .join(', ');
}

/** Returns `doing` if Maro is changing this issue. */
function markOf(issue: ShownIssue, doing: Doing | undefined): Doing | undefined {
  return issue.visible && doing?.keys.some((key) => key === issue.key) ? doing : undefined;
}

/** The issue without the fact that the mark replaces. */
function marked<T extends ShownIssue>(issue: T, mark: Doing | undefined): T {
  return mark?.instead === undefined ? issue : { ...issue, [mark.instead]: '' };
}

function noteOf({ words }: Doing): Exception {
  return { words: `_${plainMrkdwn(words)}_`, width: widthOf(words) };
}

/**
 * The summary and the facts of a row, shortened to fit into two lines: first the name, then the status, then the summary. An
 * overdue issue says so before it gives the whole name. If there is no room, it leaves out since when, and then the name.
 */
function fitted(issue: Visible, notes: readonly Exception[]): { summary: string; facts: readonly string[] } {
  const [status, name] = factsOf(issue);
  const since = overdueWords(issue);
  const long = [shortened(status, LONGEST_FACT), shortened(name, LONGEST_FACT), since];
  const shortName = [shortened(status, LONGEST_FACT), shortened(withInitial(name), SHORT_FACT), since];
  const short = [shortened(status, SHORT_FACT), shortened(withInitial(name), SHORT_FACT), since];
  const shorter =
    issue.overdue === undefined
      ? []
      : [
          [...short.slice(0, 2), OVERDUE],
          [...short.slice(0, 1), OVERDUE],
        ];
  const taken = widthOf(issue.key) + 1 + sum(notes.map(({ width }) => SEPARATOR.length + width));
  const roomBeside = (facts: readonly string[]) =>
    TWO_LINES - taken - sum(facts.filter(isText).map((fact) => SEPARATOR.length + widthOf(fact)));
  const width = widthOf(issue.summary);
  const facts =
    [long, shortName].find((each) => roomBeside(each) >= width) ??
    [shortName].find((each) => roomBeside(each) >= GOOD_SUMMARY) ??
    [short, ...shorter].find((each) => roomBeside(each) >= LEAST_SUMMARY) ??
    shorter.at(-1) ??
    short;
  const room = Math.max(LEAST_SUMMARY, roomBeside(facts));
  return { summary: shortened(issue.summary, room), facts: facts.filter(isText) };
}

/** The status and the assignee. A status that is called like its category is left out, since the category stands above the row. */
function factsOf({ status, category, assignee = '' }: TrackedIssue): [status: string, assignee: string] {
  return [status.toLowerCase() === CATEGORY_TITLE[category].toLowerCase() ? '' : status, assignee];
}

/** Since when an issue is overdue, such as `overdue since Nov 20`; empty if it is not. */
function overdueWords({ overdue }: Visible): string {
  if (overdue === undefined) return '';
  const day = dayWords(overdue.since);
  return `${OVERDUE} since ${overdue.isThisYear ? day.replace(/, \d+$/, '') : day}`;
}

/** A name with its last part as an initial, such as `Ada L.`, if the last part begins with a capital letter. */
function withInitial(name: string): string {
  const [first = '', ...others] = name.split(' ');
  const [initial = ''] = others.at(-1) ?? '';
  return /\p{Lu}/u.test(initial) ? `${first} ${initial}.` : name;
}

/** Shortens text to a width in letters. */
function shortened(text: string, width: number): string {
  const whole = widthOf(text);
  return whole <= width ? text : truncate(text, Math.floor((width * text.length) / Math.max(text.length, whole)));
}

const WIDE = /[\u1100-\uffff]/;

/** The width of text in letters. The characters of Chinese, Japanese, and Korean, and emoji, are as wide as two. */
function widthOf(text: string): number {
  if (!WIDE.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += character >= '\u1100' ? 2 : 1;
  return width;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function isText(text: string): boolean {
  return text !== '';
}

function rowOf(text: string, action_id: string, options: PlainTextOption[]): SectionBlock {
  const menu = options.length === 0 ? {} : { accessory: { type: 'overflow' as const, action_id, options } };
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true }, ...menu };
}

/** Whether the text is an https link that is short enough for an option's URL. */
function isShortLink(text: string | undefined): text is string {
  return text !== undefined && text.length <= LONGEST_LINK && isLink(text);
}
