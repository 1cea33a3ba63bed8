import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import type { AdfDocument, AdfNode } from '../jira/adf.ts';
import type { Names } from '../slack/markup.ts';
import type { RichTextBlock } from './rich-text.ts';
import { spell } from './spell.ts';

type Part = RichTextBlockElement;
type List = Extract<Part, { type: 'rich_text_list' }>;
type Mark = NonNullable<AdfNode['marks']>[number];

/** Slack's text styles, with the names of Jira's marks. */
const MARKS: readonly (readonly [style: 'bold' | 'italic' | 'strike' | 'underline', mark: string])[] = [
  ['bold', 'strong'],
  ['italic', 'em'],
  ['strike', 'strike'],
  ['underline', 'underline'],
];

const BREAK: AdfNode = { type: 'hardBreak' };
/** The most levels of nested lists; deeper ones are moved up. JSON.stringify cannot write a document of unlimited depth. */
const DEEPEST = 20;

/**
 * Converts Slack's rich text to Jira's document format: paragraphs, nested lists, quotes,
 * code, links, and styles. A mention becomes a name as plain text, so it notifies nobody
 * in Jira. https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export function adfOf({ elements }: RichTextBlock, names: Names): AdfDocument {
  const content: AdfNode[] = [];
  let lists: List[] = [];
  const endLists = () => {
    for (const node of nested(lists, names)) content.push(node);
    lists = [];
  };
  for (const part of elements) {
    if (part.type === 'rich_text_list') {
      lists.push(part);
      continue;
    }
    endLists();
    for (const node of blockOf(part, names)) content.push(node);
  }
  endLists();
  return { type: 'doc', version: 1, content };
}

function blockOf(part: Exclude<Part, List>, names: Names): AdfNode[] {
  if (part.type === 'rich_text_section') return paragraphs(part.elements, names);
  if (part.type === 'rich_text_preformatted') {
    const text = part.elements.map((element) => wordsOf(element, names)).join('');
    return text === '' ? [] : [{ type: 'codeBlock', content: [{ type: 'text', text }] }];
  }
  const content = paragraphs(part.elements, names);
  return content.length === 0 ? [] : [{ type: 'blockquote', content }];
}

type ListNode = { type: string; content: ItemNode[] };
type ItemNode = { type: string; content: AdfNode[] };

/**
 * Nests lists. Slack sends lists one after the other, each with an indent, while Jira nests a list in an item
 * of another list. A list whose indent lies between two levels joins the inner level and sets its indent.
 */
function nested(lists: readonly List[], names: Names): AdfNode[] {
  const top: AdfNode[] = [];
  const levels: { indent: number; nodes: AdfNode[] }[] = [];
  for (const { indent = 0, style, elements } of lists) {
    const nodes = levelFor(indent, levels, top);
    const type = style === 'ordered' ? 'orderedList' : 'bulletList';
    const before = nodes.at(-1);
    const list = before?.type === type ? (before as ListNode) : { type, content: [] };
    if (list !== before) nodes.push(list);
    for (const item of elements) list.content.push({ type: 'listItem', content: itemOf(item.elements, names) });
  }
  return top;
}

/** Returns the nodes to which a list with this indent is added, and updates `levels`: the open levels, outermost first. */
function levelFor(indent: number, levels: { indent: number; nodes: AdfNode[] }[], top: AdfNode[]): AdfNode[] {
  while ((levels.at(-2)?.indent ?? Number.NEGATIVE_INFINITY) >= indent) levels.pop();
  const level = levels.at(-1);
  if (level === undefined) levels.push({ indent, nodes: top });
  else if (indent > level.indent && levels.length < DEEPEST) {
    const last = (level.nodes.at(-1) as ListNode | undefined)?.content.at(-1);
    levels.push({ indent, nodes: last?.content ?? level.nodes });
  } else level.indent = Math.min(level.indent, indent);
  return levels.at(-1)?.nodes ?? top;
}

/** The content of a list item, which is at least one paragraph. The paragraph may be empty. */
function itemOf(elements: readonly RichTextElement[], names: Names): AdfNode[] {
  const content = paragraphs(elements, names);
  return content.length === 0 ? [{ type: 'paragraph', content: [] }] : content;
}

/** Splits text into paragraphs at blank lines. Any other newline becomes a hard break. */
function paragraphs(elements: readonly RichTextElement[], names: Names): AdfNode[] {
  let nodes: AdfNode[] = [];
  const all = [nodes];
  for (const element of elements) {
    const marks = marksOf(element);
    for (const piece of wordsOf(element, names).split(/(\n\s*\n|\n)/)) {
      if (piece === '\n') nodes.push(BREAK);
      else if (piece.startsWith('\n')) {
        nodes = [];
        all.push(nodes);
      } else if (piece !== '') {
        nodes.push(marks.length === 0 ? { type: 'text', text: piece } : { type: 'text', text: piece, marks });
      }
    }
  }
  return all
    .map((nodes) => trimmed(nodes))
    .filter((nodes) => nodes.length > 0)
    .map((content) => ({ type: 'paragraph', content }));
}

function trimmed(nodes: AdfNode[]): AdfNode[] {
  const first = nodes.findIndex(({ type }) => type !== 'hardBreak');
  const last = nodes.findLastIndex(({ type }) => type !== 'hardBreak');
  return first === -1 ? [] : nodes.slice(first, last + 1);
}

function marksOf(element: RichTextElement): Mark[] {
  const style = ('style' in element ? element.style : undefined) as Record<string, boolean | undefined> | undefined;
  const href = element.type === 'link' ? hrefOf(element.url) : undefined;
  const link: Mark[] = href === undefined ? [] : [{ type: 'link', attrs: { href } }];
  // Jira allows the code mark together with a link, and with no other mark.
  if (style?.code) return [{ type: 'code' }, ...link];
  return [...MARKS.filter(([name]) => style?.[name]).map(([, type]) => ({ type })), ...link];
}

function hrefOf(url: string): string | undefined {
  return ['http:', 'https:', 'mailto:'].includes(URL.parse(url)?.protocol ?? '') ? url : undefined;
}

/** The text of an element as Slack shows it, without control characters except newlines and tabs. */
function wordsOf(element: RichTextElement, names: Names): string {
  return spell(element, names)
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]/gu, '');
}
