import type { KnownBlock, SectionBlock } from '@slack/types';
import type { Issue } from '../issue.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { escapeText, plainMrkdwn, truncate } from '../slack/text.ts';
import { button, LONGEST_SUMMARY, plain } from './blocks.ts';
import { context } from './list.ts';

/** Chooses the issue of a row, or one of the menu. */
export const PICK = 'pick:choose';
export const PICK_MENU = 'pick:menu';
/** How many issues a question offers as rows. Its menu has the others. */
export const PICK_ROWS = 5;
/** The block_id of the question's words, by which they are found again. */
const QUESTION = 'question';

/** A question to a person, or to everybody where `asked` is undefined. `run` is the run of the step that waits for the answer. */
export type Question = { run: string; asked: string | undefined; channel: string; words: string };

/** What a button or an option chooses: for which run, who may choose (`-`: everybody), and the issue's key. */
export function pickValue({ run, asked }: Pick<Question, 'run' | 'asked'>, key: string): string {
  return `${run} ${asked ?? '-'} ${key}`;
}

export function parsePick(value: string): { run: string; asked: string | undefined; key: string } | undefined {
  const [, run, asked, key] = /^(\S+) (\S+) (\S+)$/.exec(value) ?? [];
  if (run === undefined || asked === undefined || key === undefined) return undefined;
  return { run, asked: asked === '-' ? undefined : asked, key };
}

/** The question of a menu, from the menu's block_id: without its words. */
export function parsePickMenu(block: string): Omit<Question, 'words'> | undefined {
  const { run, asked, key: channel } = parsePick(block) ?? {};
  return run === undefined || channel === undefined ? undefined : { run, asked, channel };
}

/** The question, with a row for each of these issues, and a menu for the channel's others if there are any. */
export function questionMessage(question: Question, issues: readonly Issue[], hasMore: boolean): Message {
  const { asked, words, channel } = question;
  const to = asked === undefined ? '' : `<@${asked}> `;
  const menu: KnownBlock = {
    type: 'actions',
    block_id: pickValue(question, channel),
    elements: [
      { type: 'external_select', action_id: PICK_MENU, placeholder: plain('Another issue'), min_query_length: 0 },
    ],
  };
  return {
    text: to + escapeText(words),
    blocks: [
      { type: 'section', block_id: QUESTION, text: { type: 'mrkdwn', text: `${to}*${plainMrkdwn(words)}*` } },
      ...issues.map((issue) => issueRow(issue, question)),
      ...(hasMore ? [menu] : []),
    ],
  };
}

function issueRow({ site, key, summary, status }: Issue, question: Question): SectionBlock {
  const title = `<${browseUrl(site, key)}|${key}> ${plainMrkdwn(truncate(summary, LONGEST_SUMMARY))}`;
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: `${title} · ${plainMrkdwn(status)}`, verbatim: true },
    accessory: button(PICK, 'Choose', pickValue(question, key), { accessibility_label: `Choose ${key}` }),
  };
}

/** What the question was and what came of it, as mrkdwn. `words`: the question's words, or the block that has them. */
export function answeredMessage(words: string | KnownBlock, answer: string): Message {
  const question: KnownBlock =
    typeof words === 'string'
      ? { type: 'section', block_id: QUESTION, text: { type: 'mrkdwn', text: `*${plainMrkdwn(words)}*` } }
      : words;
  return { text: answer, blocks: [question, context(answer)] };
}

/** The block with the words of the question in a message. */
export function questionIn(blocks: readonly KnownBlock[] | undefined): KnownBlock | undefined {
  return blocks?.find(({ block_id }) => block_id === QUESTION);
}

/** Says which issue a person chose, as mrkdwn. */
export function chosenWords(by: string, key: string, issue?: Pick<Issue, 'site' | 'summary'>): string {
  if (issue === undefined) return `<@${by}> chose ${key}.`;
  const summary = plainMrkdwn(truncate(issue.summary, LONGEST_SUMMARY));
  return `<@${by}> chose <${browseUrl(issue.site, key)}|${key}> ${summary}`;
}
