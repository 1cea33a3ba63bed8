import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doingOf } from '../../../src/messages/doing.ts';

const long = 'x'.repeat(60);
for (const [callbackId, inputs, doing] of [
  ['transition_issue', { status: 'Done' }, { words: 'moving to Done…', instead: 'status' }],
  ['transition_issue', { status: '31' }, { words: 'moving…', instead: 'status' }],
  ['transition_issue', { status: long }, { words: `moving to ${'x'.repeat(29)}…`, instead: 'status' }],
  ['assign_issue', { assignee: 'Ada Park' }, { words: 'assigning to Ada Park…', instead: 'assignee' }],
  ['assign_issue', { assignee_id: 'UADA' }, { words: 'assigning…', instead: 'assignee' }],
  ['update_issue', { priority: 'High' }, { words: 'setting priority to High…', instead: undefined }],
  ['update_issue', { summary: 'New' }, { words: 'changing…', instead: undefined }],
  ['assign_issue', { assignee: 'nobody' }, { words: 'unassigning…', instead: 'assignee' }],
  ['change_issues', { act: 'move', value: 'Done' }, { words: 'moving to Done…', instead: 'status' }],
  ['change_issues', { act: 'assign', value: 'nobody' }, { words: 'unassigning…', instead: 'assignee' }],
  ['change_issues', { act: 'assign', assignee_id: 'UADA' }, { words: 'assigning…', instead: 'assignee' }],
  ['change_issues', { act: 'priority', value: 'Low' }, { words: 'setting priority to Low…', instead: undefined }],
  ['comment_issue', { comment: 'Hello' }, undefined],
  ['toString', {}, undefined],
] as const) {
  test(`a row whose issue ${callbackId} changes says ${doing?.words ?? 'nothing'}`, () => {
    const of = (keys: string[]) => doing && { keys, ...doing };
    assert.deepEqual(doingOf(callbackId, { ...inputs, issue_key: 'plat-1' }), of(['PLAT-1']));
    assert.deepEqual(doingOf(callbackId, { ...inputs, issue_keys: 'PLAT-1 SHOP-2' }), of(['PLAT-1', 'SHOP-2']));
    assert.equal(doingOf(callbackId, { ...inputs, issue_key: 'not a key' }), undefined);
  });
}
