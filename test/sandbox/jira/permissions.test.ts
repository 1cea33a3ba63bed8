import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, started } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

async function permissions(jira: Jira, query: string): Promise<Record<string, boolean>> {
  const response = await ask(jira, `mypermissions?${query}`);
  assert.equal(response.status, 200, query);
  const told = (await response.json()) as { permissions: Record<string, { havePermission: boolean }> };
  return Object.fromEntries(Object.entries(told.permissions).map(([key, value]) => [key, value.havePermission]));
}

test('tells what Maro may do, on the site, in a project, and on an issue', async (t) => {
  const jira = await started(t);
  const asked = 'permissions=BROWSE_PROJECTS,ADMINISTER,LINK_ISSUES';
  const all = { BROWSE_PROJECTS: true, ADMINISTER: false, LINK_ISSUES: true };
  for (const where of ['', '&projectKey=PLAT', '&projectId=10001', '&issueKey=plat-3', '&issueId=10101']) {
    assert.deepEqual(await permissions(jira, `${asked}${where}`), all, where);
  }
  jira.permissions.delete('LINK_ISSUES');
  assert.deepEqual(await permissions(jira, asked), { ...all, LINK_ISSUES: false });
});

test('refuses permissions that there are not, and places that Maro does not see', async (t) => {
  const jira = await started(t);
  for (const [query, status] of [
    ['', 400],
    ['permissions=', 400],
    ['permissions=FLY', 400],
    ['permissions=BROWSE_PROJECTS&projectKey=HR', 404],
    ['permissions=BROWSE_PROJECTS&projectKey=GONE', 404],
    ['permissions=BROWSE_PROJECTS&issueKey=PLAT-80', 404],
  ] as const) {
    assert.equal((await ask(jira, `mypermissions?${query}`)).status, status, query);
  }
});

test('names every status of the projects that Maro sees, with its category', async (t) => {
  const jira = await started(t);
  const statuses = async () =>
    (await (await ask(jira, 'status')).json()) as { name: string; statusCategory: { key: string } }[];
  const all = await statuses();
  assert.deepEqual(
    all.filter(({ name }) => ['Blocked', 'Erledigt'].includes(name)).map(({ statusCategory }) => statusCategory.key),
    ['indeterminate', 'done'],
  );
  jira.issues.forbidProject('SHOP');
  assert.ok((await statuses()).every(({ name }) => name !== 'Erledigt'));
});
