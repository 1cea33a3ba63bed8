import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, issue, started } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

type Person = { displayName: string };
type Comment = { id: string; author?: Person; updateAuthor?: Person; body: object; created: string; updated: string };
type Page = { comments: Comment[]; startAt: number; maxResults: number; total: number };

async function comments(jira: Jira, key: string, query = ''): Promise<Page> {
  const response = await ask(jira, `issue/${key}/comment${query}`);
  assert.equal(response.status, 200);
  return (await response.json()) as Page;
}

const text = (words: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }],
});

test('comments are added, edited and deleted, each by somebody, and are no history', async (t) => {
  const jira = await started(t);
  const { issues } = jira;
  const times = [String((await issue(jira, 'PLAT-3')).fields.updated)];
  const note = async () => times.push(String((await issue(jira, 'PLAT-3')).fields.updated));
  const { id } = issues.comment('PLAT-3', 'Why?', 'yuki');
  await note();
  issues.editComment('PLAT-3', id, text('Why not?'), 'tobias');
  await note();
  const [comment] = (await comments(jira, 'PLAT-3')).comments;
  assert.deepEqual(comment?.body, text('Why not?'));
  assert.deepEqual(
    [comment?.author?.displayName, comment?.updateAuthor?.displayName],
    ['Yuki Tanaka', 'Tobias Krämer'],
  );
  assert.deepEqual([comment?.created, comment?.updated], times.slice(1));
  issues.deleteComment('PLAT-3', id);
  await note();
  assert.equal((await comments(jira, 'PLAT-3')).total, 0);
  assert.deepEqual(times, [...new Set(times)].sort(), 'each act gives the issue a later time');
  assert.deepEqual(issues.find('PLAT-3')?.histories, []);
  assert.notEqual(issues.comment('PLAT-3', 'Another').id, id, 'no id is given twice');
});

test('comments come page by page, the oldest or the newest first', async (t) => {
  const jira = await started(t);
  const ids = Array.from({ length: 5 }, (_, n) => jira.issues.comment('PLAT-3', `Number ${n}`).id);
  const page = await comments(jira, 'PLAT-3', '?startAt=1&maxResults=2');
  assert.deepEqual([page.startAt, page.maxResults, page.total], [1, 2, 5]);
  const idsOf = (each: Page) => each.comments.map(({ id }) => id);
  assert.deepEqual(idsOf(page), ids.slice(1, 3));
  assert.deepEqual(idsOf(await comments(jira, 'PLAT-3', '?orderBy=-created')), ids.toReversed());
  assert.equal((await ask(jira, 'issue/PLAT-3/comment?orderBy=author')).status, 400);
});

test('what the control of comments does not know, it names', async (t) => {
  const { issues } = await started(t);
  const { id } = issues.comment('PLAT-3', 'Why?');
  assert.throws(() => issues.editComment('PLAT-2', id, 'x'), /PLAT-2 has no comment/);
  assert.throws(() => issues.deleteComment('PLAT-3', '1'), /PLAT-3 has no comment 1\./);
  assert.throws(() => issues.comment('PLAT-3', 'x', 'nobody'), /There is no person nobody/);
});
