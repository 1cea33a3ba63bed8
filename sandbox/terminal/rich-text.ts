import type { RichTextBlockElement, RichTextElement } from '@slack/types';
import { slackDate } from '../slack/date.ts';
import { emojiOf } from '../slack/emoji.ts';
import type { Drawing } from './drawing.ts';
import { visible } from './visible.ts';

const STYLES = ['bold', 'italic', 'strike'] as const;

/** The parts of a rich_text block, line by line. https://docs.slack.dev/reference/block-kit/blocks/rich-text-block */
export function richText(parts: readonly RichTextBlockElement[], drawing: Drawing): string[] {
  return parts.flatMap((part) => {
    if (part.type === 'rich_text_list') {
      const indent = '  '.repeat(part.indent ?? 0);
      return part.elements.flatMap(({ elements }, index) => {
        const bullet = part.style === 'ordered' ? `${index + 1}. ` : '• ';
        return inline(elements, drawing).map(
          (line, n) => indent + (n === 0 ? bullet : ' '.repeat(bullet.length)) + line,
        );
      });
    }
    const lines = inline(part.elements, drawing);
    if (part.type === 'rich_text_quote') return lines.map((line) => `▌ ${line}`);
    if (part.type === 'rich_text_preformatted') return lines.map((line) => `│ ${line}`);
    return lines;
  });
}

function inline(elements: readonly RichTextElement[], drawing: Drawing): string[] {
  const drawn = elements.map((element) => {
    const words = wordsOf(element, drawing);
    const style: Partial<Record<string, boolean>> = element.style ?? {};
    if (style.code) return drawing.ink.code(words);
    return drawing.ink.paint(words, ...STYLES.filter((name) => style[name]));
  });
  return drawn.join('').replace(/\n$/, '').split('\n');
}

function wordsOf(element: RichTextElement, { ink, user, channel, now }: Drawing): string {
  switch (element.type) {
    case 'text':
      return visible(element.text);
    case 'link':
      return ink.link(element.url, visible(element.text ?? element.url));
    case 'user':
      return user(element.user_id);
    case 'channel':
      return channel(element.channel_id);
    case 'broadcast':
      return ink.paint(`@${element.range}`, 'bold', 'red');
    case 'usergroup':
      return `@${element.usergroup_id}`;
    case 'emoji':
      return visible(emojiOf(element));
    case 'date':
      return slackDate(element.timestamp, element.format, visible(element.fallback ?? ''), now());
    default:
      return `(${element.type})`;
  }
}
