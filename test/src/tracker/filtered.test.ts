import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { type Filter, NO_FILTER, typeWord } from '../../../src/filter.ts';
import type { Issue, StatusCategory } from '../../../src/issue.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { issue, knowledge, makeDatabase, open, tracking } from './example.ts';

const DAY = 86_400_000;
const PEOPLE = [undefined, ['Ada Park', 'a1'], ['Adam Ray', 'a2'], ['Nevada Ek', 'a3']] as const;
const TYPES = ['Bug', 'Sub-task', 'Subtask', 'Change Request', undefined];
const SUMMARIES = ['Log in fails', 'The login page', 'LOGIN 100% slow_er', 'O\'Neil \\ "x"'];

const anIssue = fc.record({
  person: fc.constantFrom(...PEOPLE),
  type: fc.constantFrom(...TYPES),
  summary: fc.constantFrom(...SUMMARIES),
  category: fc.constantFrom<StatusCategory[]>('new', 'indeterminate', 'done'),
  updatedDaysAgo: fc.option(fc.constantFrom(0, 13, 15, 400), { nil: undefined }),
  project: fc.constantFrom('PLAT', 'SHOP'),
  isGone: fc.boolean(),
});
const aFilter: fc.Arbitrary<Filter> = fc.record({
  assignee: fc.constantFrom<Filter['assignee'][]>(
    undefined,
    { kind: 'person', user: 'U1' },
    { kind: 'name', name: 'ada' },
    { kind: 'name', name: 'Ek' },
    { kind: 'nobody' },
  ),
  type: fc.constantFrom(undefined, 'bug', 'Sub-Task', 'change request'),
  staleDays: fc.constantFrom(undefined, 14),
  phrases: fc.subarray(['log', 'login', '100%', 'slow_er', 'SLOW.ER', "o'neil \\"]),
});

describe('a list with a filter', () => {
  let tracker: Tracker;
  before(async () => {
    tracker = await open(await makeDatabase());
  });

  const facts = (of: typeof anIssue extends fc.Arbitrary<infer Made> ? Made : never, n: number): Issue =>
    issue(n, {
      ...{ key: `${of.project}-${n}`, summary: of.summary, type: of.type, category: of.category },
      ...{ assignee: of.person?.[0], assigneeId: of.person?.[1] },
      updatedAt: of.updatedDaysAgo === undefined ? undefined : new Date(Date.now() - of.updatedDaysAgo * DAY),
    });

  function passes(it: Issue, { assignee, type, staleDays, phrases }: Filter): boolean {
    const isTheirs = {
      person: () => it.assigneeId === 'a1',
      name: (name: string) => (it.assignee?.toLowerCase().split(' ') ?? []).some((word) => word.startsWith(name)),
      nobody: () => it.assignee === undefined,
    };
    return (
      (assignee === undefined ||
        isTheirs[assignee.kind](assignee.kind === 'name' ? assignee.name.toLowerCase() : '')) &&
      (type === undefined || typeWord(it.type ?? '') === typeWord(type)) &&
      (staleDays === undefined ||
        (it.category !== 'done' &&
          it.updatedAt !== undefined &&
          it.updatedAt.getTime() <= Date.now() - staleDays * DAY)) &&
      phrases.every((phrase) => it.summary.toLowerCase().includes(phrase.toLowerCase()))
    );
  }

  test('has the issues, in the order of the list, that a look at each of them finds; and untracks the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anIssue, { maxLength: 12 }),
        aFilter,
        fc.option(fc.constantFrom<StatusCategory[]>('new', 'indeterminate', 'done'), { nil: undefined }),
        async (made, filter, category) => {
          const tenant = randomUUID();
          const all = made.map((each, n) => facts(each, n + 1));
          if (all.length > 0) await tracker.track(tracking(all, { tenant }));
          const gone = all.filter((_, n) => made[n]?.isGone).map(({ id }) => id);
          await tracker.update(knowledge([], { tenant, gone }));
          const matching = { filter, account: 'a1', projects: ['PLAT'] };
          const expected = all.filter((it) => passes(it, filter) && !gone.includes(it.id) && it.key.startsWith('PLAT'));
          const inCategory = expected.filter((it) => category === undefined || it.category === category);
          const listing = { tenant, channel: 'C1', category, limit: 100, offset: 0 };
          const shown = await tracker.filtered({ ...listing, matching });
          assert.equal(shown.total, all.length);
          const count = (of: StatusCategory) => expected.filter((it) => it.category === of).length;
          assert.deepEqual(shown.counts, {
            new: count('new'),
            indeterminate: count('indeterminate'),
            done: count('done'),
          });
          const whole = (await tracker.list(listing)).issues.map(({ key }) => key);
          const keys = inCategory.map(({ key }) => key);
          assert.deepEqual(
            shown.issues.map(({ key }) => key),
            whole.filter((key) => keys.includes(key)),
          );
          const page = await tracker.filtered({ ...listing, matching, limit: 2, offset: 1 });
          assert.deepEqual(
            page.issues.map(({ key }) => key),
            shown.issues.slice(1, 3).map(({ key }) => key),
          );
          const which = { category, matching };
          const operation = randomUUID();
          const untracked = await tracker.untrack({ tenant, channel: 'C1', which, operation });
          assert.deepEqual(
            untracked.map(({ key }) => key),
            keys.toSorted(),
          );
          const again = await tracker.untrack({ tenant, channel: 'C1', which, operation });
          assert.deepEqual(again, untracked);
          await tracker.restore({ tenant, channel: 'C1', untrackedIn: operation, operation: randomUUID() });
          assert.deepEqual(
            (await tracker.list(listing)).issues.map(({ key }) => key),
            whole,
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  test('matches nobody’s issues if the account of the person is not known', async () => {
    const tenant = randomUUID();
    await tracker.track(tracking([issue(1, { assignee: undefined })], { tenant }));
    const matching = {
      ...{ filter: { ...NO_FILTER, assignee: { kind: 'person' as const, user: 'U1' } } },
      ...{ account: undefined, projects: [] },
    };
    const listing = { tenant, channel: 'C1', category: undefined, limit: 9, offset: 0 };
    assert.deepEqual((await tracker.filtered({ ...listing, matching })).issues, []);
  });
});
