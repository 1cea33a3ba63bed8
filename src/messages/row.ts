import type { PlainTextOption, SectionBlock } from '@slack/types';
import { CATEGORY_TITLE } from '../issue.ts';
import { NOT_VISIBLE, type ShownIssue } from '../issues/visible.ts';
import { isLink } from '../jira/description.ts';
import { browseUrl } from '../key.ts';
import { escapeText, truncate } from '../slack/text.ts';
import type { TrackedIssue } from '../tracker/list.ts';
import { LONGEST_SUMMARY, plain, withNonce } from './blocks.ts';
import { type Exception, exceptions, type Footer } from './footer.ts';

/** The letters that two lines hold in a window of 390 pixels, less what is lost where words wrap. */
const TWO_LINES = 60;
/** The letters of a summary for which a long name or status makes room. */
const GOOD_SUMMARY = 24;
/** The letters of a summary that are kept however long the rest of the row is. */
const LEAST_SUMMARY = 16;
/** The most letters of a name or status, and the most where there is no room for them. */
const LONGEST_FACT = 20;
const SHORT_FACT = 10;
const SEPARATOR = ' · ';
/** The most characters in a message link. Slack's permalinks have about 100, but a workflow step can pass any text. */
const LONGEST_LINK = 255;
/**
 * Slack allows 150 characters in the value of an option.
 * https://docs.slack.dev/reference/block-kit/composition-objects/option-object
 */
const LONGEST_VALUE = 150;

/** A row of the list with its menu. `view` is the encoded view that the list shows after Untrack. */
export function row(issue: ShownIssue, view: string, footer: Footer | undefined): SectionBlock {
  const untrack = withNonce(`untrack ${view} ${issue.key}`);
  const untracking = untrack.length <= LONGEST_VALUE ? [{ text: plain('Untrack'), value: untrack }] : [];
  if (!issue.visible) return rowOf(`*${issue.key}* ${NOT_VISIBLE}`, untracking);
  const { key, site, messageLink } = issue;
  const notes = footer === undefined ? [] : exceptions(issue, footer);
  const { summary, facts } = fitted(issue, notes);
  const title = `<${browseUrl(site, key)}|${key}> ${escapeText(summary)}`;
  const parts = [title, ...facts.map(escapeText), ...notes.map(({ words }) => words)];
  return rowOf(parts.join(SEPARATOR), [
    { text: plain('Open in Jira'), value: 'open', url: browseUrl(site, key) },
    ...untracking,
    ...(isShortLink(messageLink)
      ? [{ text: plain('Where it was mentioned'), value: 'mention', url: messageLink }]
      : []),
  ]);
}

/** A row in words, for screen readers and notifications. */
export function rowWords(issue: ShownIssue): string {
  if (!issue.visible) return `${issue.key} ${NOT_VISIBLE}`;
  const facts = factsOf(issue).map((fact) => shortened(fact, LONGEST_FACT));
  return [`${issue.key} ${shortened(issue.summary, LONGEST_SUMMARY)}`, ...facts]
    .filter((part) => part !== '')
    .join(', ');
}

/**
 * The summary and the facts of a row, shortened to fit into two lines: first the name, then the
 * status, then the summary.
 */
function fitted(issue: TrackedIssue, notes: readonly Exception[]): { summary: string; facts: readonly string[] } {
  const [status, name] = factsOf(issue);
  const long = [status, name].map((fact) => shortened(fact, LONGEST_FACT));
  const shortName = [shortened(status, LONGEST_FACT), shortened(withInitial(name), SHORT_FACT)];
  const short = [status, withInitial(name)].map((fact) => shortened(fact, SHORT_FACT));
  const taken = widthOf(issue.key) + 1 + sum(notes.map(({ width }) => SEPARATOR.length + width));
  const roomBeside = (facts: readonly string[]) =>
    TWO_LINES - taken - sum(facts.filter(isText).map((fact) => SEPARATOR.length + widthOf(fact)));
  const width = widthOf(issue.summary);
  const facts =
    [long, shortName].find((each) => roomBeside(each) >= width) ??
    [shortName].find((each) => roomBeside(each) >= GOOD_SUMMARY) ??
    short;
  const room = Math.max(LEAST_SUMMARY, roomBeside(facts));
  return { summary: shortened(issue.summary, room), facts: facts.filter(isText) };
}

/** The status and the assignee. A status that is called like its category is left out, since the category stands above the row. */
function factsOf({ status, category, assignee = '' }: TrackedIssue): [status: string, assignee: string] {
  return [status.toLowerCase() === CATEGORY_TITLE[category].toLowerCase() ? '' : status, assignee];
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

/** The width of text in letters. The characters of Chinese, Japanese, and Korean, and emoji, are as wide as two. */
function widthOf(text: string): number {
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

function rowOf(text: string, options: PlainTextOption[]): SectionBlock {
  const menu = options.length === 0 ? {} : { accessory: { type: 'overflow' as const, action_id: 'list:row', options } };
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true }, ...menu };
}

/** Whether the text is an https link that is short enough for an option's URL. */
function isShortLink(text: string | undefined): text is string {
  return text !== undefined && text.length <= LONGEST_LINK && isLink(text);
}
