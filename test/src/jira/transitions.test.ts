import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Trouble } from '../../../sandbox/jira/index.ts';
import { clientOf, known, patienceFor, said, startClient } from './ask.ts';

const doc = (text: string) =>
  ({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] }) as const;

describe('the transitions of an issue', { concurrency: true }, () => {
  test('are what Jira offers now, with the fields that it requires', async (t) => {
    const { site, jira } = await startClient(t);
    const told = known(await jira.transitionsOf('OPS-2')).map(({ id, name, to, hasScreen, required }) => {
      return { id, name, to, hasScreen, required: required.map(({ id, kind }) => `${id} ${kind}`) };
    });
    assert.deepEqual(told, [
      { id: '11', name: 'Reopen', to: { id: '10400', name: 'Open', category: 'new' }, hasScreen: false, required: [] },
      {
        id: '32',
        name: 'Resolve incident',
        to: { id: '10402', name: 'Resolved', category: 'done' },
        hasScreen: true,
        required: ['resolution single_select', 'customfield_10044 number'],
      },
    ]);
    assert.equal(site.count(), 1);
  });

  test('are none where the account may do nothing, and unknown where there is no issue', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    for (const [key, what] of [
      ['SHOP-1', 'not allowed'],
      ['plat-1', 'not found'],
      ['PLAT-1/../..', 'not found'],
    ] as const) {
      assert.equal(said(await jira.transitionsOf(key)), what);
    }
    assert.equal(site.count(), 0);
    assert.equal(said(await jira.transitionsOf('PLAT-4711')), 'not found');
    site.permissions.delete('TRANSITION_ISSUES');
    assert.deepEqual(known(await jira.transitionsOf('PLAT-4')), []);
    site.trouble('transitions', { kind: 'no_fields' });
    assert.equal(said(await jira.transitionsOf('PLAT-4')), 'unreadable');
  });
});

describe('a transition', { concurrency: true }, () => {
  test('is one call, with the values of its screen and a comment', async (t) => {
    const { site, jira } = await startClient(t);
    assert.deepEqual(await jira.transition('PLAT-4', { id: '21' }), { state: 'done' });
    const step = { id: '61', fields: { resolution: { id: '10002' } }, comment: doc('See PLAT-5') };
    assert.deepEqual(await jira.transition('PLAT-4', step), { state: 'done' });
    const { status, fields, comments } = site.issues.find('PLAT-4') ?? assert.fail();
    assert.deepEqual([status.name, fields.resolution, comments[0]?.body], ["Won't Do", 'Duplicate', doc('See PLAT-5')]);
    assert.equal(site.count(), 2);
  });

  test('that Jira refuses says why, by field', async (t) => {
    const { jira } = await startClient(t, { projects: ['PLAT'] });
    assert.deepEqual(await jira.transition('PLAT-4', { id: '61' }), {
      state: 'refused',
      reason: 'Resolution is required.',
      fields: { resolution: 'Resolution is required.' },
      messages: [],
    });
    const gone = await jira.transition('PLAT-4', { id: '31' });
    assert.equal(gone.state === 'refused' && gone.reason, "Transition id '31' is not valid for this issue.");
    assert.deepEqual(await jira.transition('PLAT-4711', { id: '21' }), { state: 'not found' });
    assert.deepEqual(await jira.transition('SHOP-4', { id: '21' }), { state: 'not allowed' });
  });

  for (const [trouble, state, kind, moved] of [
    [{ kind: 'cut' }, 'unknown', 'no_answer', true],
    [{ kind: 'cut', undone: true }, 'unknown', 'no_answer', false],
    [{ kind: 'no_answer' }, 'unknown', 'no_answer', true],
    [{ kind: 'server_error', status: 502 }, 'unknown', 'no_answer', true],
    [{ kind: 'empty' }, 'unknown', 'unreadable', true],
    [{ kind: 'conflict' }, 'failed', 'conflict', false],
    [{ kind: 'not_permitted' }, 'failed', 'forbidden', false],
    [{ kind: 'rate_limited' }, 'failed', 'rate_limited', false],
    [{ kind: 'html' }, 'unknown', 'unreadable', false],
  ] as const satisfies [Trouble, string, string, boolean][]) {
    test(`with ${JSON.stringify(trouble)} is ${state}, and is sent once`, async (t) => {
      const { site, jira } = await startClient(t, patienceFor(trouble));
      site.trouble('transition', trouble);
      const written = await jira.transition('PLAT-4', { id: '21' });
      assert.deepEqual('trouble' in written && [written.state, written.trouble.kind, site.count()], [state, kind, 1]);
      assert.equal(site.issues.find('PLAT-4')?.status.name, moved ? 'In Progress' : 'To Do');
    });
  }

  test('needs the scope to write', async (t) => {
    const { site } = await startClient(t);
    const { jira, lines } = clientOf(site, { host: site.gatewayUrl, apiToken: site.scopedToken });
    site.scopes.delete('write:jira-work');
    assert.equal((await jira.transition('PLAT-4', { id: '21' })).state, 'failed');
    const { scope, endpoint } = { ...lines[0]?.fields } as Record<string, unknown>;
    assert.deepEqual([scope, endpoint], ['write:jira-work', 'POST /rest/api/3/issue//transitions']);
  });
});
