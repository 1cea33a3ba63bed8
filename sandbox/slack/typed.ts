import type { Block } from './blocks.ts';
import { parseMrkdwn, type Span } from './mrkdwn.ts';

type Element = Record<string, unknown>;
type Style = Record<string, boolean>;

/**
 * What a person typed, as Slack's clients send it: one rich_text block, in which formatting is no markup any more.
 * https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */
export function typedBlock(text: string): Block {
  const parts: Element[] = [];
  let elements: Element[] = [];
  const endSection = () => {
    if (elements.length > 0) parts.push({ type: 'rich_text_section', elements });
    elements = [];
  };
  for (const span of parseMrkdwn(text)) {
    if (span.kind === 'block') {
      endSection();
      parts.push({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: span.text }] });
    } else elements.push(...elementsOf(span, {}));
  }
  endSection();
  return { type: 'rich_text', block_id: 'typed', elements: parts } as unknown as Block;
}

function elementsOf(span: Span, style: Style): Element[] {
  const styled = Object.keys(style).length === 0 ? {} : { style };
  switch (span.kind) {
    case 'bold':
    case 'italic':
    case 'strike':
      return span.spans.flatMap((inner) => elementsOf(inner, { ...style, [span.kind]: true }));
    case 'code':
      return [{ type: 'text', text: span.text, style: { ...style, code: true } }];
    case 'user':
      return [{ type: 'user', user_id: span.id, ...styled }];
    case 'channel':
      return [{ type: 'channel', channel_id: span.id, ...styled }];
    case 'broadcast':
      return [{ type: 'broadcast', range: span.text.replace(/^@/, '') }];
    case 'link':
      return [{ type: 'link', url: span.url, ...(span.text === span.url ? {} : { text: span.text }), ...styled }];
    case 'date':
      return [{ type: 'text', text: span.fallback, ...styled }];
    default:
      return [{ type: 'text', text: span.text, ...styled }];
  }
}
