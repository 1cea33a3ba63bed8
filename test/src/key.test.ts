import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseKey, parseKeys, parseProjectKey, projectOf } from '../../src/key.ts';
import { anyCharacter } from '../any-character.ts';

describe('issue keys', () => {
  for (const [typed, key] of [
    ['PLAT-1', 'PLAT-1'],
    ['plat-1', 'PLAT-1'],
    ['A_B2-99', 'A_B2-99'],
    ['utf-8', 'UTF-8'],
  ] as const) {
    test(`${typed} is the key ${key}`, () => assert.equal(parseKey(typed), key));
  }

  for (const typed of [
    '',
    'PLAT',
    'PLAT-',
    'PLAT-0',
    'PLAT-01',
    'P-1',
    '1PLAT-1',
    'PLAT-1a',
    '../../x',
    'A-1/comment?x=',
    'АБ-1',
    'PLАT-1',
    'PLAT‑1',
    'PLAT-1\u0000',
    `${'A'.repeat(300)}-1`,
    'PLAT-1234567890123456789',
    '__proto__',
    'constructor',
    'PLAT-\ud800',
  ]) {
    test(`${JSON.stringify(typed).slice(0, 40)} is no key`, () => assert.equal(parseKey(typed), undefined));
  }

  test('whatever is typed, what comes out fits a path of Jira as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter }), (text) => {
        const key = parseKey(text);
        assert.ok(key === undefined || encodeURIComponent(key) === key);
      }),
    );
  });

  test('the project of a key is all before its number', () => assert.equal(projectOf('A_B-12'), 'A_B'));
});

describe('keys and links as people type them', () => {
  const keys = (text: string) => parseKeys(text).map(({ key, host }) => (host ? `${host} ${key}` : key));

  for (const [text, expected] of [
    ['PLAT-1 shop-2', ['PLAT-1', 'SHOP-2']],
    ['PLAT-1,SHOP-2,\nPLAT-3', ['PLAT-1', 'SHOP-2', 'PLAT-3']],
    ['PLAT-1 plat-1 PLAT-1', ['PLAT-1']],
    ['(PLAT-1), "SHOP-2". `PLAT-3`', ['PLAT-1', 'SHOP-2', 'PLAT-3']],
    ['https://acme.atlassian.net/browse/PLAT-1', ['acme.atlassian.net PLAT-1']],
    ['https://acme.atlassian.net/browse/plat-1?focusedCommentId=7#c', ['acme.atlassian.net PLAT-1']],
    ['https://acme.atlassian.net/jira/software/c/projects/PLAT/issues/PLAT-1', ['acme.atlassian.net PLAT-1']],
    ['https://acme.atlassian.net/jira/boards/3?selectedIssue=PLAT-1', ['acme.atlassian.net PLAT-1']],
    ['<https://acme.atlassian.net/browse/PLAT-1>', ['acme.atlassian.net PLAT-1']],
    ['<https://acme.atlassian.net/browse/PLAT-1|PLAT-1 is broken>', ['acme.atlassian.net PLAT-1']],
    ['http://127.0.0.1:8080/browse/PLAT-1', ['127.0.0.1:8080 PLAT-1']],
    ['https://acme.atlassian.net/wiki/PLAT-1x', ['acme.atlassian.net undefined']],
    ['  ,, ', []],
    ['(<https://acme.atlassian.net/browse/PLAT-1|PLAT-1>)', ['acme.atlassian.net PLAT-1']],
    ['<https://acme.atlassian.net/browse/PLAT-1,> PLAT-2', ['acme.atlassian.net PLAT-1', 'PLAT-2']],
    ['Issue:<https://acme.atlassian.net/browse/PLAT-1>', ['acme.atlassian.net PLAT-1']],
    ['Issue:PLAT-1 key=PLAT-2', ['PLAT-1', 'PLAT-2']],
    ['“PLAT-1” „PLAT-2“ «PLAT-3» ‹PLAT-4› ‘PLAT-5’', ['PLAT-1', 'PLAT-2', 'PLAT-3', 'PLAT-4', 'PLAT-5']],
    ['PLAT-1? PLAT-2… PLAT-3! #PLAT-4', ['PLAT-1', 'PLAT-2', 'PLAT-3', 'PLAT-4']],
    ['_PLAT-1_ *PLAT-2* ~PLAT-3~', ['PLAT-1', 'PLAT-2', 'PLAT-3']],
    ['PLAT-1\u200b \u2060PLAT-2\ufeff', ['PLAT-1', 'PLAT-2']],
    ['PLAT-1;PLAT-2', ['PLAT-1', 'PLAT-2']],
    ['PLAT-1/PLAT-2/', ['PLAT-1', 'PLAT-2']],
    ['PLAT-1 &amp; PLAT-2 &gt; PLAT-3', ['PLAT-1', 'PLAT-2', 'PLAT-3']],
    ['&lt;PLAT-1&gt; (&lt;https://acme.atlassian.net/browse/PLAT-2&gt;)', ['PLAT-1', 'acme.atlassian.net PLAT-2']],
    ['Issue:&lt;<https://acme.atlassian.net/browse/PLAT-1>&gt;', ['acme.atlassian.net PLAT-1']],
    ['&lt;<https://acme.atlassian.net/browse/PLAT-1|PLAT-1>&gt;', ['acme.atlassian.net PLAT-1']],
    ['&lt;https://acme.atlassian.net/browse/PLAT-1|PLAT-1&gt;', ['acme.atlassian.net PLAT-1']],
    ['PLAT-1 & PLAT-2 – PLAT-3', ['PLAT-1', 'PLAT-2', 'PLAT-3']],
    [
      '<https://acme.atlassian.net/browse/PLAT-1>;<https://acme.atlassian.net/browse/PLAT-2>',
      ['acme.atlassian.net PLAT-1', 'acme.atlassian.net PLAT-2'],
    ],
    ['acme.atlassian.net/browse/PLAT-1', ['acme.atlassian.net PLAT-1']],
    ['https://acme.atlassian.net/jira/boards/3?a=1&amp;selectedIssue=PLAT-1', ['acme.atlassian.net PLAT-1']],
    ['<https://acme.atlassian.net/jira/boards/3?a=1&amp;selectedIssue=PLAT-1>', ['acme.atlassian.net PLAT-1']],
    ['https://acme.atlassian.net/servicedesk/customer/portal/2/HELP-5', ['acme.atlassian.net HELP-5']],
    ['https://acme.atlassian.net/jira/servicedesk/projects/HELP/queues/custom/5/HELP-5', ['acme.atlassian.net HELP-5']],
    ['PLAT-1|PLAT-2 PLAT-3+PLAT-4 PLAT-5&amp;PLAT-6', ['PLAT-1', 'PLAT-2', 'PLAT-3', 'PLAT-4', 'PLAT-5', 'PLAT-6']],
    ['PLAT-1、PLAT-2，PLAT-3', ['PLAT-1', 'PLAT-2', 'PLAT-3']],
    ['「PLAT-4」 （PLAT-5） PLAT-6。', ['PLAT-4', 'PLAT-5', 'PLAT-6']],
    ["•PLAT-1 →PLAT-2 – PLAT-3 PLAT-4’s PLAT-5's", ['PLAT-1', 'PLAT-2', 'PLAT-3', 'PLAT-4', 'PLAT-5']],
    ['PLAT\u20111 ＰＬＡＴ－２ PLAT\u22123', ['PLAT-1', 'PLAT-2', 'PLAT-3']],
    ['PLAT-1² PLAT–1 PLAT-1:login', [undefined, undefined, undefined]],
    ['[PLAT-1](https://acme.atlassian.net/browse/PLAT-1)', ['acme.atlassian.net PLAT-1']],
    ['[PLAT-1|https://acme.atlassian.net/browse/PLAT-1]', ['acme.atlassian.net PLAT-1']],
    ['PLAT-1 login loops again', ['PLAT-1', undefined]],
    ['acme.atlassian.net/wiki a/b PLAT-1/x', [undefined, undefined, undefined]],
  ] as const) {
    test(`${JSON.stringify(text)} names ${expected.length}`, () => assert.deepEqual(keys(text), expected));
  }

  for (const path of [
    'browse/PLAT-1?atlOrigin=eyJpIjoiZiJ9',
    'browse/PLAT-1?focusedCommentId=10001#comment-10001',
    'browse/PLAT-1#comment-10001',
    'browse/PLAT-1%20',
    'browse/PLAT-1%E2%80%8B',
    'jira/browse/PLAT-1',
    'projects/PLAT/issues/PLAT-1?filter=allopenissues',
    'issues/PLAT-1?jql=project%20%3D%20PLAT',
    'jira/software/projects/PLAT/boards/1?selectedIssue=PLAT-1',
    'jira/software/projects/PLAT/list?selectedIssue=PLAT-1',
    'jira/software/c/projects/PLAT/boards/1/timeline?selectedIssue=PLAT-1',
    'jira/core/projects/PLAT/board?filter=x&groupBy=status&selectedIssue=PLAT-1',
    'jira/polaris/projects/PLAT/ideas/view/1?selectedIssue=PLAT-1',
    'secure/RapidBoard.jspa?rapidView=1&projectKey=PLAT&view=detail&selectedIssue=PLAT-1',
    'servicedesk/customer/portal/2/PLAT-1?sda_source=notification-email',
    'jira/servicedesk/projects/PLAT/queues/issue/PLAT-1',
    'jira/servicedesk/projects/PLAT/section/service-requests/custom/7/PLAT-1',
  ]) {
    test(`/${path} is a page of an issue`, () => {
      assert.deepEqual(keys(`https://acme.atlassian.net/${path}`), ['acme.atlassian.net PLAT-1']);
    });
  }

  for (const path of [
    'jira/for-you',
    'l/cp/AbC1',
    'issues/?jql=key%20%3D%20PLAT-1',
    'browse/%',
    'browse/..%2FPLAT-1',
  ]) {
    test(`/${path} is a page of no issue`, () => {
      assert.deepEqual(keys(`https://acme.atlassian.net/${path}`), ['acme.atlassian.net undefined']);
    });
  }

  test('words in a row are one item, and stand as they were typed', () => {
    const texts = (text: string) => parseKeys(text).map((typed) => typed.text);
    assert.deepEqual(texts('PLAT-1 “login loops” again, PLAT-2 it’s broken!'), [
      'PLAT-1',
      'login loops again',
      'PLAT-2',
      'it’s broken',
    ]);
    assert.deepEqual(texts('PLAT-1 about @maria in #checkout &amp; more'), [
      'PLAT-1',
      'about @maria in #checkout more',
    ]);
    assert.deepEqual(texts('<!channel> <@U0ADA> ../../x'), ['<!channel>', '<@U0ADA>', '../../x']);
  });

  test('what is no key is kept, readable, on one line', () => {
    const [typed] = parseKeys(`${'x'.repeat(500)}\u0000\ud800`);
    assert.equal(typed?.key, undefined);
    assert.equal(typed?.text.length, 80);
    assert.ok(typed?.text.isWellFormed());
  });

  test('a megabyte of almost-keys is read in one pass', () => {
    assert.equal(parseKeys('A-A-'.repeat(250_000)).length, 1);
    assert.equal(parseKeys('<https://'.repeat(100_000)).length, 1);
  });

  test('nothing that is typed makes a text that PostgreSQL or Slack refuse', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyCharacter, maxLength: 300 }), (text) => {
        for (const typed of parseKeys(text)) {
          assert.ok(typed.text.isWellFormed());
          assert.ok([...typed.text].length <= 80);
          assert.doesNotMatch(typed.text, /\p{Cc}/u);
        }
      }),
    );
  });
});

describe('the key of a project', () => {
  for (const [text, key] of [
    ['PLAT', 'PLAT'],
    [' plat ', 'PLAT'],
    ['A1_B', 'A1_B'],
    ['A', undefined],
    ['1A', undefined],
    ['PLAT-1', undefined],
    ['ſHOP', undefined],
    ['РLAT', undefined],
    ['PL AT', undefined],
    ['PLAT/..', undefined],
    ['PLAT"', undefined],
    ['', undefined],
    ['P'.repeat(256), undefined],
  ] as const) {
    test(`${JSON.stringify(text.slice(0, 20))} is ${key ?? 'none'}`, () => assert.equal(parseProjectKey(text), key));
  }
});
