import type { RichTextElement } from '@slack/types';
import { dateWords, mentionWords, type Names } from '../slack/markup.ts';

/** An element of rich text as people read it in Slack. */
export function spell(element: RichTextElement, names: Names): string {
  switch (element.type) {
    case 'text':
      return element.text;
    case 'link':
      return element.text || element.url.replace(/^(mailto|tel):/i, '');
    case 'user':
      return mentionWords('user', element.user_id, names);
    case 'usergroup':
      return mentionWords('usergroup', element.usergroup_id, names);
    case 'channel':
      return mentionWords('channel', element.channel_id, names);
    case 'team':
      return '@a workspace';
    case 'broadcast':
      return `@${element.range}`;
    case 'emoji':
      return emojiOf(element);
    case 'date':
      return element.fallback ?? dateWords(element.timestamp);
    case 'color':
      return element.value;
    default:
      return '';
  }
}

/**
 * Slack gives the code points of an emoji in hexadecimal, separated by hyphens. Without them, the emoji is written as `:name:`.
 */
function emojiOf({ name, unicode }: { name: string; unicode?: string }): string {
  if (unicode === undefined || !/^[\da-f]{1,6}(-[\da-f]{1,6})*$/i.test(unicode)) return `:${name}:`;
  const points = unicode.split('-').map((hex) => Number.parseInt(hex, 16));
  if (!points.every((point) => point <= 0x10ffff)) return `:${name}:`;
  return points.map((point) => String.fromCodePoint(point)).join('');
}
