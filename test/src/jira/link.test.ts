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
      ['PLAT-1', { ...LINK, globalId: 'x'.repeat(256) }, 'That isn’t a link’s ID.'],
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

describe('the account of an email address', { concurrency: true }, () => {
  const person = (id: string, more: object = {}) => ({ accountId: id, displayName: `Person ${id}`, ...more });
  const email = 'kim@example.com';
  for (const [says, people, account] of [
    ['the one that shows it, in any case', [person('1', { emailAddress: 'Kim@Example.com' })], '1'],
    ['the only one that is found and hides it', [person('1', { emailAddress: email, hidesEmail: true })], '1'],
    [
      'the one that shows it beside one that hides it',
      [person('1', { emailAddress: email, hidesEmail: true }), person('2', { emailAddress: email })],
      '2',
    ],
    ['nobody when two show it', [person('1', { emailAddress: email }), person('2', { emailAddress: email })], null],
    [
      'nobody when two hide it',
      [person('1', { emailAddress: email, hidesEmail: true }), person('2', { emailAddress: email, hidesEmail: true })],
      null,
    ],
    ['nobody when none has it', [person('1', { emailAddress: 'lee@example.com' })], null],
    [
      'nobody when one is found by their name and shows another address',
      [{ accountId: '1', displayName: email, emailAddress: 'lee@example.com' }],
      null,
    ],
  ] as const) {
    test(`is ${says}`, async (t) => {
      const { site, jira } = await startClient(t);
      site.people = Object.fromEntries(people.map((each) => [each.accountId, each]));
      const person = await jira.person(email);
      assert.equal(person.state === 'known' && (person.value?.accountId ?? null), account);
    });
  }

  test('is asked for once in ten minutes, also when there is none, and again after trouble', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('users', { kind: 'html', times: 1 });
    assert.equal((await jira.person(email)).state, 'trouble');
    for (let i = 0; i < 2; i++) assert.deepEqual(await jira.person(email), { state: 'known', value: null });
    assert.equal(site.count('users'), 2);
  });
});
