import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { checkBlocks, checkView } from '../../../sandbox/slack/blocks.ts';
import type { StatusCategory } from '../../../src/issue.ts';
import type { ShownIssue } from '../../../src/issues/visible.ts';
import {
  decodeView,
  encodeView,
  listMessage,
  noticeMessage,
  PAGE,
  untrackManyMessage,
} from '../../../src/messages/list.ts';
import { sharedMessage } from '../../../src/messages/share.ts';
import { resultView, sentenceView } from '../../../src/messages/views.ts';
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
  goneAt: fc.constant(undefined),
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
          const message = listMessage({ issues, counts: n }, view, '/maro', { text: notice || 'x', undo: 'o' });
          checkBlocks(message.blocks);
          pingsNobody(message.blocks);
          assert.ok(message.text.length <= 40_000);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('a page of long rows shows fewer of them, and Older goes on with the next', () => {
    const [one] = fc.sample(visible, 1);
    assert.ok(one);
    const long = { ...one, key: `${'A'.repeat(200)}-1`, summary: '&'.repeat(255), category: 'new' as const };
    const issues = Array.from({ length: PAGE }, () => long);
    const all = { issues, counts: { new: PAGE, indeterminate: 0, done: 0 } };
    const { blocks = [] } = listMessage(all, { category: undefined, offset: 0 }, '/maro');
    checkBlocks(blocks);
    const shown = blocks.filter((block) => block.type === 'section' && block.accessory?.type === 'overflow').length;
    assert.ok(shown > 0 && shown < PAGE, `${shown} rows`);
    assert.match(words(blocks), new RegExp(`1 to ${shown} of ${PAGE}`));
    assert.match(JSON.stringify(blocks), new RegExp(`"list:older".*"value":"all:${shown}"`));
  });

  test('whatever Jira says, a shared list is one that Slack takes, of a hundred rows at most', () => {
    fc.assert(
      fc.property(fc.array(issue, { minLength: 99, maxLength: 120 }), counts, (issues, n) => {
        const { blocks } = sharedMessage({ issues, counts: n }, undefined, 'UADA');
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
    const { blocks } = sharedMessage({ issues, counts: { new: 120, indeterminate: 0, done: 0 } }, undefined, 'UADA');
    const table = blocks?.find((block) => block.type === 'table');
    assert.equal(table?.type === 'table' && table.rows.length, 100);
    assert.match(words(blocks), /… and 21 more/);
  });

  test('notices, questions and views are ones that Slack takes, however long', () => {
    fc.assert(
      fc.property(text, counts, fc.option(category, { nil: undefined }), (words, n, only) => {
        const long = words.repeat(50) || 'x';
        checkBlocks(noticeMessage({ text: long, undo: 'o' }).blocks);
        const { blocks } = untrackManyMessage(n, only, '/maro');
        if (blocks !== undefined) checkBlocks(blocks);
        checkView(sentenceView('Track', long));
        checkView(resultView([], { others: Array.from({ length: 100 }, () => words || 'x'), more: 5 }));
      }),
      { numRuns: 40 },
    );
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
