import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { wireValue } from '../../../src/jira/field.ts';
import { known, said, startClient } from './ask.ts';

const YUKI = '5b10a2844c20165700ede213';

describe('assigning an issue', { concurrency: true }, () => {
  test('is one call, to somebody or to nobody', async (t) => {
    const { site, jira } = await startClient(t);
    const assignee = () => site.issues.find('PLAT-4')?.assignee?.displayName;
    assert.deepEqual([await jira.assign('PLAT-4', YUKI), assignee()], [{ state: 'done' }, 'Yuki Tanaka']);
    assert.deepEqual([await jira.assign('PLAT-4', null), assignee()], [{ state: 'done' }, undefined]);
    assert.equal(site.count(), 2);
  });

  test('to somebody who cannot be assigned is refused in Jira’s words', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    const refused = await jira.assign('PLAT-4', 'nobody');
    assert.deepEqual(refused.state === 'refused' && refused.fields, { assignee: 'User does not exist.' });
    assert.equal((await jira.assign('SHOP-4', YUKI)).state, 'not allowed');
    assert.equal((await jira.assign('PLAT-80', YUKI)).state, 'not found');
    site.permissions.delete('ASSIGN_ISSUES');
    const failed = await jira.assign('PLAT-4', YUKI);
    assert.equal(failed.state === 'failed' && failed.trouble.kind, 'forbidden');
  });

  test('offers those who can be, for this issue', async (t) => {
    const { site, jira } = await startClient(t);
    assert.deepEqual(known(await jira.assignableTo('PLAT-4', ' yu ')), [
      { accountId: YUKI, displayName: 'Yuki Tanaka' },
    ]);
    assert.equal(said(await jira.assignableTo('PLAT-80', '')), 'not found');
    site.trouble('assignable', { kind: 'html' });
    assert.equal(said(await jira.assignableTo('PLAT-4', '')), 'unreadable');
  });
});

describe('editing an issue', { concurrency: true }, () => {
  test('is one call with the values that a form has', async (t) => {
    const { site, jira } = await startClient(t);
    const priority = known(await jira.priorities('PLAT-4')).find(({ name }) => name === 'Low') ?? assert.fail();
    const fields = {
      summary: 'New',
      priority: wireValue({ kind: 'single_select', value: priority.id }),
      labels: ['a', 'b'],
      duedate: '2026-12-24',
    };
    site.resetRequests();
    assert.deepEqual(await jira.edit('PLAT-4', { fields }), { state: 'done' });
    const edited = site.issues.find('PLAT-4') ?? assert.fail();
    assert.deepEqual([edited.summary, edited.priority, edited.fields.labels], ['New', 'Low', ['a', 'b']]);
    assert.equal(site.count(), 1);
  });

  test('is refused without a call for a summary that Jira would refuse, and in Jira’s words otherwise', async (t) => {
    const { site, jira } = await startClient(t);
    const blank = await jira.edit('PLAT-4', { fields: { summary: ' ' } });
    assert.equal(blank.state === 'refused' && blank.reason, 'Add a summary.');
    assert.equal(site.count(), 0);
    const wrong = await jira.edit('PLAT-4', { fields: { duedate: 'soon', colour: 'red' } });
    assert.deepEqual(wrong.state === 'refused' && Object.keys(wrong.fields), ['duedate', 'colour']);
  });

  for (const [trouble, state, edited] of [
    [{ kind: 'cut' }, 'unknown', true],
    [{ kind: 'cut', undone: true }, 'unknown', false],
    [{ kind: 'conflict' }, 'failed', false],
    [{ kind: 'unauthorized' }, 'failed', false],
  ] as const) {
    test(`with ${JSON.stringify(trouble)} is ${state}, and is sent once`, async (t) => {
      const { site, jira } = await startClient(t);
      site.trouble('edit', trouble);
      assert.equal((await jira.edit('PLAT-4', { fields: { summary: 'New' } })).state, state);
      assert.deepEqual([site.count(), site.issues.find('PLAT-4')?.summary === 'New'], [1, edited]);
    });
  }

  test('offers the fields of the screen that Maro can ask for', async (t) => {
    const { site, jira } = await startClient(t);
    const names = known(await jira.editable('OPS-2')).map(({ name }) => name);
    for (const name of ['Summary', 'Priority', 'Labels', 'Due date', 'Severity']) assert.ok(names.includes(name), name);
    assert.equal(known(await jira.priorities('PLAT-4'))[0]?.name, 'Highest');
    assert.equal(said(await jira.priorities('PLAT-80')), 'not found');
    site.permissions.delete('EDIT_ISSUES');
    assert.deepEqual(known(await jira.priorities('PLAT-4')), []);
  });
});

test('somebody watches an issue, and does no more', async (t) => {
  const { site, jira } = await startClient(t);
  const watchers = () => site.issues.find('PLAT-4')?.watchers;
  assert.deepEqual([await jira.watch('PLAT-4', YUKI), watchers()], [{ state: 'done' }, [YUKI]]);
  assert.deepEqual([await jira.unwatch('PLAT-4', YUKI), watchers()], [{ state: 'done' }, []]);
  assert.equal((await jira.watch('PLAT-4', 'nobody')).state, 'not found');
  site.trouble('watch', { kind: 'cut' });
  assert.equal((await jira.watch('PLAT-4', YUKI)).state, 'unknown');
  assert.equal(site.count(), 4);
});
