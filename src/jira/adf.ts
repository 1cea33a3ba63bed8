/**
 * A document in Atlassian Document Format, which Jira wants for descriptions and paragraph fields.
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

/** How many characters of text a document holds, in UTF-16 units as Jira counts. */
export function lengthOf(node: AdfDocument | AdfNode): number {
  const own = 'text' in node && node.text !== undefined ? node.text.length : 0;
  return (node.content ?? []).reduce((sum, child) => sum + lengthOf(child), own);
}
