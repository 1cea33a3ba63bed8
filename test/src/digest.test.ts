import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import {
  DIGEST_EVENTS,
  type DigestChange,
  type DigestEvent,
  type DigestIssue,
  digestOf,
  issuesIn,
} from '../../src/digest.ts';
import type { StatusCategory } from '../../src/issue.ts';

const DAY = 86_400_000;
const at = (days: number) => new Date(1e12 + days * DAY);
/** From September 9 to 10, 2001, at 1:46 AM in UTC. */
const SPAN = { since: at(0), until: at(1), zone: 'UTC' };

function issue(changes: Partial<DigestIssue> = {}): DigestIssue {
  return {
    ...{ key: 'PLAT-1', summary: 'A summary', site: 'https://acme.atlassian.net', status: 'To Do', category: 'new' },
    ...{
      assignee: 'Ada',
      dueDate: undefined,
      updatedAt: at(0.5),
      addedAt: at(-50),
      addedBy: 'U1',
      addedVia: undefined,
      messageLink: undefined,
      changes: [],
    },
    ...changes,
  };
}

function moved(from: string, fromCategory: StatusCategory | undefined, days: number, byMaro = false): DigestChange {
  return { what: 'status', from, to: undefined, fromCategory, author: 'Ada', byMaro, recordedAt: at(days) };
}

function assigned(from: string | undefined, days: number, byMaro = false): DigestChange {
  return {
    what: 'assignee',
    from,
    to: undefined,
    fromCategory: undefined,
    author: 'Ada',
    byMaro,
    recordedAt: at(days),
  };
}

function due(from: string | undefined, days: number, byMaro = false): DigestChange {
  return { ...assigned(from, days, byMaro), what: 'due date' };
}

function flagged(isFlagged: boolean, days: number, byMaro = false): DigestChange {
  const [from, to] = isFlagged ? [undefined, 'Impediment'] : ['Impediment', undefined];
  return { ...assigned(from, days, byMaro), what: 'flagged', to };
}

const DONE = { status: 'Done', category: 'done' } as const;

describe('a digest', () => {
  const table: [string, Partial<DigestIssue>, DigestEvent[]][] = [
    ['nothing of an issue in which nothing changed', {}, []],
    ['an issue that is done', { ...DONE, changes: [moved('To Do', 'new', 0.5)] }, ['done']],
    ['nothing of an issue that Maro moved', { ...DONE, changes: [moved('To Do', 'new', 0.5, true)] }, []],
    [
      'an issue that a person finished after Maro had moved it',
      { ...DONE, changes: [moved('To Do', 'new', 0.4, true), moved('In Progress', 'indeterminate', 0.5)] },
      ['done'],
    ],
    ['nothing of what was stored before', { ...DONE, changes: [] }, []],
    ['nothing of what was stored after its end', { ...DONE, changes: [moved('To Do', 'new', 1.1)] }, []],
    ['an issue that is open again', { changes: [moved('Done', 'done', 0.5)] }, ['reopened']],
    [
      'nothing of an issue that was done and is open again',
      { changes: [moved('To Do', 'new', 0.3), moved('Done', 'done', 0.5)] },
      [],
    ],
    [
      'nothing of an issue that was open and is done again',
      { ...DONE, changes: [moved('Done', 'done', 0.3), moved('To Do', 'new', 0.5)] },
      [],
    ],
    ['nothing of a move from one done status to another', { ...DONE, changes: [moved('Closed', 'done', 0.5)] }, []],
    [
      'an issue that is blocked',
      { status: 'Blocked by vendor', category: 'indeterminate', changes: [moved('To Do', 'new', 0.5)] },
      ['blocked'],
    ],
    ['nothing of an issue that is unblocked', { status: 'Unblocked', changes: [moved('Blocked', 'new', 0.5)] }, []],
    [
      'an issue that is blocked and done as done only',
      { status: 'Blocked', category: 'done', changes: [moved('To Do', 'new', 0.5)] },
      ['done'],
    ],
    ['an issue that a workflow began to track', { addedAt: at(0.5), addedBy: undefined }, ['new']],
    ['nothing of an issue that a person began to track', { addedAt: at(0.5) }, []],
    ['an issue on the day on which it becomes stale', { updatedAt: at(-13.5) }, ['stale']],
    ['nothing of an issue that was stale before', { updatedAt: at(-14.5) }, []],
    ['nothing of an issue that is not stale yet', { updatedAt: at(-12.5) }, []],
    ['nothing of a done issue that nobody updates', { ...DONE, updatedAt: at(-13.5) }, []],
    ['a stale issue that the channel began to track', { updatedAt: at(-40), addedAt: at(0.5) }, ['stale']],
    ['an issue of which Jira tells no update', { updatedAt: undefined }, []],
    ['an issue that lost its assignee', { assignee: undefined, changes: [assigned('Ada', 0.5)] }, ['unassigned']],
    ['nothing of an issue that Maro unassigned', { assignee: undefined, changes: [assigned('Ada', 0.5, true)] }, []],
    ['nothing of an issue that nobody had before', { assignee: undefined }, []],
    [
      'nothing of an issue that nobody had for a while',
      { changes: [assigned('Ada', 0.3), assigned(undefined, 0.5)] },
      [],
    ],
    [
      'an issue without an assignee that the channel began to track',
      { assignee: undefined, addedAt: at(0.5) },
      ['unassigned'],
    ],
    [
      'a done issue without an assignee as done only',
      { ...DONE, assignee: undefined, changes: [moved('To Do', 'new', 0.4), assigned('Ada', 0.5)] },
      ['done'],
    ],
    [
      'an issue that is open again and unassigned as both',
      { assignee: undefined, changes: [moved('Done', 'done', 0.4), assigned('Ada', 0.5)] },
      ['reopened', 'unassigned'],
    ],
    ['an issue with a flag', { changes: [flagged(true, 0.5)] }, ['blocked']],
    ['nothing of an issue that Maro flagged', { changes: [flagged(true, 0.5, true)] }, []],
    ['nothing of an issue that lost its flag', { changes: [flagged(false, 0.5)] }, []],
    ['nothing of an issue that had a flag for a while', { changes: [flagged(true, 0.3), flagged(false, 0.5)] }, []],
    ['nothing of an issue that lost its flag for a while', { changes: [flagged(false, 0.3), flagged(true, 0.5)] }, []],
    ['nothing of a flag that was stored after its end', { changes: [flagged(true, 1.1)] }, []],
    [
      'an issue that has had its flag since before the next change of it',
      { changes: [flagged(true, 0.5), flagged(false, 1.1)] },
      ['blocked'],
    ],
    [
      'a done issue with a flag as done only',
      { ...DONE, changes: [flagged(true, 0.4), moved('To Do', 'new', 0.5)] },
      ['done'],
    ],
    [
      'nothing of a blocked issue that gets a flag, too',
      { status: 'Blocked', category: 'indeterminate', changes: [flagged(true, 0.5)] },
      [],
    ],
    ['an issue whose due day ended', { dueDate: '2001-09-09' }, ['overdue']],
    ['nothing of an issue on its due day', { dueDate: '2001-09-10' }, []],
    ['nothing of an issue that was overdue before', { dueDate: '2001-09-08' }, []],
    ['nothing of a done issue whose due day ended', { ...DONE, dueDate: '2001-09-09' }, []],
    ['an overdue issue that the channel began to track', { dueDate: '2001-01-01', addedAt: at(0.5) }, ['overdue']],
    [
      'an issue that got an earlier due date',
      { dueDate: '2001-09-01', changes: [due('2001-12-01', 0.5)] },
      ['overdue'],
    ],
    [
      'an issue that got a due date in the past',
      { dueDate: '2001-09-01', changes: [due(undefined, 0.5)] },
      ['overdue'],
    ],
    ['nothing of a due date that Maro set', { dueDate: '2001-09-01', changes: [due(undefined, 0.5, true)] }, []],
    ['nothing of an issue that got a later due date', { dueDate: '2001-12-01', changes: [due('2001-09-09', 0.5)] }, []],
    ['an issue that was overdue at its end', { dueDate: '2001-12-01', changes: [due('2001-09-09', 1.1)] }, ['overdue']],
    [
      'an overdue issue that is open again as both',
      { dueDate: '2001-09-01', changes: [moved('Done', 'done', 0.5)] },
      ['reopened', 'overdue'],
    ],
  ];
  for (const [what, changes, events] of table) {
    test(`tells ${what}`, () => {
      const told = digestOf([issue(changes)], SPAN);
      assert.deepEqual(
        told.map(({ event }) => event),
        events,
      );
    });
  }

  for (const [zone, dueDate, events] of [
    ['America/Los_Angeles', '2001-09-09', []],
    ['America/Los_Angeles', '2001-09-08', ['overdue']],
    ['Pacific/Kiritimati', '2001-09-09', ['overdue']],
    ['Pacific/Kiritimati', '2001-09-10', []],
  ] as const) {
    test(`tells ${events.length === 0 ? 'no issue' : 'an issue'} that is due on ${dueDate} in ${zone}`, () => {
      assert.deepEqual(
        digestOf([issue({ dueDate })], { ...SPAN, zone }).map(({ event }) => event),
        events,
      );
    });
  }

  test('tells only chosen events, and counts an issue once', () => {
    const both = issue({ assignee: undefined, changes: [moved('Done', 'done', 0.4), assigned('Ada', 0.5)] });
    assert.equal(issuesIn(digestOf([both, issue()], SPAN)), 1);
    assert.deepEqual(
      digestOf([both], SPAN, ['unassigned', 'done']).map(({ event }) => event),
      ['unassigned'],
    );
    assert.deepEqual(digestOf([both], SPAN, []), []);
  });
});

/** What an issue is at a moment. */
type State = { status: string; category: StatusCategory; assignee: string | undefined };
const STATUSES: readonly [string, StatusCategory][] = [
  ['To Do', 'new'],
  ['In Progress', 'indeterminate'],
  ['Blocked', 'indeterminate'],
  ['Done', 'done'],
  ['Closed', 'done'],
];

const step = fc.record({
  hours: fc.integer({ min: 1, max: 200 }),
  to: fc.oneof(
    fc.constantFrom(...STATUSES).map(([status, category]) => ({ status, category })),
    fc.constantFrom('Ada', 'Ben', undefined).map((assignee) => ({ assignee })),
  ),
  byMaro: fc.boolean(),
});

describe('digests one after the other over a random history', () => {
  test('tell what a replay of the whole history tells, however often Maro asks meanwhile', () => {
    const history = fc.array(step, { maxLength: 12 });
    const ends = fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 });
    const began = fc.integer({ min: 0, max: 30 });
    fc.assert(
      fc.property(history, ends, began, fc.boolean(), (steps, days, added, byWorkflow) => {
        // The whole history: states with the time from which each holds.
        let clock = at(0).getTime();
        let state: State = { status: 'To Do', category: 'new', assignee: 'Ada' };
        const states = [{ from: clock, state }];
        const changes: (DigestChange & { at: number })[] = [];
        for (const { hours, to, byMaro } of steps) {
          clock += hours * 3_600_000 + 1;
          const next: State = { ...state, ...to };
          if ('status' in to ? next.status === state.status : next.assignee === state.assignee) continue;
          const what = 'status' in to ? 'status' : 'assignee';
          const from = what === 'status' ? state.status : state.assignee;
          const fromCategory = what === 'status' ? state.category : undefined;
          changes.push({
            what,
            from,
            to: undefined,
            fromCategory,
            author: 'Ada',
            byMaro,
            recordedAt: new Date(clock),
            at: clock,
          });
          state = next;
          states.push({ from: clock, state });
        }
        const addedAt = at(added).getTime();
        const stateAt = (time: number) => states.findLast(({ from }) => from <= time)?.state ?? assert.fail();
        const updatedAt = (time: number) => states.findLast(({ from }) => from <= time)?.from ?? assert.fail();
        const spans = days.toSorted((a, b) => a - b).map((day, n, all) => [at(all[n - 1] ?? 0), at(day)] as const);
        for (const [since, until] of spans) {
          if (addedAt > until.getTime()) continue;
          const now = stateAt(until.getTime());
          const told = digestOf(
            [
              issue({
                ...{ ...now, updatedAt: new Date(updatedAt(until.getTime())), addedAt: new Date(addedAt) },
                addedBy: byWorkflow ? undefined : 'U1',
                changes: changes.filter((c) => c.at > Math.max(since.getTime(), addedAt) && c.at <= until.getTime()),
              }),
            ],
            { since, until, zone: 'UTC' },
          );
          const before = stateAt(Math.max(since.getTime(), addedAt));
          const wasTracked = addedAt <= since.getTime();
          const last = (what: string) =>
            changes.findLast(
              (c) => c.what === what && c.at > Math.max(since.getTime(), addedAt) && c.at <= until.getTime(),
            );
          const isOpen = now.category !== 'done';
          const isStale = (time: number) => time - updatedAt(time) >= 14 * DAY && stateAt(time).category !== 'done';
          const isNobodys = (s: State) => s.assignee === undefined && s.category !== 'done';
          const isBlocked = (s: State) => s.status === 'Blocked';
          const expected: Record<DigestEvent, boolean> = {
            done: !isOpen && before.category !== 'done' && !last('status')?.byMaro,
            reopened: isOpen && before.category === 'done' && !last('status')?.byMaro,
            blocked: isBlocked(now) && !isBlocked(before) && !last('status')?.byMaro,
            new: !wasTracked && byWorkflow,
            left: false,
            // An issue that somebody has updated meanwhile is stale anew.
            stale:
              isStale(until.getTime()) &&
              !(wasTracked && isStale(since.getTime()) && updatedAt(until.getTime()) <= since.getTime()),
            unassigned:
              isNobodys(now) && !(wasTracked && isNobodys(stateAt(since.getTime()))) && !last('assignee')?.byMaro,
            overdue: false,
          };
          assert.deepEqual(
            told.map(({ event }) => event),
            DIGEST_EVENTS.filter((event) => expected[event]),
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('tell each change once, even if more is stored while they are read', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 10 }), fc.nat(10), (targets, cut) => {
        let [status, category] = STATUSES[0] ?? assert.fail();
        const changes: DigestChange[] = [];
        for (const [n, target] of targets.entries()) {
          changes.push(moved(status, category, n + 1));
          [status, category] = STATUSES[target] ?? assert.fail();
        }
        const whole = issue({ status, category, changes, updatedAt: at(20) });
        const told = (since: number, until: number) =>
          digestOf([whole], { since: at(since), until: at(until), zone: 'UTC' }).map(({ event }) => event);
        const wasDone = (time: number) =>
          (changes.find((change) => change.recordedAt > at(time))?.fromCategory ?? category) === 'done';
        assert.equal(told(0, cut).includes('done'), wasDone(cut) && !wasDone(0));
        assert.equal(told(cut, 11).includes('done'), wasDone(11) && !wasDone(cut));
      }),
    );
  });
});
