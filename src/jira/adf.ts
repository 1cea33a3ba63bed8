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
