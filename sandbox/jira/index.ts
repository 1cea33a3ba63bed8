import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, json, outOfScope, redirect, unauthorized } from './answer.ts';
import type { BulkTask } from './bulk.ts';
import type { ChangelogTimes } from './changelog.ts';
import { answer, type Call, type Endpoint, route } from './endpoint.ts';
import { eventBody } from './event.ts';
import { parsed, type Request, read, send } from './exchange.ts';
import type { Happening } from './happening.ts';
import { createIssues, type Issues } from './issues.ts';
import type { KeptJira } from './kept.ts';
import { type Credentials, checkLogin } from './login.ts';
import { type Permission, permissions } from './permissions.ts';
import { scopeOf, scopes } from './scope.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import { type SavedFilter, type Seed, type Sprint, seed as sandboxSeed } from './seed.ts';
import { createTroubles, isDone, type Trouble, troubled } from './trouble.ts';
import { createWebhooks, type Hook, type Webhooks } from './webhooks.ts';

/** REST API v3 does not say of these that they "can be accessed anonymously". */
const needsLogin: ReadonlySet<Endpoint> = new Set([
  'myself',
  'create',
  'bulk',
  'assignable',
  'changelogs',
  'bulkTransitions',
  'bulkTransition',
  'bulkEdit',
  'bulkProgress',
] as const);

export type { Comment } from './comment.ts';
export type { Endpoint } from './endpoint.ts';
export type { Request } from './exchange.ts';
export type { ChangeItem, History } from './history.ts';
export type { By, Issue, IssueChange, Issues } from './issues.ts';
export type { KeptJira } from './kept.ts';
export type { Seed } from './seed.ts';
export type { Trouble } from './trouble.ts';
export { type WebhookTrouble, type WebhookTroubleKind, webhookTroubles } from './webhook-trouble.ts';
export type { Delivery, Hook, Webhooks } from './webhooks.ts';

/** A Jira Cloud site on loopback. Every request needs the login, except `serverInfo`. */
export type Jira = Credentials & {
  /** The site's own address: takes `apiToken`. */
  url: string;
  /** The gateway's address, as `https://api.atlassian.com/ex/jira/<cloudId>`: takes `scopedToken` too, within its `scopes`. */
  gatewayUrl: string;
  /** What `serverInfo.baseUrl` says, at the gateway too. At first `url`, so that links lead somewhere. */
  site: string;
  /** The custom domain, which people see instead of `site`. The API is not there. Undefined: the site has none. */
  customDomain: string | undefined;
  /**
   * Gives the site another address, as `http://localhost` at the same port. At the old one the API only redirects from now on;
   * the gateway answers as before. https://jira.atlassian.com/browse/AX-715
   */
  rename(site: string): void;
  issues: Issues;
  projects: Seed['projects'];
  people: Seed['people'];
  /** Those that there are, and the filters that people shared with Maro's account. Tests add and remove some. */
  sprints: Sprint[];
  filters: SavedFilter[];
  /** What the search knows, and how late it hears of it. */
  index: SearchIndex;
  /** What it tells by itself of what happens to issues and comments, also of those that Maro's login does not see. */
  webhooks: Webhooks;
  /** Changes of many issues, and how many milliseconds Jira says that one runs. At first 0. */
  bulkTasks: BulkTask[];
  bulkMs: number;
  /** Its time, in milliseconds since 1970. */
  now(): number;
  /** Caps the items of every page, as Jira may; at first it does not. */
  mostAPage: number;
  /** So many histories, the newest ones, come with an issue of a search. At first 40, as people count them in Jira Cloud. */
  mostHistories: number;
  /** So many comments, the oldest ones, come with an issue of a search. At first 20. */
  mostComments: number;
  /** How `changelog/bulkfetch` writes `created`: as the schema of REST API v3 says, or as its example does. At first `iso`. */
  changelogTimes: ChangelogTimes;
  /** What Maro's account may do, as `mypermissions` tells it. At first what Maro needs. */
  permissions: Set<Permission>;
  requests: Request[];
  /** How many requests came, of one endpoint or of all. */
  count(endpoint?: Endpoint): number;
  /** Forgets the requests that came. */
  resetRequests(): void;
  /** Switches trouble on for an endpoint or for all, or off. */
  trouble(endpoint: Endpoint | 'all', trouble: Trouble | undefined): void;
  /** Refuses connections until `up`, which takes the same port again. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Ends at once, also when requests hang. */
  stop(): Promise<void>;
};

export type Options = {
  /** By default a free one. */
  port?: number;
  /** By default the sandbox's. */
  seed?: Seed;
  /** What an earlier run kept, in place of the seed's issues. */
  kept?: KeptJira | undefined;
  /** Where events go from the beginning. */
  webhook?: Hook | undefined;
  /** Jira's time, in milliseconds since 1970. Tests can have it anywhere, and move it. */
  now?: () => number;
};

/** Starts the stand-in on 127.0.0.1. */
export async function startJira(options: Options = {}): Promise<Jira> {
  const cloudId = '11223344-a1b2-4c33-8444-def123456789';
  // A project that is hidden in one stand-in is not hidden in others.
  const own = { ...sandboxSeed, projects: sandboxSeed.projects.map((project) => ({ ...project })) };
  const { seed = own, now = Date.now } = options;
  const index = createSearchIndex(now);
  const webhooks = createWebhooks(now);
  webhooks.register(options.webhook);
  const happened = (happening: Happening) =>
    webhooks.send(eventBody(happening, jira.site), 'withIssue' in happening ? 'Secondary' : 'Primary');
  const issues = createIssues(seed, { changed: index.note, happened, now }, options.kept);
  index.catchUp();
  const troubles = createTroubles<Endpoint>();
  const requests: Request[] = [];
  const formerHosts = new Set<string>();
  const server = createServer((request, response) => void serve(request, response));

  async function up(port: number): Promise<void> {
    if (server.listening) return;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
  }

  async function down(): Promise<void> {
    if (!server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  await up(options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const jira: Jira = {
    email: 'maro@example.com',
    apiToken: 'sandbox-api-token',
    scopedToken: 'sandbox-scoped-token',
    scopes: new Set(scopes),
    url,
    gatewayUrl: `${url}/ex/jira/${cloudId}`,
    site: url,
    customDomain: undefined,
    rename(site) {
      formerHosts.add(new URL(jira.site).host);
      formerHosts.delete(new URL(site).host);
      jira.site = site;
    },
    issues,
    projects: seed.projects,
    people: seed.people,
    sprints: [...(seed.sprints ?? [])],
    filters: [...(seed.filters ?? [])],
    index,
    now,
    webhooks,
    bulkTasks: [],
    bulkMs: 0,
    mostAPage: Number.POSITIVE_INFINITY,
    // https://github.com/faros-ai/airbyte-connectors/pull/2003
    mostHistories: 40,
    mostComments: 20,
    changelogTimes: 'iso',
    permissions: new Set(permissions),
    requests,
    count: (endpoint) => requests.filter((request) => !endpoint || request.endpoint === endpoint).length,
    resetRequests: () => {
      requests.length = 0;
    },
    trouble: troubles.set,
    down,
    up: () => up(port),
    async stop() {
      webhooks.stop();
      await down();
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url: target = '', headers } = request;
    const body = await read(request);
    if (body === undefined) return;
    const [path = '', query = ''] = target.split('?', 2);
    const call: Call = {
      ...route(method, path, cloudId),
      method,
      path,
      query: new URLSearchParams(query),
      contentType: headers['content-type'],
      body,
    };
    const record: Request = {
      endpoint: call.endpoint,
      method,
      path: target,
      body: parsed(body),
      answer: undefined,
      status: null,
      at: new Date(now()),
    };
    requests.push(record);
    if (call.door === 'site' && formerHosts.has(headers.host ?? '')) {
      return await send(redirect(`${jira.site}${target}`), response, record);
    }
    const trouble = troubles.take(call.endpoint);
    const result = isDone(trouble) ? respond(call, headers, trouble) : json(200, {});
    await send(troubled(trouble, result), response, record);
  }

  function respond(call: Call, headers: IncomingMessage['headers'], trouble: Trouble | undefined): Answer {
    const refused = trouble?.kind === 'unauthorized' || trouble?.kind === 'anonymous';
    const login = refused ? 'failed' : checkLogin(headers.authorization, call.door, scopeOf[call.endpoint], jira);
    if (login === 'out_of_scope') return outOfScope();
    const anonymousWillDo =
      call.endpoint === 'other' ||
      (call.endpoint === 'serverInfo' && login === 'none') ||
      (!needsLogin.has(call.endpoint) && call.door === 'site' && trouble?.kind === 'anonymous');
    const rest = `${call.door === 'gateway' ? jira.gatewayUrl : jira.site}/rest/api/3`;
    const seesIssues = login === 'accepted';
    const result =
      seesIssues || anonymousWillDo
        ? answer(call, { ...jira, rest, seesIssues })
        : unauthorized(jira.site, headers.accept, call.door);
    if (login === 'failed' && call.door === 'site') result.headers['X-Seraph-LoginReason'] = 'AUTHENTICATED_FAILED';
    return result;
  }

  return jira;
}
