import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { mentionsIn } from '../../../src/messages/mentions.ts';

describe('issues mentioned in a message', () => {
  for (const [text, mentions] of [
    ['PLAT-1 breaks SHOP-2, see PLAT-1', ['PLAT-1', 'SHOP-2']],
    ['(PLAT-1), "A_B-2"; PLAT-3.', ['PLAT-1', 'A_B-2', 'PLAT-3']],
    ['covid-19, plat-1 and Plat-2 are prose', []],
    ['UTF-8 and SHA-256 could be keys', ['UTF-8', 'SHA-256']],
    ['ISO-8859-1, X-PLAT-1, 3PLAT-1, ÄPLAT-1, PLAT-0, PLAT-1a, PLAT-1-2 are none', []],
    ['feature/PLAT-12-fix-login, bugfix-PLAT-13', ['PLAT-12', 'PLAT-13']],
    ['PLAT-12_fix and _PLAT-1_', ['PLAT-12', 'PLAT-1']],
    ['PLAT-1/PLAT-2', ['PLAT-1', 'PLAT-2']],
    ['“PLAT-1”…', ['PLAT-1']],
    ['https://acme.atlassian.net/browse/PLAT-1—done', ['https://acme.atlassian.net/browse/PLAT-1']],
    ['<https://other.example/browse/PLAT-1|PLAT-1>', ['https://other.example/browse/PLAT-1']],
    ['<https://other.example/browse/PLAT-1|PLAT-2>', ['https://other.example/browse/PLAT-1', 'PLAT-2']],
    ['<https://example.com/plan|PLAT-1> is planned', ['PLAT-1']],
    ['see <https://acme.atlassian.net/browse/plat-1|the ticket>', ['https://acme.atlassian.net/browse/plat-1']],
    [
      '<https://acme.atlassian.net/jira/boards/1?selectedIssue=PLAT-2&amp;x=1>',
      ['https://acme.atlassian.net/jira/boards/1?selectedIssue=PLAT-2&x=1'],
    ],
    ['<https://example.com/releases/PLAT-1.zip>', []],
    ['', []],
  ] as const) {
    test(`${JSON.stringify(text)} mentions ${mentions.length}`, () => assert.deepEqual(mentionsIn({ text }), mentions));
  }

  test('blocks, tables and attachments are read as well', () => {
    const mentions = mentionsIn({
      text: 'no key here',
      blocks: [
        {
          type: 'rich_text',
          elements: [
            {
              type: 'rich_text_section',
              elements: [
                { type: 'text', text: 'It is PLAT-1' },
                { type: 'link', url: 'https://acme.atlassian.net/browse/PLAT-2', text: 'this' },
              ],
            },
          ],
        },
        { type: 'section', text: { type: 'mrkdwn', text: 'PLAT-3' }, fields: [{ type: 'plain_text', text: 'PLAT-4' }] },
        { type: 'table', rows: [[{ type: 'raw_text', text: 'PLAT-5' }]] },
      ],
      attachments: [
        { title: 'PLAT-6', title_link: 'https://acme.atlassian.net/browse/PLAT-7', fields: [{ value: 'PLAT-8' }] },
        { blocks: [{ type: 'context', elements: [{ type: 'mrkdwn', text: 'PLAT-9' }] }] },
      ],
    });
    const keys = mentions.map((mention) => mention.slice(mention.lastIndexOf('PLAT')));
    assert.deepEqual(
      keys.sort(),
      [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => `PLAT-${n}`),
    );
  });

  for (const [what, message, mentions] of [
    ['titles of files', { files: [{ title: 'PLAT-1 graph', name: 'plat.png' }] }, ['PLAT-1']],
    [
      'emails',
      {
        files: [
          {
            filetype: 'email',
            subject: 'About PLAT-1',
            plain_text: 'and PLAT-2',
            attachments: [{ filename: 'PLAT-3.pdf' }],
          },
        ],
      },
      ['PLAT-1', 'PLAT-2', 'PLAT-3'],
    ],
    ['snippets', { files: [{ mode: 'snippet', preview: 'failed: PLAT-1' }] }, ['PLAT-1']],
    [
      'buttons',
      {
        blocks: [{ type: 'actions', elements: [{ type: 'button', url: 'https://acme.atlassian.net/browse/PLAT-1' }] }],
      },
      ['https://acme.atlassian.net/browse/PLAT-1'],
    ],
    [
      'Markdown, in which a label is no mention of the key that its link names',
      {
        blocks: [
          { type: 'markdown', text: '[PLAT-1](https://other.example/browse/PLAT-1), [PLAT-2](https://x.example)' },
        ],
      },
      ['https://other.example/browse/PLAT-1', 'PLAT-2'],
    ],
    [
      'forwarded messages, cards, and footers',
      {
        attachments: [
          { is_share: true, message_blocks: [{ message: { blocks: [{ type: 'header', text: { text: 'PLAT-1' } }] } }] },
          { footer: 'PLAT-2', author_name: 'PLAT-3' },
        ],
        blocks: [{ type: 'card', title: { text: 'PLAT-4' }, subtitle: { text: 'PLAT-5' }, body: { text: 'PLAT-6' } }],
      },
      ['PLAT-4', 'PLAT-5', 'PLAT-6', 'PLAT-1', 'PLAT-3', 'PLAT-2'],
    ],
  ] as const) {
    test(`in ${what} are found`, () => assert.deepEqual(mentionsIn(message), mentions));
  }

  test('the label of a link is no mention of the key that the link names', () => {
    const element = { type: 'link', url: 'https://other.example/browse/PLAT-1', text: 'PLAT-1' };
    const blocks = [{ type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [element] }] }];
    const attachments = [{ title: '[PLAT-2] Broken', title_link: 'https://other.example/browse/PLAT-2' }];
    assert.deepEqual(mentionsIn({ blocks, attachments }), [
      'https://other.example/browse/PLAT-1',
      'https://other.example/browse/PLAT-2',
    ]);
  });

  test('whatever a message is made of, reading it ends and throws nothing', () => {
    fc.assert(
      fc.property(fc.anything(), (blocks) => void mentionsIn({ text: 'PLAT-1', blocks, attachments: [blocks] })),
    );
    const circular: { elements?: unknown } = {};
    circular.elements = [circular];
    assert.deepEqual(mentionsIn({ blocks: [circular] }), []);
  });

  test('a megabyte of almost-keys is read in one pass', () => {
    assert.deepEqual(mentionsIn({ text: 'A-A-'.repeat(250_000) }), []);
    assert.deepEqual(mentionsIn({ text: 'AAAA'.repeat(250_000) }), []);
  });
});
