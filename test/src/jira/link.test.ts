import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { known, said, startClient } from './ask.ts';

const LINK = { globalId: 'maro=T1&message=C1/1', url: 'https://slack.example/archives/C1/p1', title: 'A message' };

describe('linking an issue to a message', { concurrency: true }, () => {
  test('is one call, and the same link again is the same link', async (t) => {
    const { site, jira } = await startClient(t);
    assert.equal(said(await jira.link('PLAT-1', LINK)), 'linked');
    assert.equal(said(await jira.link('PLAT-1', { ...LINK, title: 'An edited message' })), 'linked');
    assert.equal(site.count(), 2);
    const links = site.issues.find('PLAT-1')?.links.map(({ id, ...link }) => link);
    assert.deepEqual(links, [{ ...LINK, title: 'An edited message' }]);
  });

  test('is sent again after a lost answer, and leaves one link', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('remoteLink', { kind: 'cut', times: 1 });
    assert.equal(said(await jira.link('PLAT-1', LINK)), 'linked');
    assert.deepEqual([site.count('remoteLink'), site.issues.find('PLAT-1')?.links.length], [2, 1]);
  });

  test('tells what cannot be linked', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    for (const [key, link, answer] of [
      ['SHOP-1', LINK, 'not allowed'],
      ['PLAT-1/../..', LINK, 'not found'],
      ['plat-1', LINK, 'not found'],
      ['PLAT-1', { ...LINK, globalId: 'x'.repeat(256) }, 'That is no id of a link.'],
    ] as const) {
      const linked = await jira.link(key, link);
      assert.equal(said(linked), answer);
    }
    assert.equal(site.count(), 0);
    assert.equal(said(await jira.link('PLAT-80', LINK)), 'not found');
    assert.equal(said(await jira.link('PLAT-4711', LINK)), 'not found');
    const nowhere = await jira.link('PLAT-1', { ...LINK, url: 'nowhere' });
    assert.equal(said(nowhere), "'url' is required.");
    assert.equal(said(await jira.link('PLAT-1', { ...LINK, title: '🎉'.repeat(200) })), 'linked');
  });

  test('is trouble when Jira is in trouble', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('remoteLink', { kind: 'unauthorized' });
    const linked = await jira.link('PLAT-1', LINK);
    assert.equal(said(linked), 'login_refused');
  });
});

describe('people whom an issue can be assigned to', { concurrency: true }, () => {
  test('are found by the beginning of a name', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT', 'HR'] });
    assert.deepEqual(known(await jira.assignable('plat', ' kr ')), [
      { accountId: '5b10a2844c20165700ede212', displayName: 'Tobias Krämer' },
    ]);
    assert.equal(known(await jira.assignable('PLAT', '')).length, 5);
    assert.equal(said(await jira.assignable('HR', 'a')), 'not found');
    assert.equal(site.count(), 3);
    assert.equal(said(await jira.assignable('SHOP', 'a')), 'not allowed');
    site.trouble('assignable', { kind: 'html' });
    const trouble = await jira.assignable('PLAT', 'a');
    assert.equal(said(trouble), 'unreadable');
  });
});
