import { readFile } from 'node:fs/promises';
import { programSchema } from '../database/migrate.ts';
import { DatabaseTrouble } from '../database/trouble.ts';
import type { JiraCheckup } from '../jira/checkup.ts';
import type { Services } from '../services.ts';
import type { Granted, SlackClient } from '../slack/client.ts';
import type { Checkup, Server } from '../tracker/checkup.ts';

/** What the doctor knows of Slack, Jira, and the database. */
export type Facts = {
  slack: Granted;
  /** The bot's scopes in manifest.json, and those of them that are optional. */
  manifest: { scopes: readonly string[]; optional: readonly string[] };
  jira: JiraCheckup;
  database: DatabaseFacts;
};

/** `tables`: undefined if the schema of the database is not the program's, or Slack does not tell the installation. */
export type DatabaseFacts =
  | {
      state: 'answers';
      server: Server;
      /** How many milliseconds the database's clock is ahead of this process's. */
      aheadMs: number;
      schema: { database: number | undefined; program: number };
      tables: Checkup | undefined;
    }
  | { state: 'trouble'; code: string | undefined };

type Deps = { slack: Pick<SlackClient, 'granted'>; services: Pick<Services, 'jira' | 'tracker'> };

/** Asks Slack, Jira, and the database how they do. Nothing is changed. Never throws for a problem of theirs. */
export async function gather({ slack, services }: Deps): Promise<Facts> {
  const asking = slack.granted();
  const [granted, manifest, jira, database] = await Promise.all([
    asking,
    readScopes(),
    services.jira.checkup(),
    gatherTables(asking, services),
  ]);
  return { slack: granted, manifest, jira, database };
}

async function gatherTables(asking: Promise<Granted>, { tracker }: Deps['services']): Promise<DatabaseFacts> {
  try {
    const sentAt = Date.now();
    const server = await tracker.server();
    const aheadMs = server.at.getTime() - (sentAt + Date.now()) / 2;
    const schema = { database: await tracker.schema(), program: await programSchema() };
    const granted = await asking;
    const isReadable = schema.database === schema.program && 'tenant' in granted;
    const tables = isReadable ? await tracker.checkup({ tenant: granted.tenant }) : undefined;
    return { state: 'answers', server, aheadMs, schema, tables };
  } catch (error) {
    if (error instanceof DatabaseTrouble) return { state: 'trouble', code: error.code };
    throw error;
  }
}

const MANIFEST = new URL('../../manifest.json', import.meta.url);

async function readScopes(): Promise<Facts['manifest']> {
  const manifest = JSON.parse(await readFile(MANIFEST, 'utf8')) as {
    oauth_config: { scopes: { bot: string[]; bot_optional: string[] } };
  };
  const { bot, bot_optional } = manifest.oauth_config.scopes;
  return { scopes: bot, optional: bot_optional };
}
