import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bulkfetch, issue, keys, started, type WireIssue } from '../../../sandbox/jira/ask.ts';
import { seed } from '../../../sandbox/jira/seed.ts';
import { status } from '../../../sandbox/jira/shape.ts';

test('the seed has what the tests and the tour need', async (t) => {
  const jira = await started(t);
  const all = jira.issues.all();
  const visible = all.filter((stored) => !stored.forbidden);
  assert.ok(visible.length >= 40 && visible.length <= 100, `${visible.length} issues`);
  assert.deepEqual(
    seed.projects.map(({ key }) => key),
    ['PLAT', 'SHOP', 'OPS', 'HR'],
  );
  for (const { key } of seed.projects.filter(({ forbidden }) => !forbidden)) {
    const project = visible.filter((stored) => stored.project.key === key);
    assert.deepEqual(
      new Set(project.map((stored) => stored.status.category)),
      new Set(['new', 'indeterminate', 'done']),
    );
    assert.deepEqual(new Set(project.map((stored) => stored.type.hierarchyLevel)), new Set([1, 0, -1]));
    assert.ok(project.some((stored) => stored.assignee === null) && project.some((stored) => stored.assignee));
    assert.ok(project.some((stored) => stored.priority === null));
  }
  assert.ok(visible.some(({ status: { name } }) => name === 'Warten auf Kunde'));
  assert.equal(all.filter((stored) => stored.forbidden).length, 4);
  assert.ok(all.every(({ project, forbidden }) => forbidden || !project.forbidden));
  assert.ok(all.every((stored) => stored.summary.length <= 255 && !stored.summary.includes('\n')));
  const summaries = visible.map(({ summary }) => summary).join('\n');
  for (const part of ['<!channel>', '<https://evil.example|PLAT-1>', '```', '\u202E', '\u200D']) {
    assert.ok(summaries.includes(part), part);
  }
  assert.ok(visible.some(({ summary }) => summary.length === 255));
  const keysNow = new Set(all.map(({ key }) => key));
  for (const [former, now] of Object.entries(seed.moved)) assert.ok(!keysNow.has(former) && keysNow.has(now), former);
});

test('issues are created, edited, moved, removed, hidden and shown', async (t) => {
  const jira = await started(t);
  const { issues } = jira;
  const made = issues.create('SHOP', { summary: 'Neue Farben', assignee: 'yuki', status: 'In Arbeit' });
  assert.equal(made.key, 'SHOP-81');
  const seen = await issue(jira, 'SHOP-81');
  assert.deepEqual(
    [seen.fields.summary, (seen.fields.assignee as { displayName: string }).displayName],
    ['Neue Farben', 'Yuki Tanaka'],
  );

  const before = String(seen.fields.updated);
  issues.edit('shop-81', {
    summary: 'Alte Farben',
    status: 'Erledigt',
    assignee: null,
    priority: null,
    parent: 'SHOP-1',
  });
  const edited = await issue(jira, 'SHOP-81');
  assert.deepEqual(
    [edited.fields.summary, edited.fields.assignee, edited.fields.priority, (edited.fields.parent as WireIssue).key],
    ['Alte Farben', null, null, 'SHOP-1'],
  );
  assert.equal(status.parse(edited.fields.status).statusCategory.key, 'done');
  assert.ok(String(edited.fields.updated) > before);
  issues.edit('SHOP-81', { parent: null });
  assert.equal((await issue(jira, 'SHOP-81')).fields.parent, undefined);

  const moved = issues.move('SHOP-81', 'PLAT');
  assert.deepEqual([moved.key, moved.id, moved.status.name], ['PLAT-97', made.id, 'Done']);
  issues.move('PLAT-97', 'SHOP');
  assert.deepEqual(keys(await bulkfetch(jira, ['SHOP-81', 'PLAT-97', 'SHOP-82'])), ['SHOP-82']);
  assert.equal(issues.create('PLAT', { summary: 'No number twice' }).key, 'PLAT-98');

  issues.forbid('SHOP-82');
  assert.deepEqual(await bulkfetch(jira, ['SHOP-82']), []);
  issues.allow('SHOP-82');
  assert.equal((await bulkfetch(jira, ['SHOP-81'])).length, 1);
  issues.remove('SHOP-82');
  assert.deepEqual(await bulkfetch(jira, ['SHOP-81', 'SHOP-82', made.id]), []);
  assert.equal(issues.find('SHOP-82'), undefined);
  assert.equal(issues.create('SHOP', { summary: 'Nor after a removal' }).key, 'SHOP-83');

  issues.edit('PLAT-1', { status: 'Parked' });
  assert.equal(status.parse((await issue(jira, 'PLAT-1')).fields.status).statusCategory.key, 'undefined');
});

test('what the control of issues does not know, it names', async (t) => {
  const { issues } = await started(t);
  assert.throws(() => issues.edit('PLAT-4711', {}), /There is no issue PLAT-4711/);
  assert.throws(
    () => issues.edit('SHOP-1', { status: 'Done' }),
    /SHOP has no "Done"\. It has: Zu erledigen, Eingeplant/,
  );
  assert.throws(() => issues.edit('SHOP-1', { assignee: 'nobody' }), /There is no person nobody/);
  assert.throws(() => issues.create('NOPE', { summary: 'x' }), /There is no project NOPE/);
  assert.throws(() => issues.move('SHOP-1', 'NOPE'), /There is no project NOPE/);
  assert.equal(issues.find('SHOP-1')?.status.name, 'In Arbeit');
});
