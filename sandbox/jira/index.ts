import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, json, outOfScope, redirect, unauthorized } from './answer.ts';
import { answer, type Call, type Endpoint, route } from './endpoint.ts';
import { createIssues, type Issues } from './issues.ts';
import type { KeptJira } from './kept.ts';
import { type Credentials, checkLogin } from './login.ts';
import { scopeOf, scopes } from './scope.ts';
import { createSearchIndex, type SearchIndex } from './search-index.ts';
import { type Seed, seed as sandboxSeed } from './seed.ts';
import { createTroubles, isDone, type Trouble, troubled } from './trouble.ts';

/** REST API v3 does not say of these that they "can be accessed anonymously". */
const needsLogin: ReadonlySet<Endpoint> = new Set(['myself', 'create', 'bulk', 'assignable'] as const);

/** Answers that are longer are not kept with their request. */
const LONGEST_KEPT = 1_000_000;

export type { Endpoint } from './endpoint.ts';
export type { Issue, IssueChange, Issues } from './issues.ts';
export type { KeptJira } from './kept.ts';
export type { Seed } from './seed.ts';
export type { Trouble } from './trouble.ts';

/**
 * A request that came. `path` has the query, `body` and `answer` are parsed when they are JSON, `status` is null while
 * unanswered.
 */
export type Request = {
  endpoint: Endpoint;
  method: string;
  path: string;
  body: unknown;
  answer: unknown;
  status: number | null;
  at: Date;
};

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
  /** What the search knows, and how late it hears of it. */
  index: SearchIndex;
  /** Caps the items of every page, as Jira may; at first it does not. */
  mostAPage: number;
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

/** Starts the stand-in on 127.0.0.1, by default on a free port and with the sandbox's seed, or with what an earlier run kept. */
export async function startJira(
  options: { port?: number; seed?: Seed; kept?: KeptJira | undefined } = {},
): Promise<Jira> {
  const cloudId = '11223344-a1b2-4c33-8444-def123456789';
  const { seed = sandboxSeed } = options;
  const index = createSearchIndex();
  const issues = createIssues(seed, index.note, options.kept);
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
    index,
    mostAPage: Number.POSITIVE_INFINITY,
    requests,
    count: (endpoint) => requests.filter((request) => !endpoint || request.endpoint === endpoint).length,
    resetRequests: () => {
      requests.length = 0;
    },
    trouble: troubles.set,
    down,
    up: () => up(port),
    stop: down,
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
      at: new Date(),
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
    const { site, customDomain, email, projects, people, mostAPage } = jira;
    const seesIssues = login === 'accepted';
    const result =
      seesIssues || anonymousWillDo
        ? answer(call, { site, customDomain, rest, email, issues, index, projects, people, seesIssues, mostAPage })
        : unauthorized(site, headers.accept, call.door);
    if (login === 'failed' && call.door === 'site') result.headers['X-Seraph-LoginReason'] = 'AUTHENTICATED_FAILED';
    return result;
  }

  return jira;
}

/** The body, or undefined when the client went away before its end. */
async function read(request: IncomingMessage): Promise<string | undefined> {
  try {
    return Buffer.concat(await request.toArray()).toString('utf8');
  } catch {
    return undefined;
  }
}

async function send(answer: Answer, response: ServerResponse, record: Request): Promise<void> {
  if (answer.delivery === 'never') return;
  if (answer.delivery === 'cut') {
    response.destroy();
    return;
  }
  if (answer.delay) await wait(answer.delay, response);
  if (response.destroyed) return;
  record.status = answer.status;
  record.answer = answer.body.length > LONGEST_KEPT ? `(${answer.body.length} characters)` : parsed(answer.body);
  response.writeHead(answer.status, answer.headers);
  if (answer.delivery === 'unfinished') response.write(answer.body.slice(0, Math.ceil(answer.body.length / 2)));
  else response.end(answer.body);
}

/** Ends early when the connection does, so that no timer outlives the server. */
function wait(ms: number, response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    response.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return body === '' ? undefined : body;
  }
}
