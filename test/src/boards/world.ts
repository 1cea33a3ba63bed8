import { drawBoards } from '../../../src/boards/job.ts';
import type { BoardDeps } from '../../../src/boards/write.ts';
import { readConfig } from '../../../src/config.ts';
import { openDatabase } from '../../../src/database/pool.ts';
import { createJira } from '../../../src/jira/client.ts';
import { createLog } from '../../../src/log.ts';
import { createSlackClient } from '../../../src/slack/client.ts';
import { createTracker } from '../../../src/tracker/index.ts';
import { cleanup } from '../../cleanup.ts';
import type { World } from '../../maro.ts';
import { rows } from '../../rows.ts';

/** What a process has to draw the boards of a world with, beside a Maro that runs no jobs. */
export async function boardDeps(w: World): Promise<BoardDeps> {
  const config = readConfig(w.env);
  const log = createLog('info', { write: () => {} });
  const slack = createSlackClient(config.slack, log);
  const { tenant } = await slack.installation();
  const database = openDatabase(config.database.url);
  cleanup(() => database.close());
  const tracker = createTracker(database);
  const jira = createJira(config.jira, log, (site) => tracker.rememberSite({ tenant, ...site }));
  return { tenant, services: { slack, tracker, jira, log } };
}

/** Draws all boards that wait, as the job does, and lets those go on that rest. */
export async function drawAll(w: World, deps: BoardDeps): Promise<void> {
  await rows(w.databaseUrl, 'update boards set not_before = null where not_before is not null');
  await drawBoards(deps);
}
