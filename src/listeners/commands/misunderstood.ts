import type { Message } from '../../slack/message.ts';
import { escapeText, truncate } from '../../slack/text.ts';
import type { ParsedFilter } from '../filter.ts';

/** The most characters of what Maro doesn't know that are repeated. */
const LONGEST_UNKNOWN = 200;

/** Says which words of a filter Maro does not know, or what is wrong with it, and what it knows. `command` is the command before the filter. */
export function misunderstood(parsed: Exclude<ParsedFilter, { state: 'understood' }>, command: string): Message {
  return { text: `${problemOf(parsed)} ${knownIn(command)}` };
}

function problemOf(parsed: Exclude<ParsedFilter, { state: 'understood' }>): string {
  if (parsed.state === 'long') return 'This filter is too long. Leave out some of its words.';
  if (parsed.state === 'twice') return `A filter can have only one ${parsed.what}.`;
  const words = parsed.words.map((word) => `“${word}”`).join(', ');
  return `Maro doesn’t know ${escapeText(truncate(words, LONGEST_UNKNOWN))} here.`;
}

function knownIn(command: string): string {
  return [
    `After \`${command}\`, it knows \`to do\`, \`in progress\`, \`done\`, \`all\`, \`mine\`, \`unassigned\`, an @person, \`assignee Ada\`,`,
    '`bugs`, `stories`, `tasks`, `epics`, `type Incident`, `stale`, and words of the summary, such as `"login"` or `text login`.',
    'Combine them as you like, such as `my stale bugs`.',
  ].join(' ');
}
