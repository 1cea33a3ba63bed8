import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseJql } from '../../../sandbox/jira/jql.ts';
import { seed } from '../../../sandbox/jira/seed.ts';
import { jqlFor, shareOf, wordsOf } from '../../../src/jira/similar.ts';
import { anyCharacter } from '../../any-character.ts';
import { known, said, startClient } from './ask.ts';

describe('issues alike', { concurrency: true }, () => {
  test('have most of the words and are not done, whatever their statuses are called', async (t) => {
    const { site, jira } = await startClient(t);
    const found = async (project: string, text: string) => {
      const issues = known(await jira.similar(project, text));
      return issues.map(({ key }) => key);
    };
    await jira.site();
    for (const [project, text, keys] of [
      ['SHOP', 'Umlaute fehlen auf Lieferscheinen', ['SHOP-5']],
      ['SHOP', 'Rechnung zeigt Anschrift nicht', ['SHOP-14']],
      ['SHOP', 'Filter nach Farbe', []],
      ['PLAT', 'SIGN-IN: loops!', ['PLAT-5']],
      ['PLAT', 'Card numbers in the debug log', []],
      ['plat', '(certificates) AND "renewed"', ['PLAT-15']],
    ] as const) {
      site.resetRequests();
      assert.deepEqual(await found(project, text), keys, text);
      assert.deepEqual([site.count('search'), site.count()], [1, 1]);
    }
    assert.equal((await jira.similar('SHOP', 'Umlaute fehlen')).state, 'known');
  });

  test('are five at most, the most alike first', async (t) => {
    const { site, jira } = await startClient(t);
    for (let i = 0; i < 9; i++) site.issues.create('PLAT', { summary: `Printer on floor ${i} jams` });
    site.issues.create('PLAT', { summary: 'The printer on floor 3 jams paper' });
    site.index.catchUp();
    const issues = known(await jira.similar('PLAT', 'Printer jams: no paper'));
    assert.deepEqual([issues.length, issues[0]?.summary], [5, 'The printer on floor 3 jams paper']);
  });

  test('are none that moved to a project that may not be shown, though the search does not know yet', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    const { key } = site.issues.create('PLAT', { summary: 'Lantern flickers at dusk' });
    site.index.catchUp();
    assert.equal(known(await jira.similar('PLAT', 'Lantern flickers')).length, 1);
    site.issues.move(key, 'SHOP');
    assert.deepEqual(said(await jira.similar('PLAT', 'Lantern flickers')), []);
  });

  test('are none without words, and none without a project', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT', 'NOPE'] });
    for (const text of ['', ' ?! ', 'a b', '🎉']) assert.deepEqual(said(await jira.similar('PLAT', text)), []);
    assert.equal(said(await jira.similar('SHOP', 'Umlaute')), 'not allowed');
    assert.equal(said(await jira.similar('PLAT" OR "', 'Umlaute')), 'not found');
    assert.equal(site.count(), 0);
    assert.deepEqual(said(await jira.similar('NOPE', 'Umlaute')), []);
  });

  test('are trouble when Jira is in trouble', async (t) => {
    const { site, jira } = await startClient(t);
    await jira.site();
    for (const [kind, expected] of [
      ['html', 'unreadable'],
      ['empty', 'unreadable'],
      ['unauthorized', 'login_refused'],
    ] as const) {
      site.trouble('search', { kind });
      const issues = await jira.similar('PLAT', 'certificates');
      assert.equal(said(issues), expected);
    }
  });
});

describe('the words of a summary', () => {
  for (const [text, words] of [
    ['Sign-in loops, loops AGAIN', ['sign', 'loops', 'again']],
    ['Der Preis ist zu hoch', ['der', 'preis', 'ist', 'hoch']],
    ['日本 の 値', ['日本', 'の', '値']],
    ['foo(bar) && "baz" ~x', ['foo', 'bar', 'baz']],
    ['a\u0000b \ud800 <!channel>', ['channel']],
  ] as const) {
    test(JSON.stringify(text), () => assert.deepEqual(wordsOf(text), words));
  }

  test('count as the same when one goes on where the other ends', () => {
    assert.equal(shareOf(['lieferschein', 'fehlen'], 'Umlaute fehlten auf Lieferscheinen'), 0.5);
    assert.equal(shareOf(['log'], 'A new login'), 0);
  });

  test('whatever they are, make a query that Jira takes', () => {
    const named = { projects: seed.projects, issue: () => undefined, sprints: [], filters: [] };
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: anyCharacter }), fc.string({ unit: 'grapheme' }), fc.string()), (text) => {
        const words = wordsOf(text);
        if (words.length === 0) return;
        parseJql(jqlFor('PLAT', words), named, new Date());
      }),
    );
  });
});
