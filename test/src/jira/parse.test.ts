import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseBulk, parseIssue, parseSite } from '../../../src/jira/parse.ts';
import { anyCharacter } from '../../any-character.ts';

const fields = {
  summary: 'Pay in two steps',
  status: { name: 'In Arbeit', statusCategory: { id: 4, key: 'indeterminate', name: 'In Bearbeitung' } },
  assignee: { accountId: '1', displayName: 'Mara' },
  issuetype: { name: 'Fehler' },
  priority: { name: 'High' },
  updated: '2026-11-20T09:14:03.512+0000',
};
const answer = (change: object = {}) => ({ id: '10101', key: 'SHOP-1', fields: { ...fields, ...change } });

describe("Jira's answer for an issue", () => {
  test('gives what Maro keeps, and nothing else', () => {
    assert.deepEqual(parseIssue({ ...answer(), self: 'https://x', changelog: {} }), {
      id: '10101',
      key: 'SHOP-1',
      summary: 'Pay in two steps',
      status: 'In Arbeit',
      category: 'indeterminate',
      assignee: 'Mara',
      assigneeId: '1',
      type: 'Fehler',
      priority: 'High',
      updatedAt: new Date('2026-11-20T09:14:03.512Z'),
      dueDate: undefined,
    });
  });

  for (const [key, category] of [
    ['new', 'new'],
    ['indeterminate', 'indeterminate'],
    ['done', 'done'],
    ['undefined', 'indeterminate'],
    ['completed', 'indeterminate'],
    [undefined, 'indeterminate'],
    [7, 'indeterminate'],
  ] as const) {
    test(`a status of the category ${key} counts as ${category}, whatever it is called`, () => {
      const issue = parseIssue(answer({ status: { name: 'Done', statusCategory: { key } } }));
      assert.equal(issue?.category, category);
      assert.equal(issue?.status, 'Done');
    });
  }

  test('may lack whatever an issue may lack', () => {
    for (const nothing of [null, undefined]) {
      const change = { assignee: nothing, issuetype: nothing, priority: nothing, updated: nothing };
      const { assignee, type, priority, updatedAt } = parseIssue(answer(change)) ?? assert.fail();
      assert.deepEqual([assignee, type, priority, updatedAt], [undefined, undefined, undefined, undefined]);
    }
    // PostgreSQL reads no year with a sign.
    for (const updated of ['yesterday', '-000044-03-15T12:00:00Z', '+010000-01-01T00:00:00Z']) {
      assert.equal(parseIssue(answer({ updated }))?.updatedAt, undefined);
    }
  });

  for (const [what, wrong] of [
    ['a text', 'PLAT-1'],
    ['nothing', null],
    ['a list', []],
    ['an issue without fields', { id: '1', key: 'PLAT-1' }],
    ['an issue without a summary', answer({ summary: undefined })],
    ['a summary that is a number', answer({ summary: 7 })],
    ['an issue without a status', answer({ status: null })],
    ['a status without a category', answer({ status: { name: 'Done' } })],
    ['an id that is a number', { ...answer(), id: 10101 }],
    ['an id that is a path', { ...answer(), id: '../1' }],
    ['a key that is a path', { ...answer(), key: '../../x-1' }],
    ['a key with a link in it', { ...answer(), key: 'PLAT-1|<!channel>' }],
    ['no key', { ...answer(), key: null }],
  ] as const) {
    test(`is not readable when it is ${what}`, () => assert.equal(parseIssue(wrong), undefined));
  }
});

describe("Jira's text", () => {
  const summaryOf = (text: string) => parseIssue(answer({ summary: text }))?.summary;

  for (const [text, line] of [
    ['one\ntwo\r\n\u2028three\u0000four\tfive', 'one two three four five'],
    ['  \u0007 bell \u001b[31m red ', 'bell [31m red'],
    ['Names \u202egnp.exe\u202c and \u2067\u05e9\u2069 \u200eturn\u200f', 'Names gnp.exe and \u05e9 turn'],
    ['half \ud800 an emoji', 'half \ufffd an emoji'],
    ['<!channel> `code` *bold* & more', '<!channel> `code` *bold* & more'],
    ['', ''],
  ] as const) {
    test(`${JSON.stringify(text)} is kept as ${JSON.stringify(line)}`, () => assert.equal(summaryOf(text), line));
  }

  test('is cut at 255 letters, never within one', () => {
    assert.equal(summaryOf('x'.repeat(10_000)), 'x'.repeat(255));
    assert.equal(summaryOf('🎉'.repeat(10_000)), '🎉'.repeat(255));
  });

  test('whatever Jira sends is one line that PostgreSQL takes and that reads in one direction', () => {
    const hostile = fc.constantFrom('\u0000', '\n', '\u2029', '\ud83c', '\udf89', '\u202e', '\u2066', '\u061c', 'x');
    const text = fc.oneof(
      fc.string({ unit: anyCharacter, maxLength: 600 }),
      fc.string({ unit: hostile, maxLength: 600 }),
    );
    fc.assert(
      fc.property(text, text, text, (summary, status, name) => {
        const category = { statusCategory: { key: 'new' } };
        const named = { name };
        const change = { summary, status: { name: status, ...category }, assignee: { displayName: name } };
        const issue = parseIssue(answer({ ...change, issuetype: named, priority: named })) ?? assert.fail();
        for (const line of [issue.summary, issue.status, issue.assignee, issue.type, issue.priority]) {
          assert.ok(typeof line === 'string');
          assert.ok(line.isWellFormed());
          assert.ok([...line].length <= 255);
          assert.doesNotMatch(line, /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
        }
      }),
    );
  });
});

describe("Jira's answer for many issues", () => {
  test('is a list under issues, of whatever', () => {
    assert.deepEqual(parseBulk({ issues: [1, null], issueErrors: [] }), [1, null]);
    for (const wrong of [undefined, 'text', [], {}, { issues: {} }, { issues: null }]) {
      assert.equal(parseBulk(wrong), undefined);
    }
  });
});

describe("the site's address", () => {
  test('has no slash at its end', () => {
    const none = { displayUrl: undefined, helpCenter: undefined };
    for (const [given, baseUrl] of [
      ['https://acme.atlassian.net', 'https://acme.atlassian.net'],
      ['https://ACME.atlassian.net', 'https://acme.atlassian.net'],
      ['https://acme.example/jira//', 'https://acme.example/jira'],
      ['https://acme.example:8443/', 'https://acme.example:8443'],
    ]) {
      assert.deepEqual(parseSite({ baseUrl: given }), { baseUrl, ...none });
    }
    const baseUrl = 'https://acme.atlassian.net';
    const displayUrl = 'https://jira.acme.example/';
    const displayUrlServicedeskHelpCenter = 'https://help.acme.example/';
    assert.deepEqual(parseSite({ baseUrl, displayUrl, displayUrlServicedeskHelpCenter }), {
      baseUrl,
      displayUrl: 'https://jira.acme.example',
      helpCenter: 'https://help.acme.example',
    });
    for (const displayUrl of ['', null, 1, 'jira.acme.example', 'javascript:1']) {
      assert.deepEqual(parseSite({ baseUrl, displayUrl }), { baseUrl, ...none });
    }
  });

  test('is one that a browser can open, or none', () => {
    for (const baseUrl of [undefined, '', 7, 'acme', 'javascript:alert(1)', 'ftp://acme.example', '//acme.example']) {
      assert.equal(parseSite({ baseUrl }), undefined, String(baseUrl));
    }
    assert.equal(parseSite('<html>'), undefined);
  });
});
