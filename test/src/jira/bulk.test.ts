import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { known, said, startClient } from './ask.ts';

const YUKI = '5b10a2844c20165700ede213';

describe('changing many issues', { concurrency: true }, () => {
  test('starts with the steps that issues of one workflow have in common', async (t) => {
    const { site, jira } = await startClient(t);
    const stepsOf = async (...keys: string[]) =>
      known(await jira.bulkSteps(keys)).map(({ keys, steps, hasOthers }) => {
        return [keys.join(' '), steps.map(({ name, to }) => `${name} → ${to.name}`).join(', '), hasOthers];
      });
    assert.deepEqual(await stepsOf('PLAT-4', 'SHOP-1'), [
      ['PLAT-4', 'Reopen → To Do, Make ready → Ready, Start → In Progress', true],
      [
        'SHOP-1',
        'Zu erledigen → Zu erledigen, Einplanen → Eingeplant, Anfangen → In Arbeit, Prüfen → In Prüfung, Rückfrage → Warten auf Kunde, Erledigen → Erledigt',
        true,
      ],
    ]);
    // One is to do and the other in progress.
    assert.deepEqual(await stepsOf('PLAT-4', 'PLAT-5'), [
      ['PLAT-4 PLAT-5', 'Reopen → To Do, Start → In Progress', true],
    ]);
    assert.equal(site.count(), 2);
    const hidden = await jira.bulkSteps(['PLAT-4', 'PLAT-80']);
    assert.equal(
      hidden.state === 'refused' && hidden.reason,
      'Some of the issues in the issueIdsOrKeys are not valid.',
    );
    site.trouble('bulkTransitions', { kind: 'html' });
    assert.equal(said(await jira.bulkSteps(['PLAT-4'])), 'unreadable');
    site.trouble('bulkTransitions', undefined);
    site.permissions.delete('BULK_CHANGE');
    assert.equal(said(await jira.bulkSteps(['PLAT-4'])), 'forbidden');
  });

  test('is one call, and a task that says what became of each', async (t) => {
    const { site, jira } = await startClient(t);
    const id = (key: string) => site.issues.find(key)?.id ?? assert.fail();
    const steps = new Map([
      ['PLAT-4', '21'],
      ['PLAT-5', '51'],
      ['PLAT-9', '61'],
      ['PLAT-80', '21'],
    ]);
    const submitted = await jira.bulkTransition(steps);
    assert.ok(submitted.state === 'submitted', submitted.state);
    assert.deepEqual(known(await jira.bulkProgress(submitted.taskId)), {
      isRunning: false,
      done: [id('PLAT-4'), id('PLAT-5')],
      failed: new Map([[id('PLAT-9'), ['Resolution is required.']]]),
      missing: 1,
    });
    assert.deepEqual(
      ['PLAT-4', 'PLAT-5', 'PLAT-9'].map((key) => site.issues.find(key)?.status.name),
      ['In Progress', 'Done', 'Ready'],
    );
    assert.equal(site.count(), 2);
  });

  test('sets a priority and an assignee, or unassigns issues', async (t) => {
    const { site, jira } = await startClient(t);
    const keys = ['PLAT-4', 'PLAT-5'];
    assert.equal((await jira.bulkEdit(keys, { priority: '1', assignee: YUKI })).state, 'submitted');
    for (const key of keys) {
      const { priority, assignee } = site.issues.find(key) ?? assert.fail();
      assert.deepEqual([priority, assignee?.displayName], ['Highest', 'Yuki Tanaka']);
    }
    await jira.bulkEdit(keys, { assignee: null });
    assert.equal(site.issues.find('PLAT-4')?.assignee, null);
  });

  test('tells a task that runs, and one that Jira does not know', async (t) => {
    const { site, jira } = await startClient(t);
    site.bulkMs = 3_600_000;
    const submitted = await jira.bulkEdit(['PLAT-4'], { priority: '1' });
    assert.ok(submitted.state === 'submitted', submitted.state);
    const { isRunning, done } = known(await jira.bulkProgress(submitted.taskId));
    assert.deepEqual([isRunning, done], [true, []]);
    for (const task of ['1', '../x', '']) assert.equal(said(await jira.bulkProgress(task)), 'not found');
    site.trouble('bulkProgress', { kind: 'html' });
    assert.equal(said(await jira.bulkProgress(submitted.taskId)), 'unreadable');
  });

  test('is refused in Jira’s words, without the permission, and without a call where Maro may not', async (t) => {
    const { site, jira } = await startClient(t, { projects: ['PLAT'] });
    assert.equal((await jira.bulkEdit(['PLAT-4', 'SHOP-4'], { priority: '1' })).state, 'not allowed');
    assert.equal((await jira.bulkEdit(['plat-4'], { priority: '1' })).state, 'not found');
    const many = Array.from({ length: 1_001 }, (_, i) => `PLAT-${i + 1}`);
    const tooMany = await jira.bulkEdit(many, { priority: '1' });
    assert.equal(tooMany.state === 'refused' && tooMany.reason, 'That’s 1001 issues, and Jira’s limit is 1,000.');
    assert.equal(site.count(), 0);
    const none = await jira.bulkTransition(new Map());
    assert.equal(none.state === 'refused' && none.reason, 'From 1 to 1000 issues may be given.');
    site.permissions.delete('BULK_CHANGE');
    const failed = await jira.bulkTransition(new Map([['PLAT-4', '21']]));
    assert.equal(failed.state === 'failed' && failed.trouble.kind, 'forbidden');
  });

  test('is sent once when its answer is lost, and may have been done', async (t) => {
    const { site, jira } = await startClient(t);
    site.trouble('bulkTransition', { kind: 'cut' });
    assert.equal((await jira.bulkTransition(new Map([['PLAT-4', '21']]))).state, 'unknown');
    assert.deepEqual([site.count(), site.issues.find('PLAT-4')?.status.name], [1, 'In Progress']);
  });
});
