import { parseFields } from '../../src/issues/given-fields.ts';
import { firstText } from '../../src/jira/adf.ts';
import { descriptionOf } from '../../src/jira/description.ts';
import type { Field } from '../../src/jira/field.ts';
import { fieldValueOf } from '../../src/jira/field-text.ts';
import { conditionOf, quoted, wordsCondition } from '../../src/jira/jql.ts';
import { complaintsAbout } from '../../src/jira/new-issue.ts';
import { line, parseSite } from '../../src/jira/parse.ts';
import { refused } from '../../src/jira/refusal.ts';
import { wordsOf } from '../../src/jira/similar.ts';
import { parseKey, parseKeys, parseProjectKey } from '../../src/key.ts';
import { parseCommand } from '../../src/listeners/commands/parse-command.ts';
import { severalIn } from '../../src/listeners/commands/several.ts';
import { parseFilter } from '../../src/listeners/filter.ts';
import { mend } from '../../src/mend.ts';
import { adfOf } from '../../src/messages/adf.ts';
import { richTextIn, summaryIn } from '../../src/messages/content.ts';
import { initialValue, shortened } from '../../src/messages/initial-value.ts';
import { linesOf } from '../../src/messages/lines.ts';
import { mentionsIn } from '../../src/messages/mentions.ts';
import { parseRichText, type RichTextBlock } from '../../src/messages/rich-text.ts';
import { richTextInput } from '../../src/messages/rich-text-input.ts';
import { resolveInputs } from '../../src/runner/reference.ts';
import { labelsIn, plainText, unnamedIn, withLinks } from '../../src/slack/markup.ts';
import { messageLinkOf } from '../../src/slack/permalink.ts';
import { escapeText, escapeWithin, harmless, truncate } from '../../src/slack/text.ts';

export const NOBODY = new Map<string, string>();

export const richText = (...elements: unknown[]) => ({ type: 'rich_text', elements }) as RichTextBlock;
export const section = (...elements: unknown[]) => ({ type: 'rich_text_section', elements });
const saying = (text: string) => richText(section({ type: 'text', text }));

/** Everything that reads what people wrote. */
export const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  'a command': parseCommand,
  'the filter of a list': (text) => parseFilter(text, 'U1'),
  keys: parseKeys,
  'several keys and words': severalIn,
  'a key': parseKey,
  "a project's key": parseProjectKey,
  'mentions in a message': (text) => mentionsIn({ text }),
  'a description': (text) => descriptionOf(text, undefined),
  'the beginning of a description in Jira': (text) => {
    const paragraph = { type: 'paragraph', content: [{ type: 'text', text: text.slice(0, 1) }] };
    firstText({ type: 'doc', version: 1, content: [{ type: 'text', text }] }, 500);
    firstText({ type: 'doc', version: 1, content: Array(text.length).fill(paragraph) }, 500);
  },
  'a new issue': (text) => complaintsAbout({ project: text, type: text, summary: text, parent: text }),
  'more fields': parseFields,
  'a field of a step': (text) => {
    const options = [{ id: '1', name: 'High' }];
    const given = { plain: text, linked: text };
    for (const kind of ['number', 'date', 'single_select', 'multi_select'] as const) {
      fieldValueOf({ id: 'f', name: 'Field', kind, options } as Field, given);
    }
  },
  'words to search for': wordsOf,
  JQL: conditionOf,
  'words for JQL': wordsCondition,
  'a name in JQL': quoted,
  "a message's text": (text) => richTextIn({ text }),
  "a message's blocks": (text) => richTextIn({ blocks: [saying(text)] }),
  'a section': (text) => richTextIn({ blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }] }),
  Markdown: (text) => richTextIn({ blocks: [{ type: 'markdown', text }] }),
  'mentions in Markdown': (text) => mentionsIn({ blocks: [{ type: 'markdown', text }] }),
  "an attachment's text": (text) => richTextIn({ attachments: [{ pretext: text, text, fields: [{ value: text }] }] }),
  "a message's summary": (text) => summaryIn({ text, files: [{ title: text }] }, NOBODY),
  'rich text': (text) => parseRichText(saying(text)),
  'a formatted text in a step': (text) => {
    const given = richTextInput(saying(text));
    return given && linesOf(adfOf(given, NOBODY), '• ');
  },
  'rich text for a form': (text) => {
    const block = richTextIn({ text, blocks: [saying(text)] });
    return block && initialValue(shortened(block), NOBODY);
  },
  'rich text for Jira': (text) => adfOf(saying(text), NOBODY),
  'code for Jira': (text) =>
    adfOf(richText({ type: 'rich_text_preformatted', elements: [{ type: 'text', text }] }), NOBODY),
  'a link for Jira': (text) => adfOf(richText(section({ type: 'link', url: text })), NOBODY),
  'an emoji for Jira': (text) => adfOf(richText(section({ type: 'emoji', name: 'x', unicode: text })), NOBODY),
  'text for Slack': escapeText,
  "a step's output": harmless,
  "Slack's markup": (text) => [unnamedIn(text), labelsIn(text), plainText(text, NOBODY), withLinks(text, NOBODY)],
  'a link to a message': (text) => messageLinkOf(text, { workspaceUrl: 'https://acme.slack.com/', channel: 'C1' }),
  'text that is cut': (text) => truncate(text, 3_000),
  'escaped text that is cut': (text) => escapeWithin(text, 3_000),
  "a step's inputs": (text) => resolveInputs({ text }, { inputs: {}, steps: {} }),
  "Jira's text": (text) => line.parse(text),
  "Jira's complaints": (text) => refused({ errorMessages: [text], errors: { summary: text } }),
  "Jira's address": (text) => parseSite({ baseUrl: `https://jira.example/${text}` }),
  'a delivery': (text) => mend({ [text]: [text, { text }] }),
};

const repeated = (piece: string) => (length: number) => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
/** Many of one thing, after something that begins to be what is looked for and before what is not the end of it. */
const between = (before: string, piece: string, behind: string) => (length: number) =>
  `${before}${repeated(piece)(length)}${behind}`;
const counted = (piece: (n: number) => string) => (length: number) =>
  Array.from({ length: Math.ceil(length / piece(99_999).length) }, (_, n) => piece(n))
    .join('')
    .slice(0, length);

/** What parsers are slow on. Length is in UTF-16 units. */
export const texts: Readonly<Record<string, (length: number) => string>> = {
  ...Object.fromEntries(
    [')', ']', '"', '.', '/', '-', ' ', '\n', '1', 'A', 'A1_-'].map((piece) => [
      `x x${JSON.stringify(piece)}x`,
      between('x x', piece, 'x'),
    ]),
  ),
  ...Object.fromEntries(
    ['(', '<', '&', '<@U0', '<https://', '<https://a-1|b> ', 'https://a/browse/', 'https://a.slack.com/', '{{ '].map(
      (piece) => [JSON.stringify(piece), repeated(piece)],
    ),
  ),
  ...Object.fromEntries(
    ['\0', '\ud83d', '\u{1f469}\u200d', '\u0301', '\u{1f1e9}', '1f600-', 'AB-', 'a\n'].map((piece) => [
      JSON.stringify(piece),
      repeated(piece),
    ]),
  ),
  'a half-open link': between('<https://x', '.', ' '),
  'a key and punctuation': between('AB-1', '!', 'x'),
  'many keys': counted((n) => `AB-${n + 1} `),
  'many words': counted((n) => `w${n.toString(36)} `),
  'many links': counted((n) => `https://h${n}.example/browse/AB-1 `),
};
