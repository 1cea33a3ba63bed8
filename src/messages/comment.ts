import type { AdfDocument, AdfNode } from '../jira/adf.ts';
import { descriptionOf } from '../jira/description.ts';
import type { Services } from '../services.ts';
import type { RichTextBlock } from './rich-text.ts';
import type { ReadText } from './step-text.ts';

/** A comment as it comes from Slack. `name` is that of the person, and `link` leads to a message. */
export type CommentParts = {
  read: ReadText;
  plain: string;
  formatted: RichTextBlock | undefined;
  name: string | undefined;
  link: string | undefined;
};

/** The name with which a comment of this person begins. */
export async function authorOf(user: string, { slack }: Pick<Services, 'slack'>): Promise<string> {
  return (await slack.names([user])).get(user) ?? 'Somebody';
}

/**
 * The body of a comment in Jira. Jira shows Maro's account as the author, so that the comment begins with the name of the
 * person. Undefined if there is no text.
 */
export function commentBody({ read, plain, formatted, name, link }: CommentParts): AdfDocument | undefined {
  const words = descriptionOf(read.withLinks(plain), undefined)?.content ?? [];
  const more = formatted === undefined ? [] : read.document(formatted).content;
  if (words.length === 0 && more.length === 0) return undefined;
  const content = [...(name === undefined ? [] : [heading(name)]), ...words, ...more];
  return descriptionOf({ type: 'doc', version: 1, content }, link);
}

function heading(name: string): AdfNode {
  return { type: 'paragraph', content: [{ type: 'text', text: `${name} in Slack:`, marks: [{ type: 'strong' }] }] };
}
