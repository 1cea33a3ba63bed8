import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, started } from '../../../sandbox/jira/ask.ts';

const object = { url: 'https://slack.example/archives/C1/p1', title: 'A message' };

test('the same globalId is the same link, and without one every link is another', async (t) => {
  const jira = await started(t);
  const post = async (body: object) => {
    const response = await ask(jira, 'issue/PLAT-1/remotelink', { body });
    return { status: response.status, ...((await response.json()) as { id: number }) };
  };
  const first = await post({ globalId: 'a&b', object });
  const again = await post({ globalId: 'a&b', object: { ...object, title: 'Edited' } });
  assert.deepEqual([first.status, again.status, again.id], [201, 200, first.id]);
  assert.equal((await post({ object })).status, 201);
  assert.notEqual((await post({ object })).id, first.id);

  const all = (await (await ask(jira, 'issue/plat-1/remotelink')).json()) as { globalId?: string }[];
  assert.deepEqual(
    all.map(({ globalId }) => globalId),
    ['a&b', undefined, undefined],
  );
  const one = await ask(jira, 'issue/PLAT-1/remotelink?globalId=a%26b');
  assert.equal(((await one.json()) as { object: { title: string } }).object.title, 'Edited');
  assert.equal((await ask(jira, 'issue/PLAT-1/remotelink?globalId=a')).status, 404);
});

test('a link needs an issue, a title and an address', async (t) => {
  const jira = await started(t);
  for (const [key, body, status] of [
    ['PLAT-4711', { object }, 404],
    ['PLAT-80', { object }, 404],
    ['PLAT-1', {}, 400],
    ['PLAT-1', { object: { url: object.url } }, 400],
    ['PLAT-1', { object: { ...object, url: 'nowhere' } }, 400],
    ['PLAT-1', { object: { ...object, title: 'x'.repeat(256) } }, 400],
    ['PLAT-1', { object: { ...object, colour: 'red' } }, 400],
    ['PLAT-1', { object, globalId: 'x'.repeat(256) }, 400],
    ['PLAT-1', { object, colour: 'red' }, 400],
  ] as const) {
    assert.equal((await ask(jira, `issue/${key}/remotelink`, { body })).status, status, JSON.stringify(body));
  }
  assert.deepEqual(jira.issues.find('PLAT-1')?.links, []);
});
