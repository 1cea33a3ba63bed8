import type { AdfDocument, AdfNode } from '../jira/adf.ts';

/** The text of a document that `adfOf` made, as lines: one for each line of a paragraph and each item of a list, behind `bullet`. */
export function linesOf({ content }: AdfDocument, bullet = ''): string[] {
  return content.flatMap((node) => linesIn(node, bullet));
}

function linesIn({ type, content = [] }: AdfNode, bullet: string): string[] {
  if (type === 'paragraph' || type === 'codeBlock') return wordsOf(content).split('\n');
  if (type !== 'listItem') return content.flatMap((node) => linesIn(node, bullet));
  const own = content.filter((node) => node.type === 'paragraph').map((node) => wordsOf(node.content ?? []));
  const nested = content.filter((node) => node.type !== 'paragraph');
  return [bullet + own.join(' ').replaceAll('\n', ' '), ...nested.flatMap((node) => linesIn(node, bullet))];
}

function wordsOf(nodes: readonly AdfNode[]): string {
  let words = '';
  for (const { type, text = '' } of nodes) words += type === 'hardBreak' ? '\n' : text;
  return words;
}
