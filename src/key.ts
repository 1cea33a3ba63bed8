/** An issue key in upper case, as Jira writes it. */
export type IssueKey = string;

/**
 * One item that a person typed: an issue key, a link, or other text. `text`
 * is what they typed, made safe to show: one line of at most 80 characters.
 */
export type Typed =
  | { text: string; key: IssueKey; host?: undefined }
  | { text: string; key: IssueKey | undefined; host: string }
  | { text: string; key?: undefined; host?: undefined };

// Jira Cloud: a project key starts with a letter, followed by letters, digits, and underscores. Data Center allows 255
// characters. An issue number has no leading zero and fits in 18 digits. Only keys of this form are put into Jira URLs.
const KEY = /^[A-Za-z]\w+-[1-9]\d*$/;
const PROJECT = /^[A-Za-z]\w+$/;
const LONGEST_KEY = 255;
const MOST_DIGITS = 18;
/** The maximum number of characters of typed text that Maro shows. */
const LONGEST_TEXT = 80;

/** The key in upper case, or undefined if `text` is not an issue key. */
export function parseKey(text: string): IssueKey | undefined {
  if (text.length > LONGEST_KEY || !KEY.test(text)) return undefined;
  const digits = text.length - text.lastIndexOf('-') - 1;
  return digits > MOST_DIGITS ? undefined : text.toUpperCase();
}

/** The key in upper case, or undefined if `text` is not a project key. Whitespace around the key is ignored. */
export function parseProjectKey(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed.length <= LONGEST_KEY && PROJECT.test(trimmed) ? trimmed.toUpperCase() : undefined;
}

/** The key of the issue's project: `PLAT` for `PLAT-12`. */
export function projectOf(key: IssueKey): string {
  return key.slice(0, key.lastIndexOf('-'));
}

/** The URL without trailing slashes, query, and fragment. */
export function addressOf({ origin, pathname }: URL): string {
  const parts = pathname.split('/');
  return origin + parts.slice(0, parts.findLastIndex((part) => part !== '') + 1).join('/');
}

export function browseUrl(site: string, key: IssueKey): string {
  return `${site}/browse/${key}`;
}

/**
 * The URL of Jira's own form for a new issue. `project` and `type` are ids; `summary` fills
 * in the summary. Source: Jira's documentation, "Creating issues via direct HTML links".
 */
export function createUrl(
  site: string,
  { project, type, summary }: { project: string; type: string; summary: string },
) {
  const query = new URLSearchParams({ pid: project, issuetype: type, summary });
  return `${site}/secure/CreateIssueDetails!init.jspa?${query}`;
}

/**
 * Reads issue keys and links, in upper or lower case, separated by spaces, commas, or line
 * breaks. Drops repeats. Links are `…/browse/KEY`, `…/issues/KEY`, and `…?selectedIssue=KEY`,
 * including links in Slack's formats, `<https://…>` and `<https://…|words>`.
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

/**
 * The text without surrounding brackets, quotes, and punctuation. A loop and
 * not a pattern: a pattern that ends in `+$` starts over at each of many marks.
 */
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

/**
 * The text as one line that PostgreSQL and Slack both accept: no control
 * characters, no unpaired surrogates, and at most 80 characters.
 */
function readable(text: string): string {
  const line = /[^!-~]/.test(text) ? text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '') : text;
  if (line.length <= LONGEST_TEXT) return line;
  // A character has at most two UTF-16 code units, so this slice has at least 81 characters if the text does.
  const letters = [...line.slice(0, 2 * LONGEST_TEXT + 2)];
  return letters.length > LONGEST_TEXT ? `${letters.slice(0, LONGEST_TEXT - 1).join('')}…` : line;
}
