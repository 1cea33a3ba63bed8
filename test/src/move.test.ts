import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DigestChange, DigestIssue } from '../../src/digest.ts';
import type { StatusCategory } from '../../src/issue.ts';
import { movesOf } from '../../src/move.ts';

const at = (minutes: number) => new Date(1e12 + minutes * 60_000);
const SPAN = { since: at(0), until: at(10) };

function issue(status: string, category: StatusCategory, ...changes: DigestChange[]): DigestIssue {
  return {
    ...{ key: 'PLAT-1', summary: 'A summary', site: 'https://acme.atlassian.net', status, category, changes },
    ...{
      assignee: undefined,
      dueDate: undefined,
      updatedAt: at(0),
      addedAt: at(-5),
      addedBy: 'U1',
      addedVia: undefined,
      messageLink: undefined,
    },
  };
}
function from(status: string, fromCategory: StatusCategory, minutes: number, author = 'Ada'): DigestChange {
  return {
    what: 'status',
    from: status,
    to: undefined,
    fromCategory,
    author,
    byMaro: author === 'Maro',
    recordedAt: at(minutes),
  };
}

describe('the moves of an issue', () => {
  const table: [string, DigestIssue, string | undefined][] = [
    ['are none if nothing changed', issue('To Do', 'new'), undefined],
    ['have one that is done', issue('Done', 'done', from('To Do', 'new', 1)), 'done: To Do → Done by Ada'],
    ['have one that is open again', issue('To Do', 'new', from('Done', 'done', 1)), 'reopened: Done → To Do by Ada'],
    [
      'have one that was started',
      issue('Doing', 'indeterminate', from('To Do', 'new', 1)),
      'moved: To Do → Doing by Ada',
    ],
    ['are none within a category', issue('Review', 'indeterminate', from('Doing', 'indeterminate', 1)), undefined],
    [
      'are one, by the last person, if there were several in one direction',
      issue('Done', 'done', from('To Do', 'new', 1, 'Ben'), from('Doing', 'indeterminate', 2, 'Cyd')),
      'done: To Do → Done by Cyd',
    ],
    ['are none there and back', issue('To Do', 'new', from('To Do', 'new', 1), from('Done', 'done', 2)), undefined],
    [
      'say that Maro made one',
      issue('Done', 'done', from('To Do', 'new', 1, 'Maro')),
      'done: To Do → Done by Maro itself',
    ],
    ['are none that were stored later', issue('Done', 'done', from('To Do', 'new', 11)), undefined],
    [
      'end where the span ends',
      issue('Done', 'done', from('To Do', 'new', 1, 'Ben'), from('Doing', 'indeterminate', 11)),
      'moved: To Do → Doing by Ben',
    ],
  ];
  for (const [what, given, expected] of table) {
    test(what, () => {
      const [move] = movesOf([given], SPAN);
      assert.equal(
        move && `${move.event}: ${move.from} → ${move.to} by ${move.author}${move.byMaro ? ' itself' : ''}`,
        expected,
      );
    });
  }

  test('are told only if they were chosen', () => {
    assert.deepEqual(movesOf([issue('Done', 'done', from('To Do', 'new', 1))], SPAN, ['reopened', 'stale']), []);
  });
});
