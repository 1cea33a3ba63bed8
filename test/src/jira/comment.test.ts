import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { IMPATIENT, known, said, startClient } from './ask.ts';

const doc = (text: string) =>
  ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }) as const;
const HOUR_MS = 3_600_000;

describe('a comment', { concurrency: true }, () => {
  test('is one call by Maro, which carries the operation', async (t) => {
    const { site, jira } = await startClient(t);
    const commented = await jira.comment('PLAT-4', doc('Any news?'), 'op1');
    const [comment, ...others] = site.issues.find('PLAT-4')?.comments ?? [];
    assert.deepEqual(commented, { state: 'commented', id: comment?.id });
    assert.deepEqual(
      [comment?.body, comment?.author?.displayName, comment?.properties, others, site.count()],
      [doc('Any news?'), 'Maro', { 'maro.operation': { id: 'op1' } }, [], 1],
    );
  });

  test('that is refused says why, and one that is too long is not sent', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    const long = await jira.comment('PLAT-4', doc('x'.repeat(32_768)), 'op1');
    assert.equal(
      long.state === 'refused' && long.reason,
      'This comment has 32,768 characters, and Jira’s limit is 32,767.',
    );
    assert.equal((await jira.comment('SHOP-4', doc('x'), 'op1')).state, 'not allowed');
    assert.equal(site.count(), 0);
    assert.equal((await jira.comment('PLAT-80', doc('x'), 'op1')).state, 'not found');
    const empty = await jira.comment('PLAT-4', doc(' '), 'op1');
    assert.equal(empty.state === 'refused' && empty.reason, 'Comment body can not be empty!');
  });

  for (const [says, trouble, isThere] of [
    ['after Jira added it', { kind: 'cut' }, true],
    ['before Jira added it', { kind: 'cut', undone: true }, false],
    ['and never comes', { kind: 'no_answer' }, true],
    ['as half of its JSON', { kind: 'broken_json' }, true],
  ] as const) {
    test(`whose answer is lost ${says} is sent once, and looked up`, async (t) => {
      const { site, jira } = await startClient(t, IMPATIENT);
      site.trouble('comment', { ...trouble, times: 1 });
      const sentAt = new Date();
      assert.equal((await jira.comment('PLAT-4', doc('Any news?'), 'op1')).state, 'unknown');
      await jira.comment('PLAT-4', doc('Another'), 'op2');
      const [first] = site.issues.find('PLAT-4')?.comments ?? [];
      site.resetRequests();
      assert.equal(known(await jira.commentOf('PLAT-4', 'op1', sentAt)), isThere ? first?.id : null);
      assert.deepEqual([site.count(), site.count('comments'), site.count('commentsByIds')], [2, 1, 1]);
      assert.equal(site.issues.find('PLAT-4')?.comments.length, isThere ? 2 : 1);
    });
  }
});

describe('looking for a comment', { concurrency: true }, () => {
  test('is one call where nobody commented since, and goes through pages where many did', async (t) => {
    const { site, jira } = await startClient(t);
    const sentAt = new Date();
    await jira.comment('PLAT-4', doc('Any news?'), 'op1');
    const id = site.issues.find('PLAT-4')?.comments[0]?.id;
    for (let i = 0; i < 7; i++) site.issues.comment('PLAT-4', `Number ${i}`);
    site.mostAPage = 3;
    site.resetRequests();
    assert.equal(known(await jira.commentOf('PLAT-4', 'op1', sentAt)), id);
    assert.deepEqual([site.count('comments'), site.count('commentsByIds')], [3, 1]);
    site.resetRequests();
    assert.equal(known(await jira.commentOf('PLAT-4', 'op1', new Date(Date.now() + HOUR_MS))), null);
    assert.equal(site.count(), 1);
  });

  test('tells an issue that is gone from trouble', async (t) => {
    const { site, jira } = await startClient(t);
    assert.equal(said(await jira.commentOf('PLAT-4711', 'op1', new Date())), 'not found');
    site.issues.comment('PLAT-4', 'Words');
    site.trouble('commentsByIds', { kind: 'html' });
    assert.equal(said(await jira.commentOf('PLAT-4', 'op1', new Date())), 'unreadable');
    site.trouble('commentsByIds', { kind: 'cut', times: 1 });
    assert.equal(known(await jira.commentOf('PLAT-4', 'op1', new Date())), null, 'a read is sent once more');
  });
});
