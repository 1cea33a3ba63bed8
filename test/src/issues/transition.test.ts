import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { transitionNamed } from '../../../src/issues/transition.ts';
import type { Transition } from '../../../src/jira/transitions.ts';

const OFFERED = [
  { id: '11', name: 'Reopen', to: { id: '1', name: 'To Do', category: 'new' } },
  { id: '21', name: 'Start', to: { id: '2', name: 'In Progress', category: 'indeterminate' } },
  { id: '31', name: 'Finish', to: { id: '3', name: 'Done', category: 'done' } },
  { id: '41', name: 'Drop', to: { id: '4', name: "Won't Do", category: 'done' } },
].map((each) => ({ ...each, hasScreen: false, required: [], resolutions: [] })) as Transition[];

describe('the words after “move PLAT-1”', () => {
  for (const [words, id] of [
    ['Done', '31'],
    [' done ', '31'],
    ['to Done', '31'],
    ['To in progress', '21'],
    ['To Do', '11'],
    ['to to do', '11'],
    ['finish', '31'],
    ['41', '41'],
    ['do', undefined],
    ['toDone', undefined],
    ['', undefined],
  ] as const) {
    test(`“${words}” ${id === undefined ? 'name no transition' : `name the transition ${id}`}`, () => {
      const named = transitionNamed(words, OFFERED);
      assert.ok(!Array.isArray(named));
      assert.equal(named?.id, id);
    });
  }
});
