import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBlocks, checkView } from '../../../sandbox/slack/blocks.ts';

const x = (length: number) => 'x'.repeat(length);
const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const many = <T>(length: number, item: T) => Array.from({ length }, () => item);
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (more: object = {}) => ({ type: 'button', text: plain('Go'), ...more });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (text = 'One', value = '1') => ({ text: plain(text), value });
const select = (options: object[]) => ({ type: 'static_select', placeholder: plain('Pick'), options });
const input = (more: object = {}) => ({
  type: 'input',
  label: plain('Name'),
  element: { type: 'plain_text_input' },
  ...more,
});
const rich = (...elements: object[]) => ({ type: 'rich_text', elements });
const richSection = (...elements: object[]) => ({ type: 'rich_text_section', elements });
const cell = (text: string) => ({ type: 'raw_text', text });
const table = (rows: object[][]) => ({ type: 'table', rows });
const dataTable = (rows: object[][], more: object = {}) => ({ type: 'data_table', caption: 'Issues', rows, ...more });

/** Blocks at Slack's limits and, beside them, just over, with the pointer to what is wrong. */
const limits: [what: string, fits: object[], over: object[], pointer: string][] = [
  ['50 blocks', many(50, { type: 'divider' }), many(51, { type: 'divider' }), '/blocks'],
  ['a section of 3,000', [section(x(3000))], [section(x(3001))], '/blocks/0/text/text'],
  ['a section that is not empty', [section('x')], [section('')], '/blocks/0/text/text'],
  ['a section with text or fields', [{ type: 'section', fields: [plain('x')] }], [{ type: 'section' }], '/blocks/0'],
  [
    '10 fields',
    [{ type: 'section', fields: many(10, plain('x')) }],
    [{ type: 'section', fields: many(11, plain('x')) }],
    '/blocks/0/fields',
  ],
  [
    'fields of 2,000',
    [{ type: 'section', fields: [plain(x(2000))] }],
    [{ type: 'section', fields: [plain(x(2001))] }],
    '/blocks/0/fields/0/text',
  ],
  [
    'a header of 150',
    [{ type: 'header', text: plain(x(150)) }],
    [{ type: 'header', text: plain(x(151)) }],
    '/blocks/0/text/text',
  ],
  [
    'a header of plain text',
    [{ type: 'header', text: plain('x') }],
    [{ type: 'header', text: mrkdwn('x') }],
    '/blocks/0/text',
  ],
  [
    '10 in a context',
    [{ type: 'context', elements: many(10, mrkdwn('x')) }],
    [{ type: 'context', elements: many(11, mrkdwn('x')) }],
    '/blocks/0/elements',
  ],
  ['25 actions', [actions(...many(25, button()))], [actions(...many(26, button()))], '/blocks/0/elements'],
  [
    'button texts of 75',
    [actions(button({ text: plain(x(75)) }))],
    [actions(button({ text: plain(x(76)) }))],
    '/blocks/0/elements/0/text/text',
  ],
  [
    'button values of 2,000',
    [actions(button({ value: x(2000) }))],
    [actions(button({ value: x(2001) }))],
    '/blocks/0/elements/0/value',
  ],
  [
    'action_ids of 255',
    [actions(button({ action_id: x(255) }))],
    [actions(button({ action_id: x(256) }))],
    '/blocks/0/elements/0/action_id',
  ],
  [
    'an action_id once in a block',
    [actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))],
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    '/blocks/0',
  ],
  [
    'a block_id once',
    [{ type: 'divider', block_id: 'a' }],
    many(2, { type: 'divider', block_id: 'a' }),
    '/blocks/1/block_id',
  ],
  [
    'block_ids of 255',
    [{ type: 'divider', block_id: x(255) }],
    [{ type: 'divider', block_id: x(256) }],
    '/blocks/0/block_id',
  ],
  [
    '100 options',
    [actions(select(many(100, option())))],
    [actions(select(many(101, option())))],
    '/blocks/0/elements/0/options',
  ],
  [
    'option texts of 75',
    [actions(select([option(x(75))]))],
    [actions(select([option(x(76))]))],
    '/blocks/0/elements/0/options/0/text/text',
  ],
  [
    'option values of 150',
    [actions(select([option('x', x(150))]))],
    [actions(select([option('x', x(151))]))],
    '/blocks/0/elements/0/options/0/value',
  ],
  [
    '5 in an overflow',
    [actions({ type: 'overflow', options: many(5, option()) })],
    [actions({ type: 'overflow', options: many(6, option()) })],
    '/blocks/0/elements/0/options',
  ],
  [
    'placeholders of 150',
    [actions({ ...select([option()]), placeholder: plain(x(150)) })],
    [actions({ ...select([option()]), placeholder: plain(x(151)) })],
    '/blocks/0/elements/0/placeholder/text',
  ],
  [
    'input labels of 2,000',
    [input({ label: plain(x(2000)) })],
    [input({ label: plain(x(2001)) })],
    '/blocks/0/label/text',
  ],
  ['inputs where they belong', [input()], [actions({ type: 'plain_text_input' })], '/blocks/0/elements/0'],
  [
    'markdown of 12,000 in all',
    [{ type: 'markdown', text: x(12_000) }],
    many(2, { type: 'markdown', text: x(6001) }),
    '/blocks',
  ],
  ['known blocks', [{ type: 'divider' }], [{ type: 'constructor' }], '/blocks/0'],
  ['known fields', [{ type: 'divider' }], [{ type: 'divider', text: 'x' }], '/blocks/0'],
  [
    'rich text',
    [rich(richSection({ type: 'text', text: 'x', style: { bold: true } }, { type: 'link', url: 'https://x.test' }))],
    [rich(richSection({ type: 'text', text: '' }))],
    '/blocks/0/elements/0/elements/0/text',
  ],
  [
    'lists of sections',
    [rich({ type: 'rich_text_list', style: 'bullet', elements: [richSection()] })],
    [rich({ type: 'rich_text_list', style: 'bullet', elements: [{ type: 'text', text: 'x' }] })],
    '/blocks/0/elements/0/elements/0',
  ],
  [
    'known rich text',
    [rich(richSection({ type: 'user', user_id: 'U1' }))],
    [rich(richSection({ type: 'blink', text: 'x' }))],
    '/blocks/0/elements/0/elements/0',
  ],
  ['100 rows in a table', [table(many(100, [cell('x')]))], [table(many(101, [cell('x')]))], '/blocks/0/rows'],
  ['20 columns in a table', [table([many(20, cell('x'))])], [table([many(21, cell('x'))])], '/blocks/0/rows/0'],
  [
    '101 rows in a data table',
    [dataTable(many(101, [cell('x')]))],
    [dataTable(many(102, [cell('x')]))],
    '/blocks/0/rows',
  ],
  [
    'rows of one length',
    [dataTable(many(2, [cell('x')]))],
    [dataTable([[cell('x')], many(2, cell('x'))])],
    '/blocks/0/rows/1',
  ],
  [
    'plain header cells',
    [dataTable([[cell('x')], [rich()]])],
    [dataTable([[rich()], [cell('x')]])],
    '/blocks/0/rows/0/0',
  ],
];

for (const [what, fits, over, pointer] of limits) {
  test(`a message may have ${what} and no more`, () => {
    checkBlocks(fits);
    assert.throws(
      () => checkBlocks(over),
      (refusal: { error: string; why: string; document: string }) => {
        assert.equal(refusal.error, 'invalid_blocks');
        assert.ok(refusal.why.endsWith(`[json-pointer:${pointer}]`), refusal.why);
        assert.match(refusal.document, /^https:\/\/docs\.slack\.dev\/reference\/block-kit\//);
        return true;
      },
    );
  });
}

test('a message has one table, of 10,000 characters', () => {
  checkBlocks([table([[cell(x(10_000))]])]);
  assert.throws(() => checkBlocks([table([[cell(x(10_001))]])]), { error: 'invalid_attachments' });
  assert.throws(() => checkBlocks([table([[cell('x')]]), dataTable(many(2, [cell('x')]))]), {
    error: 'invalid_attachments',
    why: /only_one_table_allowed/,
  });
});

test('the blocks of a message hold some 13,200 characters in all', () => {
  checkBlocks(many(4, section(x(3000))));
  assert.throws(() => checkBlocks(many(5, section(x(3000)))), { error: 'msg_blocks_too_long', why: /15000/ });
});

test('a view keeps to the limits of modals', () => {
  const view = (more: object) => ({ type: 'modal', title: plain('Title'), blocks: [section('x')], ...more });
  checkView(view({ title: plain(x(24)), private_metadata: x(3000), blocks: many(100, { type: 'divider' }) }));
  const wrong: [object, RegExp][] = [
    [{ title: plain(x(25)) }, /\/view\/title\/text/],
    [{ submit: plain(x(25)) }, /\/view\/submit\/text/],
    [{ close: mrkdwn('x') }, /\/view\/close/],
    [{ private_metadata: x(3001) }, /private_metadata/],
    [{ callback_id: x(256) }, /callback_id/],
    [{ blocks: many(101, { type: 'divider' }) }, /no more than 100 items/],
    [{ blocks: [input()] }, /missing required field: submit/],
    [{ blocks: [table([[cell('x')]])] }, /unsupported type here: table/],
    [{ type: 'home' }, /\/view\/type/],
  ];
  for (const [more, why] of wrong) assert.throws(() => checkView(view(more)), { error: 'invalid_arguments', why });
  assert.throws(() => checkView(undefined), { error: 'invalid_arguments' });
  const heavy = many(100, section(x(3000)));
  assert.throws(() => checkView(view({ blocks: heavy })), { error: 'view_too_large' });
});
