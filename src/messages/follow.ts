import type { RichTextSection, SectionBlock } from '@slack/types';
import { nameOf, type Query } from '../follow.ts';
import type { Issue } from '../issue.ts';
import { issuesIn, type Preview, wordsOf } from '../issues/following.ts';
import { browseUrl } from '../key.ts';
import type { Message } from '../slack/message.ts';
import { capital, escapeText, plainMrkdwn, truncate } from '../slack/text.ts';
import type { Follow } from '../tracker/follows.ts';
import { button, dateToken, LONGEST_SUMMARY, section, text, withNonce } from './blocks.ts';
import { context, number } from './list.ts';

/** The most characters of a query's name where several are listed, and in the value of a button. */
const LONGEST_NAME = 80;
const LONGEST_NAME_IN_VALUE = 500;

const DOES = {
  follow: {
    action: 'follow:start',
    says: 'Issues that join it come to this channel’s list. Those that leave it go, unless somebody tracked them.',
  },
  import: { action: 'follow:import', says: 'They are tracked once. Later changes of the query don’t change the list.' },
} as const;

/** What a query would bring, with a button to follow it or to track its issues. */
export function previewMessage(preview: Preview, does: keyof typeof DOES): Message {
  if ('error' in preview) return { text: escapeText(preview.error) };
  const { query, count, some } = preview;
  const isImport = does === 'import';
  const name = capital(wordsOf(query));
  if (isImport && count === 0)
    return { text: escapeText(`${name} has no issues that Maro can see. Nothing was tracked.`) };
  const has = `has ${issuesIn(count)} now.`;
  const label = isImport ? `Track ${issuesIn(count)}` : 'Follow';
  const { action, says } = DOES[does];
  const go = button(action, label, withNonce(`${query.kind} ${query.words}`), { style: 'primary' });
  const rows = some.map(issueItem);
  const more = count - some.length;
  return {
    text: escapeText([`${name} ${has}`, ...some.map(({ key, summary }) => `${key} ${summary}.`)].join(' ')),
    blocks: [
      { type: 'section', text: { type: 'mrkdwn', text: `*${plainMrkdwn(name)}* ${has}` } },
      ...(rows.length === 0 ? [] : [{ type: 'rich_text' as const, elements: [list(rows)] }]),
      ...(more === 0 || some.length === 0 ? [] : [context(`… and ${number(more)} more`)]),
      context(says),
      {
        type: 'actions',
        elements: [
          go,
          button('follow:cancel', 'Cancel', 'cancel', { accessibility_label: 'Cancel, and change nothing' }),
        ],
      },
    ],
  };
}

function list(elements: RichTextSection[]) {
  return { type: 'rich_text_list' as const, style: 'bullet' as const, elements };
}

function issueItem({ site, key, summary, status }: Issue): RichTextSection {
  const link = { type: 'link' as const, url: browseUrl(site, key), text: key };
  return section(link, text(` ${truncate(summary, LONGEST_SUMMARY)} · ${status}`));
}

/** What a channel follows, with a button to stop each. `missing` is a query that a person named and that the channel does not follow. */
export function followsMessage(follows: readonly Follow[], command: string, missing?: Query): Message {
  const unknown = missing === undefined ? [] : [`This channel doesn’t follow ${wordsOf(missing)}.`];
  if (follows.length === 0) {
    const none = 'This channel follows no query.';
    const how = `\`${command} follow epic PLAT-7\` follows an epic. \`sprint\`, \`filter\`, and \`jql\` work the same way.`;
    return { text: escapeText([...(unknown.length > 0 ? unknown : [none]), how].join(' ')) };
  }
  const heading =
    follows.length === 1 ? 'This channel follows 1 query' : `This channel follows ${follows.length} queries`;
  const names = follows.map((follow) => `${truncate(nameOf(follow), LONGEST_NAME)}: ${issuesIn(follow.issues)}.`);
  return {
    text: escapeText([...unknown, `${heading}.`, ...names].join(' ')),
    blocks: [
      ...unknown.map((words) => context(plainMrkdwn(words))),
      { type: 'section', text: { type: 'mrkdwn', text: `*${heading}*` } },
      ...follows.map(followRow),
    ],
  };
}

function followRow(follow: Follow): SectionBlock {
  const name = truncate(nameOf(follow), LONGEST_NAME);
  const facts = [
    issuesIn(follow.issues),
    ...(follow.untracked === 0 ? [] : [`${number(follow.untracked)} untracked, kept off the list`]),
    `followed by <@${follow.by}> ${dateToken(follow.since, '{date_short_pretty}')}`,
  ];
  const trouble =
    follow.trouble === undefined ? [] : [`:warning: ${plainMrkdwn(troubleOf(follow.trouble, 'The query'))}`];
  return {
    type: 'section',
    text: { type: 'mrkdwn', text: [`*${plainMrkdwn(name)}*`, facts.join(' · '), ...trouble].join('\n') },
    accessory: button(
      'follow:stop',
      'Stop',
      withNonce(`${follow.id} ${truncate(nameOf(follow), LONGEST_NAME_IN_VALUE)}`),
      {
        accessibility_label: truncate(`Stop following ${nameOf(follow)}`, 75),
      },
    ),
  };
}

/** Why a list does not follow a query. */
function troubleOf(trouble: string, name: string): string {
  const kept = 'Its issues stay as they were.';
  return trouble === 'too many' ? `${name} has too many issues. ${kept}` : `Jira refuses it: ${trouble} ${kept}`;
}
