import type { Query } from '../follow.ts';

/** The most UTF-16 code units of JQL that a person may type. */
export const LONGEST_JQL = 1_000;

/**
 * A value for JQL, in quotes that nothing in the text ends. Characters that cannot be typed become spaces.
 * https://support.atlassian.com/jira-software-cloud/docs/use-advanced-search-with-jira-query-language-jql/
 */
export function quoted(text: string): string {
  const typed = text.toWellFormed().replace(/[\p{Cc}\u2028\u2029]/gu, ' ');
  return `"${typed.replace(/["\\]/g, '\\$&')}"`;
}

/** The condition that a query stands for. JQL must come from `conditionOf`. */
export function jqlOf({ kind, words }: Query): string {
  if (kind === 'jql') return words;
  return `${kind === 'epic' ? 'parent' : kind} = ${quoted(words)}`;
}

/** The condition, limited to issues of these projects. Without projects, it is not limited. */
export function within(condition: string, projects: readonly string[]): string {
  return projects.length === 0 ? condition : `project in (${projects.map(quoted).join(', ')}) AND (${condition})`;
}

/** The most UTF-16 code units of words that a person may search for. */
export const LONGEST_WORDS = 200;

/**
 * The condition for issues that have all the words in their texts, or what is wrong with the words, as a sentence. Jira's
 * operators are searched for as words, and its special characters are left out.
 * https://support.atlassian.com/jira-software-cloud/docs/search-syntax-for-text-fields/
 */
export function wordsCondition(typed: string): { condition: string } | { error: string } {
  if (typed.length > LONGEST_WORDS) return { error: `A search can have ${LONGEST_WORDS} characters.` };
  const words = typed
    .replace(/[-+&|!(){}[\]^~*?:\\/"“”„]/g, ' ')
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (words.length === 0) return { error: 'Add a word to search for.' };
  return { condition: `text ~ ${quoted(words.join(' ').toLowerCase())}` };
}

/**
 * The condition in JQL that a person typed, and its order if it has one, with straight quotes where Slack made them curly. The condition's
 * quotes and parentheses are complete, so that `within` limits all of it. Otherwise, what is wrong with it, as a sentence.
 */
export function conditionOf(jql: string): { condition: string; order: string } | { error: string } {
  if (jql.length > LONGEST_JQL) return { error: `JQL can have ${LONGEST_JQL.toLocaleString('en')} characters here.` };
  let condition = '';
  let order = '';
  let depth = 0;
  let closing: string | undefined;
  for (let at = 0; at < jql.length; at++) {
    const char = jql.charAt(at);
    if (closing !== undefined) {
      const isEnd = char === closing;
      if (char === '\\') condition += char + jql.charAt(++at);
      else if (closing === '”') condition += isEnd ? '"' : char === '"' ? '\\"' : char;
      else condition += char;
      if (isEnd) closing = undefined;
      continue;
    }
    // Outside of quotes, JQL takes a backslash as the beginning of an escape, too.
    if (char === '\\') return { error: 'Put a value with a backslash in quotes.' };
    if (depth === 0 && isOrder(jql, at)) {
      order = jql.slice(at).trim();
      break;
    }
    if (char === '(') depth++;
    if (char === ')' && --depth < 0) return { error: 'The JQL closes a parenthesis that it doesn’t open.' };
    closing = CLOSING[char];
    condition += closing === '”' ? '"' : char;
  }
  if (closing !== undefined) return { error: 'The JQL doesn’t close its quotes.' };
  if (depth > 0) return { error: 'The JQL doesn’t close its parentheses.' };
  return condition.trim() === ''
    ? { error: 'The JQL needs a condition, such as project = PLAT.' }
    : { condition: condition.trim(), order };
}

/** The character that ends what begins with a quote. */
const CLOSING: Readonly<Record<string, string>> = { '"': '"', "'": "'", '“': '”' };
const ORDER = /order\s{1,100}by\b/iy;

/** Whether the order of the query begins here. */
function isOrder(jql: string, at: number): boolean {
  if (at > 0 && !/[\s)"'”]/.test(jql.charAt(at - 1))) return false;
  ORDER.lastIndex = at;
  return ORDER.test(jql);
}
