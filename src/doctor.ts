import { ConfigError, readConfig } from './config.ts';
import { openDatabase } from './database/pool.ts';
import { gather } from './doctor/facts.ts';
import type { Finding } from './doctor/finding.ts';
import { findingsIn } from './doctor/findings.ts';
import { createJira } from './jira/client.ts';
import { createLog } from './log.ts';
import { createSlackClient } from './slack/client.ts';
import { createTracker } from './tracker/index.ts';

/** Says how Maro does, for operators: see "npm run doctor" in docs/operate.md. Reads the environment, and changes nothing. */
async function main(): Promise<void> {
  const config = readConfig(process.env);
  // What fails is in the findings.
  const log = createLog('silent');
  const database = openDatabase(config.database.url);
  const services = { tracker: createTracker(database), jira: createJira(config.jira, log) };
  const findings = findingsIn(await gather({ slack: createSlackClient(config.slack, log), services }));
  await database.close();
  console.log(findings.map(lineOf).join('\n'));
  process.exitCode = findings.some(({ state }) => state === 'wrong') ? 1 : 0;
}

const STATE_WIDTH = 7;
const TOPIC_WIDTH = 19;

function lineOf(finding: Finding): string {
  const { state, topic, says, detail } = finding;
  const facts = detail ? ` (${detail})` : '';
  const what = state === 'ok' ? '' : ` Code ${finding.code}. ${finding.advice}.`;
  return `${state.padEnd(STATE_WIDTH)}${topic.padEnd(TOPIC_WIDTH)}${says}${facts}.${what}`;
}

main().catch((error: unknown) => {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exit(1);
});
