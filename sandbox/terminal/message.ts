import { withEmoji } from '../slack/emoji.ts';
import { filesOf, type Message } from '../slack/messages.ts';
import { drawBlocks } from './blocks.ts';
import type { Drawing } from './drawing.ts';
import { mrkdwn } from './mrkdwn.ts';

/** A message with its sender, as the person sees it who reads it. `handle` is what other acts call it by. */
export function drawMessage(message: Message, drawing: Drawing, handle?: string): string[] {
  const { text, blocks, user, ephemeral_to, edited, pinned_by, thread_ts } = message;
  const { ink } = drawing;
  const notes = [
    ...(handle === undefined ? [] : [handle]),
    ...(ephemeral_to === undefined ? [] : ['only visible to you']),
    ...(thread_ts === undefined ? [] : ['in a thread']),
    ...(pinned_by === undefined ? [] : ['pinned']),
    ...(edited ? ['edited'] : []),
  ];
  const sender = ink.paint(message.bot_id ? drawing.user(user).replace('@', '') : drawing.user(user), 'bold');
  const head = notes.length > 0 ? `${sender} ${ink.paint(`(${notes.join(', ')})`, 'dim')}` : sender;
  const reactions = (message.reactions ?? []).map(({ name, users }) => `${withEmoji(`:${name}:`)} ${users.length}`);
  const files = filesOf(message).flatMap(({ name, size, preview }) => [
    ink.paint(`${name} (${size} bytes)`, 'bold'),
    ...preview.split('\n').map((line) => ink.paint(`│ ${line}`, 'dim')),
  ]);
  return [
    head,
    ...(blocks.length > 0 ? drawBlocks(blocks, drawing) : text === '' ? [] : mrkdwn(text, drawing).split('\n')),
    ...files,
    ...(reactions.length === 0 ? [] : [ink.paint(reactions.join('  '), 'dim')]),
  ];
}
