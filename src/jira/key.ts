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
const KEY = /^[A-Z][A-Z0-9_]{1,254}-[1-9]\d{0,17}$/;
const LONGEST_KEY = 255;
const PROJECT = /^[A-Z][A-Z0-9_]{1,254}$/;

/** The key in upper case, or undefined when `text` is no issue key. */
export function parseKey(text: string): IssueKey | undefined {
  if (text.length > LONGEST_KEY || !/^[\w-]+$/.test(text)) return undefined;
  const key = text.toUpperCase();
  return KEY.test(key) ? key : undefined;
}

/** The key in upper case, or undefined when `text` is no key of a project. */
export function parseProjectKey(text: string): string | undefined {
  const trimmed = text.trim();
  const key = /^\w+$/.test(trimmed) ? trimmed.toUpperCase() : '';
  return PROJECT.test(key) ? key : undefined;
}

/** The key of the project that the issue is in: `PLAT` of `PLAT-12`. */
export function projectOf(key: IssueKey): string {
  return key.slice(0, key.lastIndexOf('-'));
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
  const bare = /^<(https?:[^|>]*)(\|[^>]*)?>$/i.exec(token)?.[1] ?? token;
  const trimmed = bare.replace(/^[([{"'`*~]+|[)\]}"'`*~.;:!]+$/g, '');
  const text = readable(trimmed === '' ? bare : trimmed);
  if (!/^https?:\/\//i.test(trimmed)) {
    const key = parseKey(trimmed);
    return key === undefined ? { text } : { text, key };
  }
  const url = URL.parse(trimmed);
  return url === null ? { text } : { text, host: url.host, key: keyInUrl(url) };
}

function keyInUrl(url: URL): IssueKey | undefined {
  const inPath = /\/(?:browse|issues)\/([^/]+)\/?$/i.exec(url.pathname)?.[1];
  return parseKey(url.searchParams.get('selectedIssue') ?? inPath ?? '');
}

/** One line that PostgreSQL and Slack both take: no control characters, no half surrogates, at most 80 characters. */
function readable(text: string): string {
  const line = text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '');
  const letters = [...line];
  return letters.length > 80 ? `${letters.slice(0, 79).join('')}…` : line;
}
