import type { Client } from './api.ts';
import { createTransport, type JiraAnswer, type JiraRequest } from './transport.ts';
import { JiraTrouble } from './trouble.ts';

/** How long Jira is waited for, in milliseconds; what is left out is as usual. */
export type JiraPatience = {
  /** For the answer to one call, body included. */
  deadlineMs?: number;
  /** When to look for what a create that got no answer came to, counted from the create. */
  looksAfterMs?: readonly number[];
};

export type JiraOptions = JiraPatience & {
  /** The site, or Atlassian's gateway with the site's cloud id, which scoped tokens need. */
  host: string;
  email: string;
  apiToken: string;
  /** Project keys that may be shown and created in; empty: every project that the login can see. */
  projects: readonly string[];
};

/** What is logged of Jira: outcomes, never its text. */
export type JiraLog = { warn(fields: object, message: string): void; error(fields: object, message: string): void };

/** The way to one Jira site, for everything that is asked of it. */
export type Connection = {
  /**
   * Asks Jira, once, by a function of jira.js that gets the client: its status and body, still to be parsed, whatever type that
   * function promises. @throws {JiraTrouble}
   */
  ask(question: (client: Client) => Promise<unknown>): Promise<JiraAnswer>;
  /** The trouble of an answer that does not parse, which is logged. */
  unreadable(): JiraTrouble;
  /** The site's address, from Jira itself. Read once. @throws {JiraTrouble} */
  site(): Promise<string>;
  /** Whether JIRA_PROJECTS lets the project with this key be shown. */
  allows(project: string): boolean;
  /** JIRA_PROJECTS; empty: every project. */
  projects: readonly string[];
};

/** Makes no call until it is asked. */
export function connect(config: JiraOptions, log: JiraLog): Connection {
  const transport = createTransport(config);
  let loginRefused = false;
  let known: Promise<string> | undefined;

  const client: Client = { sendRequest: async <T>(request: JiraRequest) => (await send(request)) as T };

  async function send(request: JiraRequest): Promise<JiraAnswer> {
    try {
      const answer = await transport.send(request);
      loginRefused = false;
      return answer;
    } catch (error) {
      if (error instanceof JiraTrouble) note(error);
      throw error;
    }
  }

  /** A refused login stays refused until somebody acts, so it is said once and not with every command. */
  function note({ kind }: JiraTrouble): void {
    if (kind !== 'login_refused') log.warn({ trouble: kind }, 'Jira could not be asked');
    else if (!loginRefused) log.error({ trouble: kind }, "Jira refused Maro's login: check JIRA_EMAIL and its token");
    loginRefused ||= kind === 'login_refused';
  }

  const connection: Connection = {
    async ask(question) {
      return (await question(client)) as JiraAnswer;
    },

    unreadable() {
      const trouble = new JiraTrouble('unreadable');
      note(trouble);
      return trouble;
    },

    site() {
      known ??= readSite(connection).catch((error) => {
        known = undefined;
        throw error;
      });
      return known;
    },

    allows: (project) => config.projects.length === 0 || config.projects.includes(project),
    projects: config.projects,
  };
  return connection;
}

async function readSite({ ask, unreadable }: Connection): Promise<string> {
  // What needs zod and jira.js is imported with the first question and not with the program: both take long to load.
  const [{ parseSite }, { getServerInfo }] = await Promise.all([import('./answer.ts'), import('./api.ts')]);
  const { json } = await ask((client) => getServerInfo(client));
  const site = parseSite(json);
  if (site === undefined) throw unreadable();
  return site;
}
