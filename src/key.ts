import { unescaped } from './unescaped.ts';

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

/** The URL that opens an issue at one of its comments, as Jira’s own link to a comment does. */
export function commentUrl(site: string, key: IssueKey, comment: string): string {
  return `${browseUrl(site, key)}?focusedCommentId=${comment}`;
}

/**
 * A token of typed text: something in Slack's angle brackets, or text without spaces, commas, and semicolons,
 * except the semicolon of one of Slack's escapes.
 */
const TOKEN = /<[^<>]*>|(?:&(?:amp|lt|gt);|[^\s,;<])+|</g;
/** A word of prose, or a person's name as in a mention. */
const WORD = /^@?\p{L}[\p{L}\p{M}'’-]*$/u;
const LETTER = /[\p{L}\p{N}]/u;

/**
 * Reads issue keys and links, in upper or lower case, separated by spaces, commas, semicolons, slashes, or line breaks,
 * whatever quotes and punctuation surround them. Drops repeats. Other words that stand in a row become one item. Links are
 * those that `keyInUrl` knows, also in Slack's formats, `<https://…>` and `<https://…|words>`, and without `https://`.
 */
export function parseKeys(text: string): Typed[] {
  const typed: Typed[] = [];
  const words: string[] = [];
  const parsed = new Set<string>();
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const isNew = !parsed.has(token);
    if (isNew && !LETTER.test(unescaped(token))) continue;
    const word = isNew ? bareOf(token) : '';
    if (WORD.test(word)) {
      // A word that touches a link, such as `Issue:<https://…>`, belongs to the link.
      if (!text.startsWith('<http', index + token.length)) words.push(token.startsWith('#') ? `#${word}` : word);
      continue;
    }
    if (words.length > 0) typed.push({ text: readable(words.splice(0).join(' ')) });
    if (isNew) typed.push(...parseBare(word));
    parsed.add(token);
  }
  if (words.length > 0) typed.push({ text: readable(words.join(' ')) });
  return distinct(typed);
}

/** The items that can be shown, each once. */
function distinct(typed: readonly Typed[]): Typed[] {
  const seen = new Map<string, Typed>();
  for (const each of typed) {
    const identity = each.key === undefined ? each.text : `${each.key} ${each.host ?? ''}`;
    if (each.text !== '' && !seen.has(identity)) seen.set(identity, each);
  }
  return [...seen.values()];
}

/** Every key has a hyphen, as `inAscii` knows it, and every link a slash. */
const MAY_BE_KEY = /[-/‐‑−－]/;

function parseBare(bare: string): Typed[] {
  const text = readable(bare);
  if (!MAY_BE_KEY.test(bare)) return [{ text }];
  if (/^https?:\/\//i.test(bare)) {
    const address = URL.parse(bare);
    return [address === null ? { text } : { text, host: address.host, key: keyInUrl(address) }];
  }
  const keys = bare.replace(/\/$/, '').split(BETWEEN_KEYS).map(keyInWord);
  if (keys.every((key) => key !== undefined)) return keys.map((key) => ({ text: key, key }));
  // People copy addresses without the scheme.
  const address = /^[\w-]+(?:\.[\w-]+)+(?::\d+)?\//.test(bare) ? URL.parse(`https://${bare}`) : null;
  const key = address === null ? undefined : keyInUrl(address);
  return [address === null || key === undefined ? { text } : { text, host: address.host, key }];
}

/** What stands between keys that are written without spaces. Commas and semicolons separate tokens. */
const BETWEEN_KEYS = /[/|+&、，；]/;

/** The key in a word such as `PLAT-1`, `#PLAT-1`, `Issue:PLAT-1`, or `PLAT-1’s`; undefined if there is none. */
function keyInWord(word: string): IssueKey | undefined {
  const [, unlabeled = word] = (/[:=]/.test(word) && /^\p{L}+[:=](.*)$/u.exec(word)) || [];
  const [, owner = unlabeled] = (unlabeled.endsWith('s') && /^([^'’]*)['’]s$/.exec(unlabeled)) || [];
  return parseKey(trimmed(inAscii(owner), MARKS, MARKS));
}

/** The text with ASCII characters for full-width ones, and with ASCII hyphens for those that word processors put in their place. */
function inAscii(text: string): string {
  if (!/[^!-~]/.test(text)) return text;
  const narrow = (letter: string) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0);
  return text.replace(/[！-～]/g, narrow).replace(/[‐‑−]/g, '-');
}

const BEFORE = new Set('([{"\'`*~#“”„‘’«‹•→–—（「『【《');
const BEHIND = new Set(')]}"\'`*~.,;:!?…“”’‘»›→–—）」』】》。、，；：！？');

/** Brackets that a person typed around a word or a link. In Slack's own brackets there is nothing to take off. */
const BRACKETS = { before: new Set([...BEFORE, '<']), behind: new Set([...BEHIND, '<', '>']) };

/** Marks that Slack and other tools put around words. */
const MARKS = new Set('_-#');

/** A token without Slack's markup and escapes, without the label of a link, and without the punctuation around it. */
function bareOf(token: string): string {
  const inBrackets = token.startsWith('<');
  const isLink = /^<https?:/i.test(token);
  const text = unescaped(isLink ? token.slice(1, token.endsWith('>') ? -1 : undefined) : token);
  const bare = inBrackets ? withoutPunctuation(text) : withoutPunctuation(text, BRACKETS);
  if (!bare.includes(':')) return bare;
  if (/^https?:/i.test(bare)) return bare.split('|', 1)[0] ?? '';
  // Markdown and Jira's markup name the label first: [PLAT-1](https://…) and [PLAT-1|https://…].
  const [, labeled] = (!inBrackets && /(?:\]\(|\|)(https?:\/\/.*)$/is.exec(bare)) || [];
  return labeled ?? bare;
}

/** The text without format characters, such as a zero-width space, and without the punctuation around it. */
function withoutPunctuation(text: string, { before, behind } = { before: BEFORE, behind: BEHIND }): string {
  const visible = /[^!-~]/.test(text) ? text.replace(/\p{Cf}/gu, '') : text;
  return trimmed(visible, before, behind);
}

/** Uses a loop, because a regular expression that ends in `+$` takes quadratic time on a long run of punctuation. */
function trimmed(text: string, before: ReadonlySet<string>, behind: ReadonlySet<string>): string {
  let start = 0;
  let end = text.length;
  while (start < end && before.has(text.charAt(start))) start += 1;
  while (end > start && behind.has(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/**
 * The key in the address of a page that Jira shows for an issue: the issue itself, a board with the issue
 * selected, or a request in a service project's portal or queue.
 */
function keyInUrl(url: URL): IssueKey | undefined {
  const inPath = /\/(?:browse|issues|portal\/\d+|queues\/issue|custom\/\d+)\/([^/]+)\/?$/i.exec(url.pathname)?.[1];
  return parseKey(url.searchParams.get('selectedIssue') ?? withoutPunctuation(decoded(inPath ?? '').trim()));
}

/** The text without percent-encoding, such as that of a space at the end of a copied address. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The parts of prose that may hold a key. */
const PART = /[\p{L}\p{N}_-]+/gu;

/**
 * The keys in prose. They have to be in capitals, so that covid-19 is no key. A key may be part of a branch's name, as in
 * `feature/PLAT-12-fix-login`, but not of something longer that ends in a number, as in ISO-8859-1.
 */
export function keysInProse(prose: string): IssueKey[] {
  const keys: IssueKey[] = [];
  if (!/[-‐‑−－][1-9１-９]/.test(prose)) return keys;
  for (const [part] of inAscii(prose).matchAll(PART)) {
    const pieces = part.split('-');
    for (const [index, piece] of pieces.entries()) {
      const [, number] = (index > 0 && /^([1-9]\d*)(?:_|$)/.exec(piece)) || [];
      if (number === undefined || /^\d/.test(pieces[index + 1] ?? '')) continue;
      if (index > 1 && !/\p{Ll}$/u.test(pieces[index - 2] ?? '')) continue;
      const project = projectAtEnd(pieces[index - 1] ?? '');
      const key = project === undefined ? undefined : parseKey(`${project}-${number}`);
      if (key !== undefined) keys.push(key);
    }
  }
  return keys;
}

/** The project's key at the end of `feature_PLAT`, `_PLAT`, or `PLAT`; undefined if there is none. */
function projectAtEnd(piece: string): string | undefined {
  const whole = trimmed(piece, MARKS, MARKS);
  return [whole, whole.slice(whole.lastIndexOf('_') + 1)].find((key) => /^[A-Z][A-Z0-9_]+$/.test(key));
}

/**
 * The text as one line that PostgreSQL and Slack both accept: no control
 * characters, no unpaired surrogates, and at most 80 characters.
 */
export function readable(text: string): string {
  const line = /[^!-~]/.test(text) ? text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '') : text;
  if (line.length <= LONGEST_TEXT) return line;
  // A character has at most two UTF-16 code units, so this slice has at least 81 characters if the text does.
  const letters = [...line.slice(0, 2 * LONGEST_TEXT + 2)];
  return letters.length > LONGEST_TEXT ? `${letters.slice(0, LONGEST_TEXT - 1).join('')}…` : line;
}
