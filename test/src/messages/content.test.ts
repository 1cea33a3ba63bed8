import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type MessageParts, richTextIn, summaryIn } from '../../../src/messages/content.ts';
import { wordsIn } from '../../../src/messages/rich-text.ts';

const NAMES = new Map([['U0BEN', 'Ben']]);
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text, emoji: true });
const section = (text: string, more = {}) => ({ type: 'section', block_id: 'b', text: mrkdwn(text), ...more });
const typed = (...elements: object[]) => ({
  type: 'rich_text',
  block_id: 'typed',
  elements: [{ type: 'rich_text_section', elements }],
});
const say = (text: string) => ({ type: 'text', text });
const button = { type: 'button', action_id: 'a', text: plain('Acknowledge'), url: 'https://x.example/ack' };

/** Messages as apps post them, and as Slack delivers them. */
const ROWS: readonly (readonly [what: string, message: MessageParts, summary: string, words: readonly string[]])[] = [
  [
    'a person',
    {
      text: 'The *cart* is empty &amp; slow, <@U0BEN>',
      blocks: [
        typed(say('The '), { ...say('cart'), style: { bold: true } }, say(' is empty & slow, '), {
          type: 'user',
          user_id: 'U0BEN',
        }),
      ],
    },
    'The cart is empty & slow, @Ben',
    ['The cart is empty & slow, @Ben'],
  ],
  [
    'a person who mentions a channel and a group, whose names are only in the text',
    {
      text: 'ask <!subteam^S0OPS|@ops> in <#C0SHOP|shop>, <#C0SECRET>',
      blocks: [
        typed(
          say('ask '),
          { type: 'usergroup', usergroup_id: 'S0OPS' },
          say(' in '),
          { type: 'channel', channel_id: 'C0SHOP' },
          say(', '),
          { type: 'channel', channel_id: 'C0SECRET' },
        ),
      ],
    },
    'ask @ops in #shop, #a channel',
    ['ask @ops in #shop, #a channel'],
  ],
  [
    'every element of rich text',
    {
      blocks: [
        typed(
          { type: 'date', timestamp: 1_731_542_400, format: '{date_short}', fallback: '14 Nov' },
          say(' '),
          { type: 'date', timestamp: 1_731_542_400, format: '{date_short}' },
          say(' '),
          { type: 'color', value: '#F405B3' },
          say(' '),
          { type: 'emoji', name: 'wave', unicode: '1f44b' },
          { type: 'emoji', name: 'acme', display_url: 'https://e.example' },
          { type: 'broadcast', range: 'here' },
          say(' '),
          { type: 'team', team_id: 'T1' },
          say(' '),
          { type: 'usergroup', usergroup_id: 'S1' },
          say(' '),
          { type: 'link', url: 'mailto:a@x.example' },
          say(' '),
          { type: 'attachment_mention', url: 'https://x.example/PLAN', text: 'The plan' },
          { type: 'unknown' },
        ),
      ],
    },
    '14 Nov 2024-11-14 00:00 UTC #F405B3 👋:acme:@here @a workspace @a user group a@x.example The plan',
    ['14 Nov 2024-11-14 00:00 UTC #F405B3 👋:acme:@here @a workspace @a user group a@x.example The plan'],
  ],
  [
    'lists, quotes, and code that a person typed',
    {
      blocks: [
        {
          type: 'rich_text',
          elements: [
            { type: 'rich_text_section', elements: [say('Steps')] },
            {
              type: 'rich_text_list',
              style: 'ordered',
              indent: 0,
              border: 0,
              elements: ['one', 'two'].map((text) => ({ type: 'rich_text_section', elements: [say(text)] })),
            },
            { type: 'rich_text_quote', elements: [say('said')] },
            { type: 'rich_text_preformatted', border: 0, elements: [say('a\nb')] },
          ],
        },
      ],
    },
    'Steps',
    ['Steps', 'one', 'two', 'said', 'a', 'b'],
  ],
  [
    'GitHub: attachments with a title, and a pretext',
    {
      text: '',
      attachments: [
        {
          id: 1,
          color: '36a64f',
          fallback: '[acme/shop] Pull request opened by ada',
          pretext: 'Pull request opened by <https://github.example/ada|ada>',
          title: '#12 Keep the cart after a reload &amp; more',
          title_link: 'https://github.example/acme/shop/pull/12',
          text: 'The cart was kept *in memory*.',
          footer: '<https://github.example/acme/shop|acme/shop>',
          mrkdwn_in: ['text', 'pretext'],
          fields: [{ title: 'Reviewers', value: '<@U0BEN>', short: true }],
        },
      ],
    },
    '#12 Keep the cart after a reload & more',
    [
      'Pull request opened by ada',
      '#12 Keep the cart after a reload & more',
      'The cart was kept in memory.',
      'Reviewers',
      '@Ben',
      'acme/shop',
    ],
  ],
  [
    'PagerDuty: blocks in an attachment, and buttons',
    {
      text: 'Triggered: Checkout is down',
      attachments: [
        {
          color: 'c2362b',
          fallback: '[no preview available]',
          blocks: [
            section('*Triggered #1042:* <https://acme.pagerduty.example/incidents/Q1|Checkout is down>'),
            {
              type: 'section',
              fields: [mrkdwn('*Assigned:*\n<@U0BEN>'), mrkdwn('*Service:*\n<https://x.example|checkout>')],
            },
            { type: 'actions', elements: [button] },
          ],
        },
      ],
    },
    'Triggered: Checkout is down',
    ['Triggered: Checkout is down', 'Triggered #1042: Checkout is down', 'Assigned:', '@Ben', 'Service:', 'checkout'],
  ],
  [
    'Sentry: a title in a section, code, and a context',
    {
      text: '[shop] TypeError',
      blocks: [
        section(
          ':red_circle: *<https://acme.sentry.example/issues/7/|TypeError: cart is undefined>*\n```cart.items.map()```',
        ),
        {
          type: 'context',
          elements: [
            { type: 'image', image_url: 'https://x.example/i.png', alt_text: 'JS' },
            mrkdwn('Project: `shop`'),
            plain('3 &lt; 4 users'),
          ],
        },
        { type: 'divider' },
        { type: 'actions', elements: [button] },
      ],
    },
    ':red_circle: TypeError: cart is undefined',
    [':red_circle: TypeError: cart is undefined', 'cart.items.map()', 'JS Project: shop 3 < 4 users'],
  ],
  [
    'Datadog: a title, a text, an image, and fields',
    {
      attachments: [
        {
          title: 'Triggered: CPU is high on host:db-1',
          title_link: 'https://app.datadog.example/monitors/1',
          fallback: 'Triggered: CPU is high on host:db-1',
          text: 'CPU over 90%\n\n@slack-checkout',
          image_url: 'https://p.example/g.png',
          fields: [{ title: 'Tags', value: 'env:prod, host:db-1' }],
        },
      ],
    },
    'Triggered: CPU is high on host:db-1',
    ['Triggered: CPU is high on host:db-1', 'CPU over 90%', '', '@slack-checkout', 'Tags', 'env:prod, host:db-1'],
  ],
  [
    'Jira Cloud: a section with fields, in an unfurl that an app made',
    {
      text: '<https://acme.atlassian.net/browse/PLAT-7>',
      blocks: [typed({ type: 'link', url: 'https://acme.atlassian.net/browse/PLAT-7' })],
      attachments: [
        {
          from_url: 'https://acme.atlassian.net/browse/PLAT-7',
          is_app_unfurl: true,
          app_unfurl_url: 'https://acme.atlassian.net/browse/PLAT-7',
          fallback: '[no preview available]',
          blocks: [
            section('*<https://acme.atlassian.net/browse/PLAT-7|PLAT-7 Cart is empty>*'),
            { type: 'context', elements: [mrkdwn('Status: *To Do*'), mrkdwn('Assignee: *Ben*')] },
          ],
        },
      ],
    },
    'https://acme.atlassian.net/browse/PLAT-7',
    ['https://acme.atlassian.net/browse/PLAT-7', 'PLAT-7 Cart is empty', 'Status: To Do Assignee: Ben'],
  ],
  [
    'an alert with a header, whose text is for notifications',
    {
      text: 'Deploy failed: checkout',
      blocks: [
        section('<!here> the pipeline stopped'),
        { type: 'header', text: plain('Deploy &amp; test failed') },
        section('*Branch:* `main`', { fields: [plain('Build 7'), mrkdwn('by <@U0BEN>')] }),
        {
          type: 'section',
          text: mrkdwn('With a picture'),
          accessory: { type: 'image', image_url: 'u', alt_text: 'graph of errors' },
        },
        { type: 'section', text: mrkdwn('With a button'), accessory: button },
      ],
    },
    'Deploy & test failed',
    [
      '@here the pipeline stopped',
      'Deploy & test failed',
      'Branch: main',
      'Build 7',
      'by @Ben',
      'With a picture',
      'graph of errors',
      'With a button',
    ],
  ],
  [
    'tables, images, and videos',
    {
      blocks: [
        {
          type: 'table',
          rows: [
            [
              { type: 'raw_text', text: 'Host' },
              { type: 'raw_text', text: 'Load' },
            ],
            [typed(say('db-1')), { type: 'raw_number', value: 0.9 }],
          ],
        },
        {
          type: 'data_table',
          caption: 'Hosts',
          rows: [[{ type: 'raw_text', text: 'Name' }], [{ type: 'raw_number', value: 1, text: 'one' }]],
        },
        { type: 'image', title: plain('Load'), alt_text: 'Load', image_url: 'u' },
        { type: 'image', title: plain('Errors'), alt_text: 'a graph', image_url: 'u' },
        {
          type: 'video',
          title: plain('How to'),
          title_url: 'https://v.example',
          description: plain('In a minute'),
          alt_text: 'film',
          video_url: 'v',
          thumbnail_url: 't',
        },
      ],
    },
    'How to',
    ['Host | Load', 'db-1 | 0.9', 'Hosts', 'Name', 'one', 'Load', 'Errors', 'a graph', 'How to', 'In a minute', 'film'],
  ],
  [
    'Markdown',
    {
      text: 'fallback',
      blocks: [
        {
          type: 'markdown',
          text: '## Findings\n**Bold** and *italic*, 2 * 3\n* [the log](https://l.example/a?b=1&c=2)\n```js\na < b\n```\n> quoted',
        },
      ],
    },
    'Findings',
    ['Findings', 'Bold and italic, 2 * 3', '• the log', 'a < b', 'quoted'],
  ],
  [
    'cards, alerts, and blocks that are new',
    {
      blocks: [
        { type: 'alert', text: mrkdwn('Disk is *full*'), level: 'error' },
        {
          type: 'carousel',
          elements: [
            {
              type: 'card',
              title: mrkdwn('Card'),
              subtitle: mrkdwn('below'),
              body: mrkdwn('inside'),
              actions: [button],
            },
          ],
        },
        { type: 'container', title: plain('Box'), child_blocks: [section('in it')] },
        {
          type: 'task_card',
          task_id: 't',
          title: 'Task',
          status: 'complete',
          output: typed(say('made')),
          sources: [{ type: 'url', url: 'https://s.example', text: 'Source' }],
        },
        { type: 'from_tomorrow', text: plain('new words'), blocks: [section('nested')] },
      ],
    },
    'Card',
    ['Disk is full', 'Card', 'below', 'inside', 'Box', 'in it', 'Task', 'made', 'Source', 'new words', 'nested'],
  ],
  [
    'Google Drive: a remote file and its preview',
    {
      text: 'See <https://docs.google.example/d/1>',
      blocks: [typed(say('See '), { type: 'link', url: 'https://docs.google.example/d/1' })],
      files: [
        {
          id: 'F1',
          mode: 'external',
          external_type: 'gdrive',
          filetype: 'gdoc',
          name: 'Plan_for_Q3',
          title: 'Plan for Q3',
          is_external: true,
        },
      ],
    },
    'See https://docs.google.example/d/1',
    ['See https://docs.google.example/d/1', 'Files: Plan for Q3'],
  ],
  [
    'Zapier: a bot with a name of its own, and text alone',
    { text: '*New lead*\nName: Ada &lt;ada@x.example&gt;\n_from_ ~the~ `form` <mailto:ada@x.example|ada@x.example>' },
    'New lead',
    ['New lead', 'Name: Ada <ada@x.example>', 'from the form ada@x.example'],
  ],
  [
    'an email to the channel',
    {
      text: '',
      files: [
        {
          id: 'F2',
          mode: 'email',
          filetype: 'email',
          name: 'Order 7 is missing',
          title: 'Order 7 is missing',
          subject: 'Order 7 is missing',
          from: [{ address: 'cyd@x.example', name: 'Cyd', original: 'Cyd <cyd@x.example>' }],
          to: [{ address: 'help@acme.example', name: '', original: 'help@acme.example' }],
          cc: [],
          attachments: [{ filename: 'order.pdf', mimetype: 'application/pdf' }],
          plain_text: 'Hello,\r\nwhere is it?',
          preview: '<div>Hello,</div>',
        },
      ],
    },
    'Order 7 is missing',
    [
      'Order 7 is missing',
      'From: Cyd <cyd@x.example>',
      'To: help@acme.example',
      'Hello,\r',
      'where is it?',
      'Files: order.pdf',
    ],
  ],
  [
    'a workflow: a bot message with rich text',
    {
      text: 'New request from <@U0BEN>: *Printer*',
      blocks: [
        typed(
          say('New request from '),
          { type: 'user', user_id: 'U0BEN', style: { client_highlight: true } },
          say(': Printer'),
        ),
      ],
    },
    'New request from @Ben: Printer',
    ['New request from @Ben: Printer'],
  ],
  [
    'a canvas and a list that were shared',
    {
      text: '',
      files: [
        { id: 'F3', mode: 'quip', filetype: 'quip', pretty_type: 'Canvas', name: 'Retro_notes', title: 'Retro notes' },
        { id: 'F4', mode: 'list', filetype: 'list', name: 'Tasks', title: 'Tasks for May' },
        { id: 'F5', mode: 'tombstone' },
        { id: 'F6', file_access: 'check_file_info' },
      ],
    },
    'Retro notes',
    ['Files: Retro notes, Tasks for May'],
  ],
  [
    'a snippet, and a recording with a transcript',
    {
      files: [
        {
          id: 'F7',
          mode: 'snippet',
          filetype: 'text',
          title: 'trace.txt',
          preview: 'TypeError\n  at cart',
          preview_is_truncated: true,
        },
        {
          id: 'F8',
          mode: 'hosted',
          filetype: 'webm',
          name: 'audio.webm',
          transcription: { status: 'complete', preview: { content: 'It broke', has_more: true } },
        },
      ],
    },
    'TypeError',
    ['Files: trace.txt, audio.webm', 'TypeError', '  at cart', '…', 'It broke …'],
  ],
  [
    'a huddle',
    {
      text: '',
      blocks: [typed(say('A huddle started'))],
      ...{ subtype: 'huddle_thread', room: { id: 'R1', call_family: 'huddle', has_ended: false } },
    },
    'A huddle started',
    ['A huddle started'],
  ],
  [
    'a call',
    {
      text: 'Ada started a call',
      blocks: [
        {
          type: 'call',
          call_id: 'R2',
          call: { v1: { id: 'R2', name: 'Standup', display_id: '123-456', join_url: 'https://z.example/j/1' } },
        },
      ],
    },
    'Standup',
    ['Standup'],
  ],
  [
    'a message that was forwarded with words',
    {
      text: 'FYI',
      blocks: [typed(say('FYI'))],
      attachments: [
        {
          is_share: true,
          is_msg_unfurl: true,
          from_url: 'https://acme.slack.com/archives/C1/p1',
          author_name: 'Cyd',
          author_id: 'U0CYD',
          channel_id: 'C1',
          footer: 'Posted in #checkout',
          fallback: '[May 7th] cyd: The *cart* is empty',
          text: 'The *cart* is empty',
          message_blocks: [
            { team: 'T1', channel: 'C1', ts: '1.1', message: { blocks: [typed(say('The cart is empty'))] } },
          ],
          files: [{ id: 'F9', title: 'screen.png' }],
        },
      ],
    },
    'FYI',
    ['FYI', 'Cyd', 'The cart is empty', 'Files: screen.png', 'Posted in #checkout'],
  ],
  [
    'a message that was forwarded without words',
    {
      text: '',
      attachments: [{ is_share: true, author_name: 'Cyd', text: 'The *cart* is empty', footer: 'Direct Message' }],
    },
    'The cart is empty',
    ['Cyd', 'The cart is empty', 'Direct Message'],
  ],
  [
    'the preview of a page, whose title is no title of the message',
    {
      text: 'Look: <https://blog.example>',
      attachments: [
        {
          from_url: 'https://blog.example',
          service_name: 'Blog',
          title: 'Ten carts',
          title_link: 'https://blog.example',
          text: 'All of them',
          fallback: 'Blog: Ten carts',
        },
      ],
    },
    'Look: https://blog.example',
    ['Look: https://blog.example', 'Ten carts', 'All of them'],
  ],
  [
    'an attachment that has only a fallback',
    { attachments: [{ fallback: 'Build 7 &lt;failed&gt;' }] },
    'Build 7 <failed>',
    ['Build 7 <failed>'],
  ],
  [
    'blocks without words, which is when the text shows',
    { text: 'Hello', blocks: [{ type: 'divider' }, typed(say('\n'))] },
    'Hello',
    ['Hello'],
  ],
  [
    'quotes',
    { text: 'He said\n&gt; one\n&gt; two\n&gt;&gt;&gt; and\nthe rest' },
    'He said',
    ['He said', 'one', 'two', 'and', 'the rest'],
  ],
  [
    'text that only looks like markup',
    { text: '2*3*4 a_b_c * x * <x> snake_case_ ```open' },
    '2*3*4 a_b_c * x * <x> snake_case_ ```open',
    ['2*3*4 a_b_c * x * <x> snake_case_ ```open'],
  ],
];

describe('a message', () => {
  for (const [what, message, summary, words] of ROWS) {
    test(`of ${what} is read with every word, once`, () => {
      const block = richTextIn(message);
      assert.ok(block);
      assert.equal(wordsIn(block, NAMES), words.join('\n'));
      assert.equal(summaryIn(message, NAMES), summary);
    });
  }

  test('keeps links, styles, and mentions', () => {
    const link = { type: 'link', url: 'https://x.example/?a=1&b=2', text: 'Cart', style: { bold: true } };
    const text = '*<https://x.example/?a=1&amp;b=2|Cart>* is _*so* empty_, <@U0BEN> `a*b*`';
    assert.deepEqual(richTextIn({ text })?.elements, [
      {
        type: 'rich_text_section',
        elements: [
          link,
          { type: 'text', text: ' is ' },
          { type: 'text', text: 'so', style: { italic: true, bold: true } },
          { type: 'text', text: ' empty', style: { italic: true } },
          { type: 'text', text: ', ' },
          { type: 'user', user_id: 'U0BEN' },
          { type: 'text', text: ' ' },
          { type: 'text', text: 'a*b*', style: { code: true } },
        ],
      },
    ]);
  });

  test('has a summary of one line, as long as Jira takes', () => {
    assert.equal(summaryIn({ text: '\n \n  The\tcart   is\u2028empty' }, NAMES), 'The cart is');
    assert.equal(summaryIn({ text: 'x'.repeat(300) }, NAMES), `${'x'.repeat(254)}…`);
  });

  test('without words is nothing', () => {
    for (const message of [
      { text: '' },
      { text: ' ' },
      { text: '', blocks: [{ type: 'section' }] },
      { blocks: 7, files: [null] },
    ]) {
      assert.equal(richTextIn(message as MessageParts), undefined);
      assert.equal(summaryIn(message as MessageParts, NAMES), '');
    }
  });

  test('is read to its end, whatever it is made of', () => {
    const type = fc.constantFrom(
      'rich_text',
      'section',
      'context',
      'table',
      'markdown',
      'call',
      'rich_text_list',
      'text',
      'link',
    );
    const parts = fc.letrec((tie) => ({
      part: fc.oneof(
        { depthIdentifier: 'parts', maxDepth: 5 },
        fc.anything({ maxDepth: 1 }),
        fc.record(
          {
            type,
            text: tie('part'),
            elements: fc.array(tie('part'), { maxLength: 3, depthIdentifier: 'parts' }),
            rows: tie('part'),
            title: tie('part'),
            style: tie('part'),
          },
          { requiredKeys: [] },
        ),
      ),
    }));
    fc.assert(
      fc.property(fc.array(parts.part, { maxLength: 4 }), (things) => {
        const message = { text: things[0], blocks: things, attachments: things, files: things };
        const block = richTextIn(message);
        if (block !== undefined) wordsIn(block, NAMES);
        summaryIn(message, NAMES);
      }),
    );
    const circular: { type: string; elements?: unknown } = { type: 'container' };
    circular.elements = [circular, section('once')];
    assert.ok(richTextIn({ blocks: [circular] }));
  });
});
