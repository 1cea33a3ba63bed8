import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RichTextBlockElement } from '@slack/types';
import type { Block } from '../../../sandbox/slack/blocks.ts';
import { slackDate } from '../../../sandbox/slack/date.ts';
import { type Message, Refusal, type View } from '../../../sandbox/slack/index.ts';
import { drawBlocks } from '../../../sandbox/terminal/blocks.ts';
import type { Drawing } from '../../../sandbox/terminal/drawing.ts';
import { type Ink, paperInk, terminalInk } from '../../../sandbox/terminal/ink.ts';
import { drawMessage } from '../../../sandbox/terminal/message.ts';
import { mrkdwn } from '../../../sandbox/terminal/mrkdwn.ts';
import { drawOutcome } from '../../../sandbox/terminal/outcome.ts';
import { drawRefusal } from '../../../sandbox/terminal/refusal.ts';
import { drawView } from '../../../sandbox/terminal/view.ts';
import { visible } from '../../../sandbox/terminal/visible.ts';
import { wrap } from '../../../sandbox/terminal/wrap.ts';

const noon = new Date(2026, 5, 15, 12, 0).getTime();
const drawing = (ink: Ink = paperInk('https://acme.example')): Drawing => ({
  ink,
  user: (id) => (id === 'U0ADA' ? '@ada' : id === 'U0MAROBOT' ? '@Maro' : `@${id}`),
  channel: (id) => (id === 'C1' ? '#checkout' : id),
  now: () => noon,
});
const text = (words: string, style?: object) => ({ type: 'text', text: words, ...(style ? { style } : {}) });
const section = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const plain = (words: string) => ({ type: 'plain_text', text: words });
const at = (days: number, hour: number, minute: number) => new Date(2026, 5, 15 + days, hour, minute).getTime() / 1000;

test('dates stand there as Slack shows them to a reader', () => {
  const table: [format: string, timestamp: number, shown: string][] = [
    ['{date_short_pretty} at {time}', at(0, 9, 5), 'today at 9:05 AM'],
    ['{date_short_pretty} at {time}', at(-1, 23, 59), 'yesterday at 11:59 PM'],
    ['{date_pretty}', at(1, 0, 0), 'tomorrow'],
    ['{date_short_pretty}', at(-2, 12, 0), 'Jun 13, 2026'],
    ['{date_pretty}', at(-20, 12, 0), 'May 26, 2026'],
    ['{date_long}', at(0, 12, 0), 'Monday, June 15, 2026'],
    ['{date_num}', at(0, 12, 0), '2026-06-15'],
    ['{time_secs}', at(0, 12, 0), '12:00:00 PM'],
    ['{ago}', at(0, 11, 57), '3 minutes ago'],
    ['{ago}', at(0, 7, 0), '5 hours ago'],
    ['{ago}', at(-3, 12, 0), '3 days ago'],
    ['on {weekday}', at(0, 12, 0), 'the fallback'],
  ];
  for (const [format, timestamp, shown] of table) {
    assert.equal(slackDate(timestamp, format, 'the fallback', noon), shown, format);
  }
});

test('markup is drawn as what it means, and escaped markup as what it says', () => {
  const table: [source: string, paper: string][] = [
    ['plain & simple', 'plain & simple'],
    ['*bold* _italic_ ~gone~', 'bold italic gone'],
    ['snake_case_name 2*3*4 a*b', 'snake_case_name 2*3*4 a*b'],
    ['type `/maro track KEY`', 'type `/maro track KEY`'],
    ['`*not bold*`', '`*not bold*`'],
    ['*:tada:* `:tada:` :acme:', '🎉 `:tada:` :acme:'],
    ['<@U0ADA> in <#C1|old-name>', '@ada in #checkout'],
    ['<!channel> and <!here>', '@channel and @here'],
    ['<!subteam^S1|@developers>', '@developers'],
    ['&lt;!channel&gt; &amp;lt;', '<!channel> &lt;'],
    ['<https://acme.example/browse/PLAT-1|PLAT-1>', 'PLAT-1'],
    ['<https://evil.example/browse/PLAT-1|PLAT-1>', 'PLAT-1 <https://evil.example/browse/PLAT-1>'],
    ['<https://acme.example>', 'https://acme.example'],
    [`<!date^${at(0, 9, 5)}^{date_short_pretty}|then>`, 'today'],
    ['one\n• two', 'one\n• two'],
    ['```\nlet a;\n```', '`let a;`'],
  ];
  for (const [source, paper] of table) assert.equal(mrkdwn(source, drawing()), paper, source);
});

test('rich text is drawn with its bullets, people, dates and links', () => {
  const table: [part: object, lines: string[]][] = [
    [section(text('3 issues', { bold: true }), text(' are\ntracked')), ['3 issues are', 'tracked']],
    [
      { type: 'rich_text_list', style: 'bullet', elements: [section(text('a')), section(text('b\nc'))] },
      ['• a', '• b', '  c'],
    ],
    [
      { type: 'rich_text_list', style: 'ordered', indent: 1, elements: [section(text('a')), section(text('b'))] },
      ['  1. a', '  2. b'],
    ],
    [{ type: 'rich_text_quote', elements: [text('so\nit is')] }, ['▌ so', '▌ it is']],
    [{ type: 'rich_text_preformatted', elements: [text('let a;')] }, ['│ let a;']],
    [
      section(
        { type: 'link', url: 'https://acme.example/browse/PLAT-1', text: 'PLAT-1' },
        text(' by '),
        { type: 'user', user_id: 'U0ADA' },
        text(', '),
        { type: 'date', timestamp: at(0, 9, 5), format: '{date_short_pretty} at {time}' },
      ),
      ['PLAT-1 by @ada, today at 9:05 AM'],
    ],
    [section({ type: 'broadcast', range: 'here' }, { type: 'emoji', name: 'tada' }), ['@here🎉']],
    [section(text('<!channel> *x*')), ['<!channel> *x*']],
  ];
  for (const [part, lines] of table) {
    assert.deepEqual(drawBlocks([{ type: 'rich_text', elements: [part as RichTextBlockElement] }], drawing()), lines);
  }
});

test('every kind of block that Maro sends is drawn, with buttons and fields and what is in them', () => {
  const pick = { text: plain('Done'), value: 'done' };
  const button = { type: 'button', text: plain('Untrack'), action_id: 'untrack' };
  const table: [block: Block, lines: string[]][] = [
    [{ type: 'section', text: { type: 'mrkdwn', text: '*PLAT-1*' }, accessory: button }, ['PLAT-1  [Untrack]']],
    [{ type: 'section', fields: [plain('a'), plain('*b*')] }, ['a', '*b*']],
    [{ type: 'header', text: plain('Issues') }, ['Issues']],
    [{ type: 'divider' }, ['────────────────────────']],
    [{ type: 'context', elements: [{ type: 'mrkdwn', text: 'by <@U0ADA>' }, plain('today')] }, ['by @ada  today']],
    [
      {
        type: 'actions',
        elements: [
          button,
          { type: 'static_select', action_id: 'which', placeholder: plain('Status'), options: [pick] },
          { type: 'overflow', action_id: 'more', options: [pick] },
        ],
      },
      ['[Untrack] [Status ▾] [⋯ Done]'],
    ],
    [
      {
        type: 'input',
        block_id: 'b',
        label: plain('Keys'),
        hint: plain('At most 100'),
        optional: true,
        element: { type: 'plain_text_input', action_id: 'keys' },
      },
      ['Keys (optional): [PLAT-1]', '  At most 100'],
    ],
    [
      {
        type: 'input',
        block_id: 'b',
        label: plain('Status'),
        element: { type: 'static_select', action_id: 'which', options: [pick] },
      },
      ['Status: [Done ▾]'],
    ],
    [
      {
        type: 'input',
        block_id: 'b',
        label: plain('Show'),
        element: { type: 'checkboxes', action_id: 'shown', options: [pick, { text: plain('All'), value: 'all' }] },
      },
      ['Show: ☑ Done  ☐ All'],
    ],
    [{ type: 'image', alt_text: 'a cat' }, ['(image: a cat)']],
    [{ type: 'markdown', text: '# Title\ntext' }, ['# Title', 'text']],
    [
      {
        type: 'table',
        rows: [
          [
            { type: 'raw_text', text: 'Issue' },
            { type: 'raw_text', text: 'Summary' },
          ],
          [
            {
              type: 'rich_text',
              elements: [
                {
                  type: 'rich_text_section',
                  elements: [{ type: 'link', url: 'https://a.example/', text: 'LONG-1' }],
                },
              ],
            },
            { type: 'raw_text', text: 'x'.repeat(60) },
          ],
        ],
      },
      [`Issue${' '.repeat(24)}Summary`, `LONG-1 <https://a.example/>  ${'x'.repeat(47)}…`],
    ],
    [{ type: 'carousel' }, ['(a carousel block, which the sandbox cannot show)']],
  ];
  const values = {
    b: {
      keys: { type: 'plain_text_input', value: 'PLAT-1' },
      which: { type: 'static_select', selected_option: pick },
      shown: { type: 'checkboxes', selected_options: [pick] },
    },
  };
  for (const [block, lines] of table) assert.deepEqual(drawBlocks([block], drawing(), values), lines, block.type);
});

test('a message says who sent it and who sees it', () => {
  const message: Message = { ts: '1.1', channel: 'C1', text: 'hi *you*', blocks: [], user: 'U0ADA' };
  const byMaro = { ...message, user: 'U0MAROBOT', bot_id: 'B1' };
  assert.deepEqual(drawMessage(message, drawing(), 'm1'), ['@ada (m1)', 'hi you']);
  assert.deepEqual(drawMessage({ ...byMaro, ephemeral_to: 'U0ADA' }, drawing()), [
    'Maro (only visible to you)',
    'hi you',
  ]);
  const inThread = { ...byMaro, thread_ts: '1.0', edited: true };
  assert.deepEqual(drawMessage(inThread, drawing(), 'm2'), ['Maro (m2, in a thread, edited)', 'hi you']);
  const reactions = [{ name: 'white_check_mark', users: ['U0ADA', 'U0BEN'] }];
  assert.deepEqual(drawMessage({ ...byMaro, reactions }, drawing()), ['Maro', 'hi you', '✅ 2']);
  const blocks = [{ type: 'header', text: plain('shown') }];
  assert.deepEqual(drawMessage({ ...byMaro, blocks }, drawing()), ['Maro', 'shown'], 'the text is for notifications');
});

test('a view is a box with its buttons', () => {
  const view = { title: plain('Issues'), blocks: [{ type: 'header', text: plain('One') }], state: { values: {} } };
  const lines = (more: object) => drawView({ ...view, ...more } as unknown as View, drawing());
  assert.deepEqual(lines({ submit: plain('Save') }), [`┌─ Issues ${'─'.repeat(34)}`, '│ One', '└─ [Cancel] [Save]']);
  assert.equal(lines({ submit: null }).at(-1), '└─ [Close]');
  assert.equal(lines({ submit: null, close: plain('Back') }).at(-1), '└─ [Back]');
});

test('a step is drawn with its outputs in the order in which they are declared, or with its error', () => {
  const outputs = { count: 2, error: '', text: 'one\ntwo', tracked: true, undeclared: 1 };
  const declared = ['tracked', 'count', 'text', 'missing', 'error'];
  assert.deepEqual(drawOutcome('step track', { state: 'completed', outputs, error: undefined }, declared, drawing()), [
    'step track completed',
    '  tracked     true',
    '  count       2',
    '  text        one',
    '              two',
    '  error       (empty)',
    '  undeclared  1',
  ]);
  const failed = { state: 'failed' as const, outputs: {}, error: 'Nothing was tracked.' };
  assert.deepEqual(drawOutcome('step track', failed, declared, drawing()), ['step track failed: Nothing was tracked.']);
});

test("a refusal has Slack's own name for it, why, and the document that it rests on", () => {
  const refusal = new Refusal('missing_scope', 'It needs commands.', 'reference/scopes/commands');
  assert.deepEqual(drawRefusal(refusal, 'the act', drawing()), [
    '✗ Slack refuses this: missing_scope',
    '  It needs commands.',
    '  https://docs.slack.dev/reference/scopes/commands',
  ]);
});

test('on a terminal, words have styles and links can be followed; no text can steer it', () => {
  const ink = drawing(terminalInk());
  assert.equal(mrkdwn('*bold*', ink), '\u001b[1mbold\u001b[22m');
  assert.equal(
    mrkdwn('<https://acme.example/a|here>', ink),
    '\u001b]8;;https://acme.example/a\u001b\\\u001b[4mhere\u001b[24m\u001b]8;;\u001b\\',
  );
  assert.equal(
    visible('a\u001b[2J\u0007\u202Eb\u2067\u009bc\rd\te\nf'),
    'a‹U+001B›[2J‹U+0007›‹U+202E›b‹U+2067›‹U+009B›c‹U+000D›d‹U+0009›e\nf',
  );
  assert.equal(visible('half \ud83d'), 'half \ufffd');
  const escapes = mrkdwn('*\u001b[31m* `\u001b` <https://a.example/\u001b\\|\u001b]8;;>', drawing());
  assert.ok(!escapes.includes('\u001b'), escapes);
  const [hidden] = drawBlocks([{ type: 'rich_text', elements: [section(text('\u001b[2J'))] }], drawing());
  assert.equal(hidden, '‹U+001B›[2J');
});

test('a long line is broken between words, below its own text, whatever escapes are in it', () => {
  const table: [line: string, width: number, parts: string[]][] = [
    ['short', 10, ['short']],
    ['one two three', 7, ['one two', 'three']],
    ['• one two three', 9, ['• one two', '  three']],
    ['  10. one two', 9, ['  10. one', '      two']],
    ['│ one two', 6, ['│ one', '│ two']],
    ['averylongword x', 5, ['averylongword', 'x']],
    ['\u001b[1mone\u001b[22m two six', 7, ['\u001b[1mone\u001b[22m two', 'six']],
    ['👩‍👩‍👧‍👦 é two', 7, ['👩‍👩‍👧‍👦 é two']],
  ];
  for (const [line, width, parts] of table) assert.deepEqual(wrap(line, width), parts, line);
});
