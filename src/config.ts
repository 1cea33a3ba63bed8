import { type DatabaseUrl, DatabaseUrlError, readDatabaseUrl } from './database-url.ts';
import { addressOf, parseProjectKey } from './key.ts';

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
const EXAMPLE_DATABASE_URL = 'postgres://user:password@host:5432/name';

/** The placeholders in .env.sample. A variable that still has its placeholder counts as missing, not as malformed. */
const PLACEHOLDERS: Record<string, string> = {
  SLACK_BOT_TOKEN: 'xoxb-',
  SLACK_APP_TOKEN: 'xapp-',
  JIRA_HOST: 'https://your-site.atlassian.net',
};

export type Config = {
  slack: {
    botToken: string;
    /** The base URL of Slack's Web API. Always ends in a slash. */
    apiUrl: string;
    /** How Slack delivers events: over a socket that Maro opens, or as signed requests to `POST /slack/events`. */
    transport: { mode: 'socket'; appToken: string } | { mode: 'http'; signingSecret: string };
  };
  jira: {
    /** The address of the site, or of Atlassian's gateway with the site's cloud id. Never ends in a slash. */
    host: string;
    /** The site's cloud id, of JIRA_CLOUD_ID or of the gateway's address. */
    cloudId: string | undefined;
    email: string;
    apiToken: string;
    /** Keys of the projects that Maro may use. Empty: every project that its login can see. */
    projects: string[];
    /** The secrets with which Jira may sign its webhooks: one, or two while a secret is replaced. Empty: Maro takes no webhooks. */
    webhookSecrets: string[];
  };
  /** `directUrl` bypasses a connection pooler, if there is one, because migrations and jobs need sessions of their own. */
  database: { url: DatabaseUrl; directUrl: DatabaseUrl };
  /** The port of the HTTP server. Undefined in Socket Mode without PORT and webhooks: Maro then starts no HTTP server. */
  port: number | undefined;
  logLevel: (typeof LOG_LEVELS)[number];
};

/**
 * The environment has missing or malformed variables. `problems` has one
 * sentence per problem, and never the value of a secret.
 */
export class ConfigError extends Error {
  override name = 'ConfigError';
  readonly problems: readonly string[];
  constructor(problems: readonly string[]) {
    super(`Maro did not start. Fix these environment variables:\n${problems.map((p) => `- ${p}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Reads the configuration from environment variables.
 * @throws {ConfigError} that lists everything that is missing or malformed.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const value = (name: string) => {
    const text = env[name]?.trim() || undefined;
    return text?.replace(/\/$/, '') === PLACEHOLDERS[name] ? undefined : text;
  };

  function required(name: string, why: string, fits: (text: string) => boolean = () => true): string {
    const text = value(name);
    if (text === undefined) problems.push(`${name} is missing: ${why}.`);
    else if (!fits(text)) problems.push(`${name} is malformed: it should be ${why}.`);
    return text ?? '';
  }

  const botToken = required('SLACK_BOT_TOKEN', "the bot's token, which begins with xoxb-", (t) =>
    t.startsWith('xoxb-'),
  );
  const config: Config = {
    slack: {
      botToken,
      apiUrl: slackApiUrl(value('SLACK_API_URL'), problems),
      transport: transport(value('SLACK_APP_TOKEN'), value('SLACK_SIGNING_SECRET'), problems),
    },
    jira: {
      host: jiraHost(value('JIRA_HOST'), problems),
      cloudId: cloudId(value('JIRA_CLOUD_ID'), value('JIRA_HOST'), problems),
      email: required('JIRA_EMAIL', 'the email address of the Jira account that Maro uses', (t) =>
        /^[^\s@:]+@[^\s@:]+$/.test(t),
      ),
      apiToken: required('JIRA_API_TOKEN', 'an API token of that Jira account'),
      projects: jiraProjects(value('JIRA_PROJECTS'), problems),
      webhookSecrets: webhookSecrets(value('JIRA_WEBHOOK_SECRET'), problems),
    },
    database: database(value('DATABASE_URL'), value('DATABASE_DIRECT_URL'), problems),
    port: port(value('PORT'), problems),
    logLevel: logLevel(value('LOG_LEVEL'), problems),
  };
  if (problems.length > 0) throw new ConfigError(problems);
  const needsPort = config.slack.transport.mode === 'http' || config.jira.webhookSecrets.length > 0;
  if (needsPort) config.port ??= 3000;
  return config;
}

function transport(
  appToken: string | undefined,
  signingSecret: string | undefined,
  problems: string[],
): Config['slack']['transport'] {
  if (appToken !== undefined) {
    if (!appToken.startsWith('xapp-')) {
      problems.push('SLACK_APP_TOKEN is malformed: it should be an app-level token, which begins with xapp-.');
    }
    return { mode: 'socket', appToken };
  }
  if (signingSecret === undefined) {
    problems.push(
      'SLACK_APP_TOKEN or SLACK_SIGNING_SECRET is missing: the first (xapp-…) is for Socket Mode, the second for HTTP.',
    );
  }
  return { mode: 'http', signingSecret: signingSecret ?? '' };
}

function slackApiUrl(text: string | undefined, problems: string[]): string {
  const url = new URL('https://slack.com/api/');
  if (text === undefined) return url.href;
  const given = address(text);
  if (given === undefined) {
    problems.push("SLACK_API_URL is malformed: it should be an address like Slack's own, https://slack.com/api/.");
    return url.href;
  }
  return `${addressOf(given)}/`;
}

function jiraHost(text: string | undefined, problems: string[]): string {
  const meant =
    'the address of your site, like https://acme.atlassian.net, or https://api.atlassian.com/ex/jira/ and your cloud id for a scoped token';
  if (text === undefined) {
    problems.push(`JIRA_HOST is missing: ${meant}.`);
    return '';
  }
  const url = address(text);
  if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '') {
    problems.push(`JIRA_HOST is malformed: it should be ${meant}.`);
    return '';
  }
  return addressOf(url);
}

/**
 * The site's cloud id: the one in `text`, or the one in the gateway's address.
 * https://support.atlassian.com/jira/kb/retrieve-my-atlassian-sites-cloud-id/
 */
function cloudId(text: string | undefined, host: string | undefined, problems: string[]): string | undefined {
  const url = URL.parse(host ?? '');
  const [, atGateway] = /\/ex\/jira\/([^/]+)$/.exec(url === null ? '' : addressOf(url)) ?? [];
  const given = text?.toLowerCase();
  if (given !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(given)) {
    problems.push(
      "JIRA_CLOUD_ID is malformed: it should be your site's cloud id, like 11223344-a1b2-4c33-8444-def123456789.",
    );
  } else if (given !== undefined && atGateway !== undefined && given !== atGateway.toLowerCase()) {
    problems.push('JIRA_CLOUD_ID and JIRA_HOST have different cloud ids: leave JIRA_CLOUD_ID out, or fix one of them.');
  }
  return given ?? atGateway?.toLowerCase();
}

/**
 * The URL in `text`, if it is https, or http on this machine. Otherwise
 * undefined, because tokens must not travel unencrypted.
 */
function address(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null) return undefined;
  const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback) ? url : undefined;
}

function jiraProjects(text: string | undefined, problems: string[]): string[] {
  const keys = (text ?? '').split(/[\s,]+/).filter((key) => key !== '');
  const wrong = keys.filter((key) => parseProjectKey(key) === undefined);
  if (wrong.length > 0) {
    problems.push('JIRA_PROJECTS is malformed: it should be project keys, separated by commas, like PLAT,SHOP.');
  }
  return keys.map((key) => key.toUpperCase());
}

/** A secret that is easily guessed lets anybody write into the lists. */
const SHORTEST_SECRET = 16;

function webhookSecrets(text: string | undefined, problems: string[]): string[] {
  const secrets = (text ?? '').split(/[\s,]+/).filter((secret) => secret !== '');
  if (secrets.length > 2 || secrets.some((secret) => secret.length < SHORTEST_SECRET)) {
    problems.push(
      `JIRA_WEBHOOK_SECRET is malformed: it should be a secret of at least ${SHORTEST_SECRET} characters, or two, separated by a comma, while you replace one.`,
    );
  }
  return secrets;
}

function database(text: string | undefined, directText: string | undefined, problems: string[]): Config['database'] {
  if (text === undefined) {
    problems.push(`DATABASE_URL is missing: a PostgreSQL address, ${EXAMPLE_DATABASE_URL}.`);
  }
  const url = databaseUrl('DATABASE_URL', text ?? EXAMPLE_DATABASE_URL, problems);
  return {
    url,
    directUrl: directText === undefined ? url : databaseUrl('DATABASE_DIRECT_URL', directText, problems),
  };
}

function databaseUrl(name: string, text: string, problems: string[]): DatabaseUrl {
  try {
    return readDatabaseUrl(text);
  } catch (error) {
    if (!(error instanceof DatabaseUrlError)) throw error;
    problems.push(`${name} ${error.message}.`);
    return readDatabaseUrl(EXAMPLE_DATABASE_URL);
  }
}

function port(text: string | undefined, problems: string[]): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) {
    problems.push('PORT is malformed: it should be a number from 0 to 65535.');
  }
  return number;
}

function logLevel(text: string | undefined, problems: string[]): Config['logLevel'] {
  const level = LOG_LEVELS.find((l) => l === (text ?? 'info').toLowerCase());
  if (level === undefined) problems.push(`LOG_LEVEL is malformed: it should be one of ${LOG_LEVELS.join(', ')}.`);
  return level ?? 'info';
}
