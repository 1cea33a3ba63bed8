import { randomUUID } from 'node:crypto';
import type { Jira } from '../../../sandbox/jira/index.ts';
import type { SyncDeps } from '../../../src/issues/sync.ts';
import { createJira } from '../../../src/jira/client.ts';
import { createLog } from '../../../src/log.ts';
import type { Tracker } from '../../../src/tracker/index.ts';

/** An installation of its own, which knows nothing yet, and the lines of its log. */
export function makeInstallation(
  jira: Jira,
  tracker: Tracker,
  { projects = [] as string[], apiToken = jira.apiToken } = {},
): { deps: SyncDeps; logged: string[] } {
  const tenant = `T-${randomUUID()}`;
  const logged: string[] = [];
  const log = createLog('info', { write: (line: string) => void logged.push(line) });
  const { url: host, email } = jira;
  const client = createJira({ host, email, apiToken, projects }, log, (site) =>
    tracker.rememberSite({ tenant, ...site }),
  );
  return { deps: { tenant, services: { jira: client, tracker, log } }, logged };
}
