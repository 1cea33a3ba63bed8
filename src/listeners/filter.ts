import { STALE_DAYS } from '../digest.ts';
import { type AskedAssignee, encodeFilter, type Filter, LONGEST_FILTER, typeWord } from '../filter.ts';
import type { StatusCategory } from '../issue.ts';
import { readable } from '../key.ts';
import { markupPieces } from '../slack/markup.ts';
import { unescaped } from '../unescaped.ts';
import { categoryNamed } from './commands/category.ts';

/** The category and the filter that somebody typed. `filter` is undefined if only a category was named, or nothing. */
export type AskedPart = { category: StatusCategory | undefined; filter: Filter | undefined };

/**
 * What the words of a filter mean. `isEmpty`: no word means anything. `unknown`: the words that mean nothing, as one can show
 * them, and whether others mean something. `twice`: there is more than one category, assignee, or type. `long`: the filter
 * does not fit into the value of a button.
 */
export type ParsedFilter =
  | ({ state: 'understood'; isEmpty: boolean } & AskedPart)
  | { state: 'unknown'; words: readonly string[]; isPartlyKnown: boolean }
  | { state: 'twice'; what: 'category' | 'assignee' | 'type' }
  | { state: 'long' };

/** What somebody typed. `word`: in lower case. */
type Token =
  | { kind: 'word'; text: string; word: string }
  | { kind: 'quoted'; text: string }
  | { kind: 'person'; user: string };

/** Quotation marks, as keyboards and phones type them. */
const TOKENS = /["“”„«»]([^"“”„«»]*)["“”„«»]?|[^\s,"“”„«»]+/g;
const MARKS = /^["“”„«»]/;
/** Jira's own types by the words that people type for them. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ...both('bug', 'bugs', 'Bug'),
  ...both('story', 'stories', 'Story'),
  ...both('task', 'tasks', 'Task'),
  ...both('epic', 'epics', 'Epic'),
  ...both('subtask', 'subtasks', 'Sub-task'),
  ...both('sub-task', 'sub-tasks', 'Sub-task'),
]);
const OWN = new Set(['mine', 'my', 'me']);
const NOBODY = new Set(['nobody', 'none', 'unassigned']);
/** Words that change nothing. */
const FILLERS = new Set(['issue', 'issues', 'and']);
/** Words before a value. */
const LABELS = new Set(['assignee', 'assigned', 'type', 'text']);

function both(one: string, many: string, type: string): [string, string][] {
  return [
    [one, type],
    [many, type],
  ];
}

/** The parts of a filter in the order in which they were typed. */
type Found = {
  categories: (StatusCategory | undefined)[];
  assignees: AskedAssignee[];
  types: string[];
  phrases: string[];
  isStale: boolean;
  unknown: string[];
  known: number;
};

/**
 * What a filter in Slack's markup means, such as `mine in progress`, `stale bugs`, `<@U1>`, `assignee Ada`, `unassigned`,
 * `type Incident`, `text login`, or `"log in"`, in any order. After `assignee`, `type`, and `text`, all words up to the next
 * part are the value. `user`: whose issues are `mine`.
 */
export function parseFilter(markup: string, user: string): ParsedFilter {
  const tokens = tokensOf(markup);
  const found: Found = {
    ...{ categories: [], assignees: [], types: [], phrases: [], unknown: [] },
    ...{ isStale: false, known: 0 },
  };
  for (let at = 0; at < tokens.length; ) at = readPart(tokens, at, user, found);
  const { categories, assignees, types, phrases, isStale, unknown, known } = found;
  if (unknown.length > 0) return { state: 'unknown', words: unknown, isPartlyKnown: known > 0 };
  if (new Set(categories).size > 1) return { state: 'twice', what: 'category' };
  if (new Set(assignees.map((each) => JSON.stringify(each))).size > 1) return { state: 'twice', what: 'assignee' };
  if (new Set(types.map(typeWord)).size > 1) return { state: 'twice', what: 'type' };
  const filter: Filter = {
    assignee: assignees[0],
    type: types[0],
    staleDays: isStale ? STALE_DAYS : undefined,
    phrases: [...new Set(phrases)],
  };
  const encoded = encodeFilter(filter);
  if (encoded.length > LONGEST_FILTER) return { state: 'long' };
  const asked = { category: categories[0], filter: encoded === '' ? undefined : filter };
  return { state: 'understood', isEmpty: known === 0, ...asked };
}

/** Reads the part that begins here. Returns where the next one begins. */
function readPart(tokens: readonly Token[], at: number, user: string, found: Found): number {
  const token = tokens[at];
  const word = wordOf(token);
  const category = categoryAt(tokens, at);
  const type = TYPES.get(word);
  if (token === undefined || FILLERS.has(word)) return at + 1;
  if (LABELS.has(word)) return readLabeled(tokens, at, user, found);
  if (token.kind === 'person') found.assignees.push({ kind: 'person', user: token.user });
  else if (token.kind === 'quoted') found.phrases.push(token.text);
  else if (category !== undefined) found.categories.push(category.category);
  else if (OWN.has(word)) found.assignees.push({ kind: 'person', user });
  else if (word === 'unassigned') found.assignees.push({ kind: 'nobody' });
  else if (word === 'stale') found.isStale = true;
  else if (type !== undefined) found.types.push(type);
  else {
    found.unknown.push(readable(token.text));
    return at + 1;
  }
  found.known++;
  return at + (category?.words ?? 1);
}

/** The same for a label and its value. */
function readLabeled(tokens: readonly Token[], at: number, user: string, found: Found): number {
  const label = wordOf(tokens[at]);
  const from = label === 'assigned' && wordOf(tokens[at + 1]) === 'to' ? at + 2 : at + 1;
  const end = endOfValue(tokens, from, label);
  const first = tokens[from];
  const value = tokens.slice(from, end).flatMap((each) => (each.kind === 'person' ? [] : [each.text]));
  const isPerson = first?.kind === 'person' && label.startsWith('assign');
  if (value.length === 0 && !isPerson) {
    found.unknown.push(readable(label));
    return from;
  }
  found.known++;
  if (label === 'text') found.phrases.push(...value);
  else if (label === 'type') found.types.push(TYPES.get(wordOf(first)) ?? value.join(' '));
  else if (first?.kind === 'person') found.assignees.push({ kind: 'person', user: first.user });
  else if (OWN.has(wordOf(first))) found.assignees.push({ kind: 'person', user });
  else if (NOBODY.has(wordOf(first))) found.assignees.push({ kind: 'nobody' });
  else found.assignees.push({ kind: 'name', name: value.join(' ') });
  return end;
}

/** Where a value ends: after what is in quotation marks, a person, or one word with a meaning of its own; or before the next part. */
function endOfValue(tokens: readonly Token[], from: number, label: string): number {
  if (from >= tokens.length) return from;
  const first = wordOf(tokens[from]);
  if (first === '') return from + 1;
  if (label === 'text' || !beginsPart(tokens, from)) {
    let end = from + 1;
    while (end < tokens.length && !beginsPart(tokens, end)) end++;
    return end;
  }
  const isValue = label === 'type' ? TYPES.has(first) : OWN.has(first) || NOBODY.has(first);
  return isValue ? from + 1 : from;
}

function beginsPart(tokens: readonly Token[], at: number): boolean {
  const word = wordOf(tokens[at]);
  const isPart = word === '' || word === 'stale' || LABELS.has(word) || FILLERS.has(word);
  return isPart || OWN.has(word) || NOBODY.has(word) || TYPES.has(word) || categoryAt(tokens, at) !== undefined;
}

/** The word in lower case, or nothing if the token is a person or in quotation marks. */
function wordOf(token: Token | undefined): string {
  return token?.kind === 'word' ? token.word : '';
}

function tokensOf(markup: string): Token[] {
  return [...markupPieces(markup)].flatMap((piece): Token[] => {
    if (piece.kind === 'user') return [{ kind: 'person', user: piece.id }];
    return [...unescaped(piece.raw).matchAll(TOKENS)].flatMap(([all, quoted = '']): Token[] => {
      if (!MARKS.test(all)) return [{ kind: 'word', text: all, word: all.toLowerCase() }];
      const text = quoted.trim().replace(/\s+/g, ' ');
      return text === '' ? [] : [{ kind: 'quoted', text }];
    });
  });
}

/** The category whose name begins here, and of how many words the name is. */
function categoryAt(
  tokens: readonly Token[],
  at: number,
): { category: StatusCategory | undefined; words: number } | undefined {
  const [one, two] = [wordOf(tokens[at]), wordOf(tokens[at + 1])];
  if (one === '') return undefined;
  const inTwo = two === '' ? undefined : categoryNamed(`${one} ${two}`);
  if (inTwo !== undefined) return { ...inTwo, words: 2 };
  const inOne = categoryNamed(one);
  return inOne && { ...inOne, words: 1 };
}
