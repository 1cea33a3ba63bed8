import { unescaped } from '../unescaped.ts';
import type { AdfDocument, AdfNode } from './adf.ts';

/** A link in Slack's format, `<https://…|words>`. */
const WRAPPED = /<(https?:\/\/[^\s|<>]+)(?:\|([^<>]*))?>/g;
/** A link without Slack's brackets. Punctuation that ends a sentence is not part of the link. */
const BARE = /https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"]/g;

const BREAK: AdfNode = { type: 'hardBreak' };

/**
 * Builds the description of an issue from text in Slack: paragraphs with line breaks and links, followed by a link to the
 * message. Only links are converted; other formatting stays plain text. An ADF document
 * is used as it is. Undefined if there is neither text nor a message link.
 */
export function descriptionOf(text: string | AdfDocument, messageLink: string | undefined): AdfDocument | undefined {
  const paragraphs = typeof text === 'string' ? paragraphsOf(text) : text.content;
  const source = messageLink === undefined ? [] : [{ type: 'paragraph', content: sourceOf(messageLink) }];
  const content = [...paragraphs, ...source];
  return content.length === 0 ? undefined : { type: 'doc', version: 1, content };
}

function paragraphsOf(text: string): AdfNode[] {
  return text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.trim())
    .filter((paragraph) => paragraph !== '')
    .map((paragraph): AdfNode => ({ type: 'paragraph', content: lines(paragraph) }));
}

/** Whether `text` is an https URL without whitespace, which Jira can show as a link. */
export function isLink(text: string): boolean {
  return URL.parse(text)?.protocol === 'https:' && !/\s/.test(text);
}

function sourceOf(messageLink: string): AdfNode[] {
  return isLink(messageLink)
    ? [link('From a message in Slack', messageLink)]
    : inline(`From a message in Slack: ${messageLink.toWellFormed()}`);
}

function lines(paragraph: string): AdfNode[] {
  const nodes: AdfNode[] = [];
  for (const [index, line] of paragraph.split('\n').entries()) {
    if (index > 0) nodes.push(BREAK);
    // Most lines have no link and no escaped character, and need no parsing.
    if (line !== '' && !/:\/\/|&/.test(line)) nodes.push({ type: 'text', text: line });
    else for (const node of inline(line)) nodes.push(node);
  }
  return nodes;
}

function inline(line: string): AdfNode[] {
  const nodes: AdfNode[] = [];
  let end = 0;
  for (const { 0: whole, 1: wrapped = '', 2: words = '', index } of line.matchAll(WRAPPED)) {
    addPlain(nodes, line.slice(end, index));
    const url = unescaped(wrapped);
    nodes.push(link(unescaped(words) || url, url));
    end = index + whole.length;
  }
  addPlain(nodes, line.slice(end));
  return nodes;
}

function addPlain(nodes: AdfNode[], text: string): void {
  let end = 0;
  for (const { 0: bare, index } of text.matchAll(BARE)) {
    addWords(nodes, text.slice(end, index));
    const url = unescaped(bare);
    nodes.push(link(url, url));
    end = index + bare.length;
  }
  addWords(nodes, text.slice(end));
}

/** Adds a text node, unless the text is empty: Jira refuses an empty text node. */
function addWords(nodes: AdfNode[], text: string): void {
  if (text !== '') nodes.push({ type: 'text', text: unescaped(text) });
}

function link(text: string, href: string): AdfNode {
  return { type: 'text', text, marks: [{ type: 'link', attrs: { href } }] };
}
