import type { Issue } from '../../issue.ts';
import { type Answer, inWords, MOST_KEYS, resolve, tooMany, unreadAnswer } from '../../issues/answer.ts';
import { untrackedOf } from '../../issues/untracked.ts';
import { NOT_FOUND } from '../../jira/reading.ts';
import { parseKeys } from '../../key.ts';
import { answersMessage } from '../../messages/blocks.ts';
import { ticketMessage } from '../../messages/ticket.ts';
import type { Context } from '../../services.ts';
import type { Message } from '../../slack/message.ts';

/** Shows issues that the person named, and offers to track those that the channel does not track. */
export async function issuesMessage(text: string, channel: string, context: Context): Promise<Message> {
  const typed = parseKeys(text);
  if (typed.length > MOST_KEYS) return { text: tooMany(typed.length) };
  const { jira } = context.services;
  const resolved = await resolve(typed, jira);
  const readings = await jira.read(resolved.filter((item) => typeof item === 'string'));
  const shown = new Map<string, Issue>();
  const others: Answer[] = [];
  for (const item of resolved) {
    if (typeof item !== 'string') {
      others.push(item);
      continue;
    }
    const reading = readings.get(item) ?? NOT_FOUND;
    if (reading.state === 'shown') shown.set(reading.issue.id, reading.issue);
    else others.push(unreadAnswer(item, reading));
  }
  if (shown.size === 0) return answersMessage(others);
  const keys = [...shown.values()].map(({ key }) => key);
  const untracked = await untrackedOf(keys, channel, context);
  return ticketMessage([...shown.values()], { note: inWords(others), untracked, track: 'Track' });
}
