import type { KnownBlock, RichTextElement } from '@slack/types';
import type { LastChange } from '../issues/described.ts';
import type { UntrackedKeys } from '../issues/untracked.ts';
import type { DescribedIssue } from '../jira/described.ts';
import type { Message } from '../slack/message.ts';
import { plainMrkdwn } from '../slack/text.ts';
import { dayWords } from '../zone.ts';
import { dateToken } from './blocks.ts';
import { sentence } from './changes.ts';
import { ticketMessage } from './ticket.ts';

/** An issue with the beginning of its description, its due date, and what changed last, and a button to track it. */
export function issueCard(
  described: DescribedIssue,
  { last, untracked }: { last: LastChange | undefined; untracked: UntrackedKeys },
): Message {
  const { text, blocks = [] } = ticketMessage([described.issue], { untracked, track: 'Track' });
  const [card, ...rest] = blocks;
  return { text, blocks: [...(card === undefined ? [] : [card]), ...aboutIssue(described, last), ...rest] };
}

/** The beginning of an issue's description, its due date, and what changed last. */
export function aboutIssue({ issue, description }: DescribedIssue, last: LastChange | undefined): KnownBlock[] {
  const facts = [
    issue.dueDate === undefined ? '' : `Due ${dayWords(issue.dueDate)}`,
    last === undefined ? '' : `${plainMrkdwn(sentence(last))}, ${dateToken(last.at, '{date_short_pretty} {time}')}`,
  ].filter((words) => words !== '');
  return [
    ...(description === '' ? [] : [quote(description)]),
    ...(facts.length === 0 ? [] : [context(facts.join(' · '))]),
  ];
}

function quote(words: string): KnownBlock {
  const elements: RichTextElement[] = [{ type: 'text', text: words }];
  return { type: 'rich_text', block_id: 'description', elements: [{ type: 'rich_text_quote', elements }] };
}

function context(text: string): KnownBlock {
  return { type: 'context', block_id: 'facts', elements: [{ type: 'mrkdwn', text }] };
}
