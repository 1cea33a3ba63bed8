/**
 * A document in Atlassian Document Format (ADF), which Jira requires for descriptions and paragraph fields.
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
export type AdfDocument = { type: 'doc'; version: 1; content: readonly AdfNode[] };
export type AdfNode = {
  type: string;
  attrs?: Readonly<Record<string, unknown>>;
  marks?: readonly { type: string; attrs?: Readonly<Record<string, unknown>> }[];
  text?: string;
  content?: readonly AdfNode[];
};

/** The length of a document's text in UTF-16 code units, which is how Jira counts characters. */
export function lengthOf(document: AdfDocument | AdfNode): number {
  let length = 0;
  const nodes: (AdfDocument | AdfNode)[] = [document];
  for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
    if ('text' in node) length += node.text?.length ?? 0;
    for (const child of node.content ?? []) nodes.push(child);
  }
  return length;
}

/** Blocks that end a line in plain text. */
const LINES = new Set(['paragraph', 'heading', 'listItem', 'codeBlock', 'hardBreak', 'rule', 'tableRow']);

/**
 * About the first `most` characters of a document's text, in lines without control characters. Empty if it is not a document.
 * Follows at most ten nodes for each character, so that the time does not depend on the document.
 */
export function firstText(document: unknown, most: number): string {
  let text = '';
  const left: unknown[] = [document];
  for (let nodes = 0; left.length > 0 && text.length < most && nodes < 10 * most; nodes++) {
    const node = left.pop();
    if (typeof node === 'string') text += node;
    if (typeof node !== 'object' || node === null) continue;
    const { type, text: words, attrs, content } = node as Record<string, unknown>;
    const shown = typeof words === 'string' ? words : (attrs as { text?: unknown } | undefined)?.text;
    if (typeof shown === 'string') text += shown;
    if (LINES.has(String(type))) left.push('\n');
    if (Array.isArray(content)) for (const child of content.slice(0, most).reverse()) left.push(child);
  }
  return text
    .slice(0, most)
    .toWellFormed()
    .replace(/[^\P{Cc}\n]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .replace(/\n+/g, '\n')
    .trim();
}
