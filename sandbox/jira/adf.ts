import { z } from 'zod';

/*
 * Atlassian Document Format, as far as anything that comes from Slack needs it, and no looser than Atlassian's own schema:
 * https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
 */
const link = z.strictObject({ type: z.literal('link'), attrs: z.strictObject({ href: z.string().min(1) }) });
const code = z.strictObject({ type: z.literal('code') });
const style = z.strictObject({ type: z.enum(['strong', 'em', 'strike', 'underline']) });

const plainText = z.strictObject({ type: z.literal('text'), text: z.string().min(1) });
const text = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  marks: z
    .array(z.union([link, code, style]))
    .refine((marks) => new Set(marks.map(({ type }) => type)).size === marks.length, 'a mark comes twice')
    .refine(
      (marks) =>
        !marks.some(({ type }) => type === 'code') || marks.every(({ type }) => type === 'code' || type === 'link'),
      'code goes with no other mark than a link',
    )
    .optional(),
});
const inline = z.discriminatedUnion('type', [
  text,
  z.strictObject({ type: z.literal('hardBreak') }),
  z.strictObject({
    type: z.literal('emoji'),
    attrs: z.strictObject({ shortName: z.string(), text: z.string().optional() }),
  }),
  z.strictObject({ type: z.literal('inlineCard'), attrs: z.strictObject({ url: z.url() }) }),
  z.strictObject({
    type: z.literal('mention'),
    attrs: z.strictObject({ id: z.string(), text: z.string().optional() }),
  }),
]);

const paragraph = z.strictObject({ type: z.literal('paragraph'), content: z.array(inline).optional() });
const heading = z.strictObject({
  type: z.literal('heading'),
  attrs: z.strictObject({ level: z.int().min(1).max(6) }),
  content: z.array(inline).optional(),
});
const codeBlock = z.strictObject({
  type: z.literal('codeBlock'),
  attrs: z.strictObject({ language: z.string() }).optional(),
  content: z.array(plainText).optional(),
});
const rule = z.strictObject({ type: z.literal('rule') });

/** An item begins with words; lists in it follow them. */
const listItem = z.strictObject({
  type: z.literal('listItem'),
  get content(): z.ZodType<unknown[]> {
    return z.tuple(
      [z.discriminatedUnion('type', [paragraph, codeBlock])],
      z.union([paragraph, codeBlock, bulletList, orderedList]),
    );
  },
});
const bulletList = z.strictObject({ type: z.literal('bulletList'), content: z.array(listItem).min(1) });
const orderedList = z.strictObject({
  type: z.literal('orderedList'),
  attrs: z.strictObject({ order: z.int().min(0) }).optional(),
  content: z.array(listItem).min(1),
});
const blockquote = z.strictObject({
  type: z.literal('blockquote'),
  content: z.array(z.discriminatedUnion('type', [paragraph, codeBlock, bulletList, orderedList])).min(1),
});

const document = z.strictObject({
  type: z.literal('doc'),
  version: z.literal(1),
  content: z.array(
    z.discriminatedUnion('type', [paragraph, heading, codeBlock, rule, bulletList, orderedList, blockquote]),
  ),
});

/** https://jira.atlassian.com/browse/JRACLOUD-68949 */
const longestText = 32_767;

/** Why Jira does not take the value as a document; undefined when it does. */
export function adfComplaint(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || (value as { type?: unknown }).type !== 'doc') {
    return 'Operation value must be an Atlassian Document (see the Atlassian Document Format)';
  }
  const parsed = document.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `INVALID_INPUT at ${issue?.path.join('.')}: ${issue?.message}`;
  }
  return adfText(value).length > longestText
    ? 'The entered text is too long. It exceeds the allowed limit of 32,767 characters.'
    : undefined;
}

/** The text of a document, for the search. */
export function adfText(node: unknown): string {
  const { text = '', content = [] } = (node ?? {}) as { text?: string; content?: unknown[] };
  return text + content.map(adfText).join(' ');
}

/** A document of one paragraph. */
export function adfOf(text: string): object {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}
