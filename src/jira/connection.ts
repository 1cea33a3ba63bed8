import { defined } from '../defined.ts';
import type { ReportedSite } from '../site.ts';
import type { Client } from './api.ts';
import { scopeOf } from './scope.ts';
import { createSite, isGateway, type RememberSite, type SiteAges } from './site.ts';
import { createTransport, endpointOf, type JiraRequest, type JiraResponse, type RateLimit } from './transport.ts';
import { JiraTrouble } from './trouble.ts';

/** How long Maro waits for Jira, in milliseconds. A value that is left out has its default. */
export type JiraPatience = {
  /** The deadline for one call, including the body of the answer. */
  deadlineMs?: number;
  /** When to look for the issue after a create call that got no answer, counted from the call. */
  looksAfterMs?: readonly number[];
  /** When to ask for the progress of a change of several issues, in milliseconds after Maro starts to wait. */
  tasksAfterMs?: readonly number[];
  /** When to read again which addresses the site has. */
  siteAgesMs?: SiteAges;
};

export type JiraOptions = JiraPatience & {
  /** The address of the site, or of Atlassian's gateway with the site's cloud id, which scoped tokens need. */
  host: string;
  /** Atlassian's id of the site, if it is known. */
  cloudId?: string | undefined;
  email: string;
  apiToken: string;
  /** Keys of the projects that Maro may show and create issues in. Empty: every project that the login can see. */
  projects: readonly string[];
};

/** The log for calls to Jira. It gets the kind of a failure, never text from Jira. */
export type JiraLog = { warn(fields: object, message: string): void; error(fields: object, message: string): void };

/** The connection to one Jira site, through which every call goes. */
export type Connection = {
  /**
   * Calls Jira through `question`, which gets the client and calls one function of jira.js. Whatever type that function
   * declares, the result is the status and the JSON body, not yet validated.
   * @throws {JiraTrouble}
   */
  ask(question: (client: Client) => Promise<unknown>): Promise<JiraResponse>;
  /** The same for large answers that nobody waits for: a call may take 20 seconds. @throws {JiraTrouble} */
  askPatiently(question: (client: Client) => Promise<unknown>): Promise<JiraResponse>;
  /** The error for an answer from Jira that Maro cannot parse. Creating it also logs it. */
  unreadable(): JiraTrouble;
  /** The last time that Jira asked this process to slow down; undefined if it has not. */
  rateLimit(): RateLimit | undefined;
  /** The site, with the address that it has now and all that it has had. See `createSite`. */
  site: ReturnType<typeof createSite>;
  /** Whether JIRA_PROJECTS allows Maro to use the project with this key. */
  allows(project: string): boolean;
  /** The project keys in JIRA_PROJECTS. Empty: every project. */
  projects: readonly string[];
};

const UNREADABLE = "Maro cannot read Jira's answer: check JIRA_HOST and any proxy in between";
const FORBIDDEN = 'Jira does not allow this request: check the scopes of the token and the permissions of its account';

/** Sets up the connection. Calls Jira only when something is asked. */
export function connect(config: JiraOptions, log: JiraLog, remember: RememberSite): Connection {
  const transport = createTransport({
    ...config,
    onRenamed: (host) => log.warn({ host }, 'Jira redirects to another address of the site: set JIRA_HOST to it'),
  });
  let loginRefused = false;

  const client: Client = { sendRequest: async <T>(request: JiraRequest) => (await send(request)) as T };
  const patient: Client = {
    sendRequest: async <T>(request: JiraRequest) => (await send(request, { patient: true })) as T,
  };

  async function send(request: JiraRequest, how?: { patient: boolean }): Promise<JiraResponse> {
    const startedAt = performance.now();
    try {
      const response = await transport.send(request, how);
      loginRefused = false;
      return response;
    } catch (error) {
      const durationMs = Math.round(performance.now() - startedAt);
      if (error instanceof JiraTrouble)
        note(error, { endpoint: endpointOf(request), scope: scopeOf(request), durationMs });
      throw error;
    }
  }

  /**
   * Logs the trouble. A refused login is logged once, not on every call, because it stays refused until an operator acts.
   * `scope` is the one that a scoped token needs for the request. `durationMs` includes pauses and retries.
   */
  function note(
    { kind, status }: JiraTrouble,
    { scope, ...request }: { endpoint?: string; scope?: string; durationMs?: number } = {},
  ): void {
    const facts = { trouble: kind, ...defined({ status }), ...request };
    if (kind === 'forbidden') log.warn({ ...facts, ...defined({ scope }) }, FORBIDDEN);
    else if (kind === 'unreadable') log.warn(facts, UNREADABLE);
    else if (kind !== 'login_refused') log.warn(facts, 'a call to Jira failed');
    else if (!loginRefused) log.error(facts, "Jira refused Maro's login: check JIRA_EMAIL and its token");
    loginRefused ||= kind === 'login_refused';
  }

  const asking: Pick<Connection, 'ask' | 'askPatiently' | 'unreadable'> = {
    async ask(question) {
      return (await question(client)) as JiraResponse;
    },

    async askPatiently(question) {
      return (await question(patient)) as JiraResponse;
    },

    unreadable() {
      const trouble = new JiraTrouble('unreadable');
      note(trouble);
      return trouble;
    },
  };
  const address = { host: isGateway(config.host) ? undefined : config.host, cloudId: config.cloudId };

  return {
    ...asking,
    rateLimit: transport.rateLimit,
    site: createSite(() => readSite(asking, address), remember, log, config.siteAgesMs),
    allows: (project) => config.projects.length === 0 || config.projects.includes(project),
    projects: config.projects,
  };
}

/** Reads what Jira says about its site. `host` is JIRA_HOST; undefined if that is Atlassian's gateway. @throws {JiraTrouble} */
async function readSite(
  { ask, unreadable }: Pick<Connection, 'ask' | 'unreadable'>,
  { host, cloudId }: { host: string | undefined; cloudId: string | undefined },
): Promise<ReportedSite> {
  // zod and jira.js take long to load, so modules that need them are imported on first use, not at startup.
  const [{ parseSite }, { getServerInfo }] = await Promise.all([import('./parse.ts'), import('./api.ts')]);
  const { json } = await ask((client) => getServerInfo(client));
  const site = parseSite(json);
  if (site === undefined) throw unreadable();
  const { baseUrl, displayUrl, helpCenter } = site;
  return {
    cloudId,
    url: displayUrl ?? baseUrl,
    own: [baseUrl, ...(host === undefined ? [] : [host])],
    others: [displayUrl, helpCenter].filter((address) => address !== undefined),
  };
}
