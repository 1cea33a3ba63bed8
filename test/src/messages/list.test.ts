import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkBlocks, checkView } from '../../../sandbox/slack/blocks.ts';
import type { StatusCategory } from '../../../src/issue.ts';
import type { ShownIssue } from '../../../src/issues/visible.ts';
import { decodeView, encodeView, headingOf, listMessage, PAGE } from '../../../src/messages/list.ts';
import { noticeMessage } from '../../../src/messages/notice.ts';
import { sharedMessage } from '../../../src/messages/share.ts';
import { untrackManyMessage } from '../../../src/messages/untrack.ts';
import { resultView, sentenceView } from '../../../src/messages/views.ts';
import { simpler } from '../../../src/slack/simpler.ts';
import { words } from '../../maro.ts';

const at = new Date('2026-11-20T09:14:03Z');
const text = fc.oneof(
  fc.constantFrom('&'.repeat(255), '<!channel>'.repeat(25), '👨‍👩‍👧‍👦'.repeat(20), 'W'.repeat(255), '*_~`>', ''),
  fc.string({ unit: 'grapheme', maxLength: 255 }),
);
const category = fc.constantFrom<StatusCategory>('new', 'indeterminate', 'done');
const key = fc.constantFrom('PLAT-1', 'LONGPROJEC-123456', `${'A'.repeat(200)}-1`);
const visible = fc.record({
  visible: fc.constant(true as const),
  site: fc.constant('https://a-company-with-a-long-name.atlassian.net'),
  siteId: fc.constant('https://a-company-with-a-long-name.atlassian.net'),
  id: fc.nat().map(String),
  key,
  summary: text,
  status: text,
  category,
  assignee: fc.option(text, { nil: undefined }),
  type: fc.constant('Bug'),
  priority: fc.constant(undefined),
  updatedAt: fc.constant(at),
  trackedAt: fc.constant(at),
  trackedBy: fc.constantFrom('U0123456789', undefined),
  door: fc.constant('command'),
  messageLink: fc.constantFrom(
    'https://acme.slack.com/archives/C1/p1',
    'no link',
    `https://a.b/${'x'.repeat(5_000)}`,
    undefined,
  ),
  syncedAt: fc.constant(at),
  failing: fc.constant(undefined),
  goneAt: fc.constant(undefined),
  overdue: fc.constantFrom(
    undefined,
    { since: '2026-11-20', isThisYear: true },
    { since: '1999-01-02', isThisYear: false },
  ),
});
const issue: fc.Arbitrary<ShownIssue> = fc.oneof(visible, fc.record({ visible: fc.constant(false as const), key }));
const counts = fc.record({ new: fc.nat(5_000), indeterminate: fc.nat(5_000), done: fc.nat(5_000) });

/** Nothing that Slack would read as a mention of everybody, a group, a channel or a person Maro did not mean. */
function pingsNobody(blocks: unknown): void {
  assert.doesNotMatch(JSON.stringify(blocks), /<!(?!date\^\d)|<#|<@(?!U0123456789>|UADA>)/);
}

describe('the list as Slack shows it', () => {
  test('whatever Jira says, a page of the list is one that Slack takes', () => {
    fc.assert(
      fc.property(
        fc.array(issue, { minLength: PAGE, maxLength: PAGE }),
        counts,
        fc.option(category, { nil: undefined }),
        text,
        (issues, n, only, notice) => {
          const view = { category: only, offset: 30 };
          const message = listMessage({ issues, counts: n }, view, { text: notice || 'x', undo: 'o' });
          checkBlocks(message.blocks);
          pingsNobody(message.blocks);
          assert.ok(message.text.length <= 40_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a page of long rows shows fewer of them, and Next goes on with the next', () => {
    const [one] = fc.sample(visible, 1);
    assert.ok(one);
    const long = { ...one, key: `${'A'.repeat(200)}-1`, summary: '&'.repeat(255), category: 'new' as const };
    const issues = Array.from({ length: PAGE }, () => long);
    const all = { issues, counts: { new: PAGE, indeterminate: 0, done: 0 } };
    const { blocks = [] } = listMessage(all, { category: undefined, offset: 0 });
    checkBlocks(blocks);
    const shown = blocks.filter((block) => block.type === 'section' && block.accessory?.type === 'overflow').length;
    assert.ok(shown > 0 && shown < PAGE, `${shown} rows`);
    assert.match(words(blocks), new RegExp(`1–${shown} of ${PAGE}`));
    assert.match(JSON.stringify(blocks), new RegExp(`"list:older".*"value":"all:${shown}"`));
  });

  test('whatever Jira says, a shared list is one that Slack takes, of a hundred rows at most', () => {
    fc.assert(
      fc.property(fc.array(issue, { minLength: 99, maxLength: 120 }), counts, (issues, n) => {
        const { blocks } = sharedMessage({ issues, counts: n }, { category: undefined, user: 'UADA' });
        checkBlocks(simpler(blocks ?? []));
        checkBlocks(blocks);
      }),
      { numRuns: 30 },
    );
  });

  test('a short list is shared whole: ninety-nine issues under one row of titles', () => {
    const [one] = fc.sample(visible, 1);
    assert.ok(one);
    const issues = Array.from({ length: 120 }, () => ({
      ...one,
      key: 'P-1',
      summary: 'S',
      status: 'D',
      assignee: 'A',
    }));
    const counts = { new: 120, indeterminate: 0, done: 0 };
    const { blocks } = sharedMessage({ issues, counts }, { category: undefined, user: 'UADA' });
    const table = blocks?.find((block) => block.type === 'data_table');
    assert.equal(table?.type === 'data_table' && table.rows.length, 100);
    assert.match(words(blocks), /… and 21 more/);
  });

  test('notices, questions and views are ones that Slack takes, however long', () => {
    fc.assert(
      fc.property(text, counts, fc.option(category, { nil: undefined }), (words, n, only) => {
        const long = words.repeat(50) || 'x';
        checkBlocks(noticeMessage({ text: long, undo: 'o' }).blocks);
        const { blocks } = untrackManyMessage({ counts: n }, { category: only });
        if (blocks !== undefined) checkBlocks(blocks);
        checkView(sentenceView('Track', long));
        checkView(resultView([], { others: Array.from({ length: 100 }, () => words || 'x'), more: 5 }));
      }),
      { numRuns: 40 },
    );
  });

  /** A row of one of the channel's issues. */
  const example = (over: Partial<Extract<ShownIssue, { visible: true }>> = {}): ShownIssue => ({
    visible: true,
    site: 'https://acme.atlassian.net',
    siteId: 'https://acme.atlassian.net',
    id: '1',
    key: 'PLAT-7',
    summary: 'The mails are late',
    status: 'In Review',
    category: 'indeterminate',
    assignee: 'Ada Lovelace',
    type: 'Bug',
    priority: undefined,
    updatedAt: at,
    trackedAt: at,
    trackedBy: 'UADA',
    door: 'command',
    messageLink: undefined,
    syncedAt: at,
    failing: undefined,
    goneAt: undefined,
    ...over,
  });
  const all = { category: undefined, offset: 0 };
  const none = { new: 0, indeterminate: 0, done: 0 };
  const rowsOf = (issues: ShownIssue[]) =>
    (listMessage({ issues, counts: { ...none, indeterminate: issues.length } }, all).blocks ?? []).flatMap((block) =>
      block.type === 'section' && block.accessory?.type === 'overflow' ? [block.text?.text ?? ''] : [],
    );
  /** A row as Slack shows it: a link by its text, a date and a mention by what they stand for. */
  const asShown = (row = '') =>
    row
      .replaceAll(/<http[^|>]*\|([^>]*)>/g, '$1')
      .replaceAll(/<!date\^[^>]*date[^>]*>/g, 'Nov 20, 2026')
      .replaceAll(/<!date[^>]*>/g, '9:14 AM')
      .replaceAll(/<@\w+>/g, '@ben');

  for (const [what, over, shown] of [
    ['its key, summary, status, and assignee', {}, 'PLAT-7 The mails are late · In Review · Ada Lovelace'],
    ['no status that its title names', { status: 'In Progress' }, 'PLAT-7 The mails are late · Ada Lovelace'],
    ['no assignee if it has none', { assignee: undefined }, 'PLAT-7 The mails are late · In Review'],
    [
      'a summary cut to what two lines on a phone hold',
      { summary: 'The mails are late again, and nobody who waits for one knows why' },
      'PLAT-7 The mails are late again, and n… · In Review · Ada L.',
    ],
    [
      'a long status cut, and the last name too, before the summary',
      { status: 'Waiting for the customer', assignee: 'Bartholomew Fitzgerald' },
      'PLAT-7 The mails are late · Waiting f… · Bartholom…',
    ],
    [
      'half as many characters of Japanese, which are twice as wide',
      { summary: 'メールが遅れています'.repeat(5) },
      `PLAT-7 ${'メールが遅れています'.repeat(5).slice(0, 15)}… · In Review · Ada L.`,
    ],
    [
      'since when it is overdue',
      { status: 'In Progress', summary: 'Late mails', overdue: { since: '2026-11-20', isThisYear: true } },
      'PLAT-7 Late mails · Ada Lovelace · overdue since Nov 20',
    ],
    [
      'the year in which it was due if that is over',
      { status: 'In Progress', assignee: undefined, overdue: { since: '2025-11-02', isThisYear: false } },
      'PLAT-7 The mails are late · overdue since Nov 2, 2025',
    ],
    [
      'that it is overdue before a long name',
      { status: 'In Progress', assignee: 'Bartholomew Fitzgerald', overdue: { since: '2026-11-20', isThisYear: true } },
      'PLAT-7 The mails are l… · Bartholom… · overdue since Nov 20',
    ],
    [
      'that it is overdue, and not since when, if there is no room for both it and the name',
      { overdue: { since: '2026-11-20', isThisYear: true } },
      'PLAT-7 The mails are late · In Review · Ada L. · overdue',
    ],
    [
      'that it is overdue, and no name, if there is room for one only',
      {
        ...{ key: 'LONGPROJECT-1234', status: 'Waiting for the customer', assignee: 'Bartholomew Fitzgerald' },
        overdue: { since: '2026-11-20', isThisYear: true },
      },
      'LONGPROJECT-1234 The mails are late · Waiting f… · overdue',
    ],
  ] as const) {
    test(`a row shows ${what}`, () => {
      assert.equal(asShown(rowsOf([example(over)])[0]), shown);
    });
  }

  const hour = 3_600_000;
  const brief = { summary: 'Late mails', assignee: 'Ada' };
  for (const [what, ageMs, shown] of [
    ['nothing of a reading that is minutes older than the others', 4 * 60_000, ''],
    ['the time of an older reading', 2 * hour, ' · as of 9:14 AM'],
    ['the day of a reading that is a day older', 24 * hour, ' · as of Nov 20, 2026'],
  ] as const) {
    test(`a row tells ${what}`, () => {
      const [, old] = rowsOf([example(), example({ ...brief, syncedAt: new Date(at.getTime() - ageMs) })]);
      assert.equal(asShown(old), `PLAT-7 Late mails · In Review · Ada${shown}`);
    });
  }

  for (const [trouble, said] of [
    ['no_answer', 'Jira hasn’t answered since'],
    ['rate_limited', 'Jira has asked Maro to slow down since'],
    ['login_refused', 'Jira has refused Maro’s login since'],
    ['unreadable', 'Maro hasn’t been able to read Jira since'],
  ] as const) {
    test(`a list and a shared list say since when Jira cannot be read (${trouble})`, () => {
      const failing = { since: new Date(at.getTime() + hour), trouble };
      const tracked = { issues: [example({ failing })], counts: { ...none, indeterminate: 1 } };
      for (const { blocks } of [
        listMessage(tracked, all),
        sharedMessage(tracked, { category: undefined, user: 'UADA' }),
      ]) {
        assert.match(words(blocks), new RegExp(`<!date\\^1795166043\\^[^>]*> · ${said} <!date\\^1795169643\\^`));
      }
    });
  }

  test('a list does not say that Jira cannot be read if Maro has read it since', () => {
    const failing = { since: new Date(at.getTime() - 1), trouble: 'no_answer' };
    const { blocks } = listMessage({ issues: [example({ failing })], counts: { ...none, indeterminate: 1 } }, all);
    assert.doesNotMatch(words(blocks), /hasn’t answered/);
  });

  test('who tracked the issues is told once, and on a row only if it was somebody else', () => {
    const footer = (...people: (string | undefined)[]) => {
      const { blocks = [] } = listMessage(
        {
          issues: people.map((trackedBy) => example({ trackedBy })),
          counts: { ...none, indeterminate: people.length },
        },
        all,
      );
      return words(blocks.findLast(({ type }) => type === 'context'));
    };
    assert.match(footer('UADA', 'UADA', 'UADA'), /^Updated from Jira <!date\^[^>]*> · Tracked by <@UADA>$/);
    assert.match(footer(undefined, undefined), /Tracked by a workflow$/);
    assert.match(footer('UBEN', 'UADA', 'UADA'), /Tracked by <@UADA> unless noted$/);
    const rows = rowsOf(['UBEN', 'UADA', undefined, 'UADA'].map((trackedBy) => example({ trackedBy })));
    assert.deepEqual(
      rows.map((row) => / · by .*/.exec(row)?.[0]),
      [' · by <@UBEN>', undefined, ' · by a workflow', undefined],
    );
  });

  for (const [counts, category, heading] of [
    [{ new: 20, indeterminate: 14, done: 12 }, undefined, '34 open issues of 46'],
    [{ new: 20, indeterminate: 14, done: 12 }, 'done', '12 done issues of 46'],
    [{ new: 20, indeterminate: 14, done: 12 }, 'new', '20 to-do issues of 46'],
    [{ new: 2_000, indeterminate: 1, done: 0 }, 'indeterminate', '1 in-progress issue of 2,001'],
    [{ new: 0, indeterminate: 1, done: 0 }, undefined, '1 tracked issue'],
    [{ new: 1, indeterminate: 0, done: 1_234 }, undefined, '1 open issue of 1,235'],
    [{ new: 0, indeterminate: 0, done: 3 }, undefined, '3 tracked issues, all done'],
  ] as const) {
    test(`the heading says what is shown: ${heading}`, () => {
      assert.equal(headingOf(counts, category), heading);
      const { blocks = [] } = listMessage({ issues: [example()], counts }, { category, offset: 0 });
      assert.equal(words(blocks[0]), `*${heading}*\n`);
    });
  }

  test('done issues are folded into a line with their number and a button, and shown where there are no others', () => {
    const done = example({ key: 'PLAT-9', category: 'done', status: 'Closed' });
    const some = listMessage({ issues: [example(), done], counts: { ...none, indeterminate: 1, done: 2 } }, all);
    assert.doesNotMatch(JSON.stringify(some), /PLAT-9/);
    assert.match(words(some.blocks), /\*Done\* · 2 issues/);
    assert.match(JSON.stringify(some.blocks), /"value":"done:0","accessibility_label":"Show 2 done issues"/);
    const only = listMessage({ issues: [done], counts: { ...none, done: 1 } }, all);
    assert.match(words(only.blocks), /\|PLAT-9> .*Closed/);
    assert.doesNotMatch(words(only.blocks), /Show/);
  });

  test('the text names the issues, for screen readers and notifications', () => {
    const issues = [
      example(),
      example({ key: 'PLAT-8', summary: 'A & B', assignee: undefined }),
      { visible: false, key: 'X-1' } as const,
    ];
    const { text } = listMessage({ issues, counts: { ...none, indeterminate: 3, done: 1 } }, all, {
      text: 'Up to date.',
    });
    assert.equal(
      text,
      'Up to date. 3 open issues of 4. PLAT-7 The mails are late, In Review, Ada Lovelace. PLAT-8 A &amp; B, In Review. X-1 not visible to Maro anymore.',
    );
  });

  test('a shared list says what it is, as of when, and marks at its end what Maro may not show', () => {
    const issues = [
      { visible: false, key: 'X-1' } as const,
      example(),
      example({ key: 'PLAT-8', syncedAt: new Date(at.getTime() - hour), assignee: undefined }),
    ];
    const { blocks, text } = sharedMessage(
      { issues, counts: { new: 1, indeterminate: 2, done: 4 } },
      { category: 'indeterminate', user: 'UADA' },
    );
    assert.match(
      text,
      /^<@UADA> shared 2 in-progress issues of 7\. PLAT-7 The mails are late, In Review, Ada Lovelace\. /,
    );
    const table = blocks?.find((block) => block.type === 'data_table');
    assert.ok(table?.type === 'data_table');
    assert.equal(table.caption, '2 in-progress issues of 7');
    assert.deepEqual(
      table.rows.map((row) => words(row)),
      [
        'IssueSummaryStatusAssignee',
        'PLAT-7\nThe mails are lateIn ReviewAda Lovelace',
        'PLAT-8\nThe mails are lateIn ReviewUnassigned',
        'X-1not visible to Maro anymore––',
      ],
    );
    assert.match(words(blocks), /As of <!date\^1795166043\^[^>]*> · 1 issue is older/);
    assert.match(JSON.stringify(blocks), /"value":"indeterminate:0 UADA"/);
  });

  test('every button tells screen readers what it does, unless its label does', () => {
    const issues = Array.from({ length: PAGE }, () => example());
    const counts = { new: 0, indeterminate: 60, done: 3 };
    const { blocks } = listMessage({ issues, counts }, { category: undefined, offset: 15 }, { text: 'x', undo: 'o' });
    const buttons = (blocks ?? [])
      .flatMap((block): { type: string; accessibility_label?: string }[] =>
        block.type === 'actions'
          ? block.elements
          : block.type === 'section' && block.accessory
            ? [block.accessory]
            : [],
      )
      .filter(({ type }) => type === 'button');
    const unnamed = buttons.filter(({ accessibility_label = '' }) => accessibility_label === '');
    assert.equal(buttons.length, 8);
    assert.deepEqual(unnamed, []);
  });

  test('an empty list offers to track issues and to create one', () => {
    const { blocks, text } = listMessage({ issues: [], counts: none }, all);
    checkBlocks(blocks);
    assert.equal(text, 'No issues tracked in this channel yet.');
    assert.equal(words(blocks).trim(), '*No issues tracked in this channel yet*\nTrack issuesCreate an issue');
    const done = listMessage({ issues: [], counts: { ...none, new: 1 } }, { category: 'done', offset: 0 });
    assert.match(words(done.blocks), /^\*No done issues\*\nRefresh/);
  });

  test('a button carries its part of the list there and back', () => {
    fc.assert(
      fc.property(fc.option(category, { nil: undefined }), fc.nat(999_999_999), (category, offset) => {
        assert.deepEqual(decodeView(encodeView({ category, offset })), { category, offset });
      }),
    );
    for (const value of ['', 'all', 'done:-1', 'done:1e9', 'done:9999999999', '__proto__:0', 'x y z']) {
      assert.deepEqual(decodeView(value), { category: undefined, offset: 0 }, value);
    }
  });
});
