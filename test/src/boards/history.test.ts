import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, test } from 'node:test';
import fc from 'fast-check';
import { showBoard } from '../../../src/boards/show.ts';
import { type BoardDeps, writeBoard } from '../../../src/boards/write.ts';
import type { Tracker } from '../../../src/tracker/index.ts';
import { type World, words, world } from '../../maro.ts';
import { rows } from '../../rows.ts';
import { issue, knowledge, tracking } from '../tracker/example.ts';
import { boardDeps, drawAll } from './world.ts';

const tenant = 'T0ACME';
const NUMBERS = [1, 2, 3];
const CHANNELS = ['C1', 'C2'];

const act = fc.oneof(
  ...(['track', 'untrack', 'move', 'rename', 'comment', 'hide', 'draw', 'interrupt'] as const).map((kind) =>
    fc.record({
      kind: fc.constant(kind),
      n: fc.constantFrom(...NUMBERS),
      channel: fc.constantFrom(...CHANNELS),
    }),
  ),
  fc.record({ kind: fc.constant('undo' as const), n: fc.constant(0), channel: fc.constantFrom(...CHANNELS) }),
);

describe('the boards after any history', () => {
  let w: World;
  let deps: BoardDeps;
  let tracker: Tracker;
  before(async () => {
    w = await world();
    deps = await boardDeps(w);
    tracker = deps.services.tracker;
    for (const channel of CHANNELS) await showBoard({ channel, user: undefined }, deps);
  });
  let updated = Date.now();
  const untracked = new Map<string, string>();

  async function perform({ kind, n, channel }: { kind: string; n: number; channel: string }): Promise<void> {
    updated += 1_000;
    const at = new Date(updated);
    switch (kind) {
      case 'track':
        await tracker.track(tracking([issue(n, { updatedAt: at })], { tenant, channel, operation: randomUUID() }));
        break;
      case 'untrack': {
        const operation = randomUUID();
        await tracker.untrack({ tenant, channel, which: { keys: [`PLAT-${n}`] }, operation });
        untracked.set(channel, operation);
        break;
      }
      case 'undo':
        await tracker.restore({
          ...{ tenant, channel, operation: randomUUID() },
          untrackedIn: untracked.get(channel) ?? '',
        });
        break;
      case 'move':
        await tracker.update(
          knowledge([issue(n, { category: 'done', status: `Done ${updated}`, updatedAt: at })], { tenant }),
        );
        break;
      case 'rename':
        await tracker.update(knowledge([issue(n, { summary: `Summary ${updated}`, updatedAt: at })], { tenant }));
        break;
      case 'hide':
        await tracker.update(knowledge([], { tenant, gone: [issue(n).id] }));
        break;
      case 'comment': {
        const change = {
          ...{ issueId: issue(n).id, id: randomUUID(), what: 'comment' as const, at: new Date(), author: undefined },
          ...{ from: undefined, to: undefined, fromCategory: undefined, toCategory: undefined, byMaro: false },
        };
        await tracker.update(knowledge([], { tenant, changes: [change], from: { kind: 'history' } }));
        break;
      }
      case 'interrupt': {
        // A process takes a board, and dies. Its time passes.
        await tracker.nextBoard({ tenant, holder: randomUUID() });
        await rows(w.databaseUrl, "update boards set held_until = now() - interval '1 second'");
        break;
      }
      default:
        await drawAll(w, deps);
    }
  }

  /** What a board shows. */
  const shown = (channel: string) => {
    const boards = w.slack.everything().filter((each) => each.channel === channel);
    assert.equal(boards.length, 1, 'one board a channel');
    return words(boards[0]).replace(/Updated from Jira .*/, '');
  };

  test('are what they would be if they were drawn anew, and there is one a channel', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 3, maxLength: 25 }), async (acts) => {
        for (const each of acts) await perform(each);
        await drawAll(w, deps);
        const drawn = CHANNELS.map(shown);
        for (const channel of CHANNELS) {
          const taken = await tracker.takeBoard({ tenant, channel, holder: randomUUID(), state: 'shown' });
          assert.ok(taken !== 'busy');
          await writeBoard({ ...taken.board, content: undefined }, deps);
        }
        assert.deepEqual(CHANNELS.map(shown), drawn);
      }),
      { numRuns: 40 },
    );
  });

  test('miss nothing of two things that happen at once', async () => {
    for (let n = 0; n < 20; n++) {
      await Promise.all([
        perform({ kind: 'track', n: 1, channel: 'C1' }),
        perform({ kind: 'rename', n: 1, channel: 'C1' }),
        drawAll(w, deps),
        perform({ kind: 'move', n: 2, channel: 'C2' }),
        perform({ kind: 'track', n: 2, channel: 'C2' }),
      ]);
    }
    await drawAll(w, deps);
    const [{ waiting } = { waiting: -1 }] = await rows(
      w.databaseUrl,
      'select count(*)::int as waiting from boards where wanted_at is not null',
    );
    assert.equal(waiting, 0);
    for (const channel of CHANNELS) {
      const { issues } = await tracker.list({ tenant, channel, category: undefined, limit: 9, offset: 0 });
      for (const { summary, category } of issues.filter(({ category }) => category !== 'done')) {
        const [board] = w.slack.everything().filter((each) => each.channel === channel);
        assert.ok(board?.text.includes(summary), `${summary} (${category})`);
      }
    }
  });
});
