import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask, issue, started } from '../../../sandbox/jira/ask.ts';
import type { Jira } from '../../../sandbox/jira/index.ts';

type Transition = { id: string; name: string; to: { name: string }; fields?: Record<string, { required: boolean }> };

async function transitions(jira: Jira, key: string, query = ''): Promise<Transition[]> {
  const response = await ask(jira, `issue/${key}/transitions${query}`);
  assert.equal(response.status, 200);
  return ((await response.json()) as { transitions: Transition[] }).transitions;
}

async function post(jira: Jira, key: string, body: object): Promise<[status: number, answer: unknown]> {
  const response = await ask(jira, `issue/${key}/transitions`, { body });
  return [response.status, response.status === 204 ? undefined : await response.json()];
}

const doc = (text: string) => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text }] }],
});

test('an issue has the transitions of its status and type', async (t) => {
  const jira = await started(t);
  const names = async (key: string) => (await transitions(jira, key)).map(({ name }) => name);
  assert.deepEqual(await names('PLAT-4'), ['Reopen', 'Make ready', 'Start', 'Block', 'Reject', 'Park']);
  assert.deepEqual(await names('PLAT-5'), ['Reopen', 'Start', 'Ask for review', 'Block', 'Finish', 'Reject', 'Park']);
  assert.deepEqual(await names('OPS-2'), ['Reopen', 'Resolve incident']);
  assert.deepEqual(await names('OPS-3'), ['Reopen', 'Work on it', 'Resolve']);
  assert.deepEqual(
    (await transitions(jira, 'PLAT-4', '?transitionId=21')).map(({ id, to, fields }) => [id, to.name, fields]),
    [['21', 'In Progress', undefined]],
  );
  const [, resolve] = await transitions(jira, 'OPS-2', '?expand=transitions.fields');
  assert.deepEqual(
    Object.entries(resolve?.fields ?? {}).map(([field, { required }]) => [field, required]),
    [
      ['resolution', true],
      ['customfield_10044', true],
      ['customfield_10042', false],
    ],
  );
});

test('a transition is one history by Maro, one event, and what its screen was filled in with', async (t) => {
  const jira = await started(t);
  const fields = { resolution: { name: 'Duplicate' } };
  assert.deepEqual(await post(jira, 'PLAT-4', { transition: { id: '61' }, fields }), [204, undefined]);
  const [history, ...others] = jira.issues.find('PLAT-4')?.histories ?? [];
  assert.deepEqual([history?.author?.displayName, others], ['Maro', []]);
  assert.deepEqual(
    history?.items.map((item) => [item.field, item.fromString, item.toString]),
    [
      ['status', 'To Do', "Won't Do"],
      ['resolution', null, 'Duplicate'],
    ],
  );
  assert.equal(((await issue(jira, 'PLAT-4')).fields.resolution as { name: string }).name, 'Duplicate');
  assert.deepEqual(await post(jira, 'PLAT-4', { transition: { id: '21' } }), [204, undefined]);
  assert.equal((await issue(jira, 'PLAT-4')).fields.resolution, null);
});

test('what a workflow or its screen does not allow is refused, and changes nothing', async (t) => {
  const jira = await started(t);
  const comment = [{ add: { body: doc('Because') } }];
  const offScreen = "Field 'summary' cannot be set. It is not on the appropriate screen, or unknown.";
  for (const [body, answer] of [
    [{}, "Missing 'transition' identifier"],
    [{ transition: { id: 'Done' } }, "'transition' identifier must be an integer"],
    [{ transition: { id: '31' } }, "Transition id '31' is not valid for this issue."],
    [{ transition: { id: '41' } }, 'Say in a comment what blocks this.'],
    [{ transition: { id: '61' } }, { resolution: 'Resolution is required.' }],
    [
      { transition: { id: '61' }, fields: { resolution: { name: 'Nope' } } },
      { resolution: 'Specify a valid resolution.' },
    ],
    [{ transition: { id: '21' }, fields: { summary: 'x' } }, { summary: offScreen }],
    [
      { transition: { id: '71' }, fields: { duedate: 'soon' } },
      { duedate: 'Error parsing date string: expected yyyy-MM-dd.' },
    ],
    [
      {
        transition: { id: '71' },
        fields: { duedate: '2026-12-24' },
        update: { duedate: [{ set: '2026-12-24' }] },
      },
      { duedate: "Field 'duedate' cannot appear in both 'fields' and 'update'" },
    ],
    [{ transition: { id: '21' }, update: { comment } }, { comment: offScreen.replace('summary', 'comment') }],
  ] as const) {
    const expected =
      typeof answer === 'string' ? { errorMessages: [answer], errors: {} } : { errorMessages: [], errors: answer };
    assert.deepEqual(await post(jira, 'PLAT-4', body), [400, expected], JSON.stringify(body));
  }
  for (const key of ['PLAT-80', 'PLAT-4711']) assert.equal((await post(jira, key, {}))[0], 404);
  assert.deepEqual(jira.issues.find('PLAT-4')?.histories, []);
});

test('a validator that wants a comment takes it with the transition', async (t) => {
  const jira = await started(t);
  const update = { comment: [{ add: { body: doc('Because') } }] };
  assert.deepEqual(await post(jira, 'PLAT-4', { transition: { id: '41' }, update }), [204, undefined]);
  const { status, comments } = jira.issues.find('PLAT-4') ?? assert.fail();
  assert.deepEqual([status.name, comments.map(({ body }) => body)], ['Blocked', [doc('Because')]]);
});

test('an account that may not transition issues sees no transition and does none', async (t) => {
  const jira = await started(t);
  jira.permissions.delete('TRANSITION_ISSUES');
  assert.deepEqual(await transitions(jira, 'PLAT-4'), []);
  assert.equal((await post(jira, 'PLAT-4', { transition: { id: '21' } }))[0], 400);
});
