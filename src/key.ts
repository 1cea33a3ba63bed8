/** An issue key in upper case, as Jira spells it. */
export type IssueKey = string;

/**
 * What a person typed for one issue: a key, a link to an issue on some host, or neither.
 * `text` is what they typed, made safe to show: one line, at most 80 characters.
 */
export type Typed =
  | { text: string; key: IssueKey; host?: undefined }
  | { text: string; key: IssueKey | undefined; host: string }
  | { text: string; key?: undefined; host?: undefined };

// Jira Cloud: a project key begins with a letter; letters, digits and underscores follow. Data Center allows 255 in all.
// An issue's number has no leading zero and fits 18 digits. Nothing else ever reaches a Jira address.
const KEY = /^[A-Za-z]\w+-[1-9]\d*$/;
const PROJECT = /^[A-Za-z]\w+$/;
const LONGEST_KEY = 255;
const MOST_DIGITS = 18;
/** What is shown of something typed, in letters. */
const LONGEST_TEXT = 80;

/** The key in upper case, or undefined when `text` is no issue key. */
export function parseKey(text: string): IssueKey | undefined {
  if (text.length > LONGEST_KEY || !KEY.test(text)) return undefined;
  const digits = text.length - text.lastIndexOf('-') - 1;
  return digits > MOST_DIGITS ? undefined : text.toUpperCase();
}

/** The key in upper case, or undefined when `text` is no key of a project. */
export function parseProjectKey(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed.length <= LONGEST_KEY && PROJECT.test(trimmed) ? trimmed.toUpperCase() : undefined;
}

/** The key of the project that the issue is in: `PLAT` of `PLAT-12`. */
export function projectOf(key: IssueKey): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/** The address without slashes at its end, and without a query. */
export function addressOf({ origin, pathname }: URL): string {
  const parts = pathname.split('/');
  return origin + parts.slice(0, parts.findLastIndex((part) => part !== '') + 1).join('/');
}

/** The address of an issue's page. */
export function browseUrl(site: string, key: IssueKey): string {
  return `${site}/browse/${key}`;
}

/**
 * The address of Jira's own form for a new issue of a project and a type, by their ids, with what was typed as its summary.
 * Jira's documentation, "Creating issues via direct HTML links".
 */
export function createUrl(
  site: string,
  { project, type, summary }: { project: string; type: string; summary: string },
) {
  const query = new URLSearchParams({ pid: project, issuetype: type, summary });
  return `${site}/secure/CreateIssueDetails!init.jspa?${query}`;
}

/**
 * Reads keys and links, in any case, separated by spaces, commas or new lines; each thing typed once.
 * Links are `…/browse/KEY`, `…/issues/KEY` and `…?selectedIssue=KEY`, also in the forms in which Slack wraps a link,
 * `<https://…>` and `<https://…|words>`.
 */
export function parseKeys(text: string): Typed[] {
  const seen = new Map<string, Typed>();
  for (const token of text.match(/<https?:[^<>]*>|[^\s,]+/gi) ?? []) {
    const typed = parseToken(token);
    const identity = typed.key === undefined ? typed.text : `${typed.key} ${typed.host ?? ''}`;
    if (typed.text !== '' && !seen.has(identity)) seen.set(identity, typed);
  }
  return [...seen.values()];
}

function parseToken(token: string): Typed {
  const bare = token.startsWith('<') ? (/^<(https?:[^|>]*)(\|[^>]*)?>$/i.exec(token)?.[1] ?? token) : token;
  const trimmed = withoutPunctuation(bare);
  const text = readable(trimmed === '' ? bare : trimmed);
  if (!/^https?:\/\//i.test(trimmed)) {
    const key = parseKey(trimmed);
    return key === undefined ? { text } : { text, key };
  }
  const url = URL.parse(trimmed);
  return url === null ? { text } : { text, host: url.host, key: keyInUrl(url) };
}

const BEFORE = new Set('([{"\'`*~');
const BEHIND = new Set(')]}"\'`*~.;:!');

/** What stands between brackets, quotes and marks. A pattern that ends in `+$` would try each of many marks anew. */
function withoutPunctuation(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BEFORE.has(text.charAt(start))) start += 1;
  while (end > start && BEHIND.has(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function keyInUrl(url: URL): IssueKey | undefined {
  const inPath = /\/(?:browse|issues)\/([^/]+)\/?$/i.exec(url.pathname)?.[1];
  return parseKey(url.searchParams.get('selectedIssue') ?? inPath ?? '');
}

/** One line that PostgreSQL and Slack both take: no control characters, no half surrogates, at most 80 characters. */
function readable(text: string): string {
  const line = /[^!-~]/.test(text) ? text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '') : text;
  if (line.length <= LONGEST_TEXT) return line;
  // A letter has at most two units, so these hold the first that is too many.
  const letters = [...line.slice(0, 2 * LONGEST_TEXT + 2)];
  return letters.length > LONGEST_TEXT ? `${letters.slice(0, LONGEST_TEXT - 1).join('')}…` : line;
}
