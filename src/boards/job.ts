import { randomUUID } from 'node:crypto';
import { type BoardDeps, writeBoard } from './write.ts';

/** When the next job takes a board to whose edit Slack did not answer. */
const AGAIN_SECONDS = 30;
/** When the next job takes a board that this one has drawn already. */
const SOON_SECONDS = 2;
/** How long one job draws boards. The next one goes on. */
const MOST_MS = 45_000;

/**
 * Draws the boards that show less than Maro knows, one after the other. When Slack asks Maro to wait, another job goes on
 * after that time.
 * @throws {DatabaseTrouble}
 */
export async function drawBoards(deps: BoardDeps): Promise<void> {
  const { tenant, services } = deps;
  const until = performance.now() + MOST_MS;
  const drawn = new Set<string>();
  while (performance.now() < until) {
    const board = await services.tracker.nextBoard({ tenant, holder: randomUUID() });
    if (board === undefined) return;
    const { channel, holder } = board;
    if (drawn.has(channel)) {
      // It changed meanwhile. Others come first, and no job draws one board for ever.
      await services.tracker.releaseBoard({ tenant, channel, holder, afterSeconds: SOON_SECONDS, isUnposted: false });
      await services.tracker.queueBoards({ tenant, afterSeconds: SOON_SECONDS });
      continue;
    }
    drawn.add(channel);
    const written = await writeBoard(board, deps);
    if (written.state === 'unsure') await services.tracker.queueBoards({ tenant, afterSeconds: AGAIN_SECONDS });
    if (written.state === 'slow') return services.tracker.queueBoards({ tenant, afterSeconds: written.ms / 1000 });
  }
  await services.tracker.queueBoards({ tenant, afterSeconds: 0 });
}
