import type { Issue } from './issue.ts';
import type { IssueKey } from './key.ts';
import { projectOf } from './key.ts';
import { createTransport, type JiraAnswer, type JiraRequest } from './transport.ts';
import { JiraTrouble } from './trouble.ts';

/** What Jira says of one key: the issue, under the key it has now; or why there is none to show. */
export type Reading = Issue | 'not found' | 'not allowed' | JiraTrouble;

export type Jira = {
  /** The site's address, from Jira itself. Read once. @throws {JiraTrouble} */
  site(): Promise<string>;
  /** Whether a link's host (with port) is our site's. @throws {JiraTrouble} when that cannot be known yet. */
  isOurs(host: string): Promise<boolean>;
  /**
   * Reads many issues: one call for each 100 keys, and for those of them that did not come back by name at most eleven
   * more: ten keys are looked up one by one, any others together. Every key gets its reading; nothing is thrown.
   */
  read(keys: readonly IssueKey[]): Promise<Map<IssueKey, Reading>>;
  /** Reads issues by their ids, which stay when issues move: one call for each 100, and no more. Nothing is thrown. */
  readIds(ids: readonly string[]): Promise<Map<string, Reading>>;
};

export type JiraOptions = {
  /** The site, or Atlassian's gateway with the site's cloud id, which scoped tokens need. */
  host: string;
  email: string;
  apiToken: string;
  /** Project keys that may be shown; empty: every project that the login can see. */
  projects: readonly string[];
};

/** What is logged of Jira: outcomes, never its text. */
export type JiraLog = { warn(fields: object, message: string): void; error(fields: object, message: string): void };

// Jira: bulkfetch takes 100 keys.
// https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post
const KEYS_A_CALL = 100;
const SINGLE_READS = 10;
/** Calls at once for more than 100 keys: Atlassian advises against many. */
const CALLS_AT_ONCE = 5;

/** Jira behind the few questions that Maro asks. Makes no call until it is asked. */
export function createJira(config: JiraOptions, log: JiraLog): Jira {
  const transport = createTransport(config);
  const gateway = new URL(config.host).pathname.startsWith('/ex/jira/');
  let loginRefused = false;
  let known: Promise<string> | undefined;

  // jira.js costs 400 ms and 60 MB to load, so it comes in with the first question and not with the program.
  const loaded = once(async () => {
    const [{ createCloudClient }, answer] = await Promise.all([import('jira.js'), import('./answer.ts')]);
    const sendRequest = async <T>(request: JiraRequest) => (await send(request)) as T;
    return { cloud: createCloudClient({ sendRequest }), answer };
  });

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
    if (kind !== 'login_refused') log.warn({ trouble: kind }, 'Jira could not be read');
    else if (!loginRefused) log.error({ trouble: kind }, "Jira refused Maro's login: check JIRA_EMAIL and its token");
    loginRefused ||= kind === 'login_refused';
  }

  function unreadable(): JiraTrouble {
    const trouble = new JiraTrouble('unreadable');
    note(trouble);
    return trouble;
  }

  async function readSite(): Promise<string> {
    const { cloud, answer } = await loaded();
    const { json } = (await cloud.serverInfo.getServerInfo()) as unknown as JiraAnswer;
    const site = answer.parseSite(json);
    if (site === undefined) throw unreadable();
    return site;
  }

  function site(): Promise<string> {
    known ??= readSite().catch((error) => {
      known = undefined;
      throw error;
    });
    return known;
  }

  async function readHundred(site: string, keys: readonly IssueKey[], readings: Map<IssueKey, Reading>): Promise<void> {
    const { answer } = await loaded();
    for (const issue of (await fetchMany(keys)).map(answer.parseIssue)) {
      if (issue !== undefined) readings.set(issue.key, { ...issue, site });
    }
    // Jira answers under the key that an issue has now, so keys that are left may have moved as well as be missing.
    const left = keys.filter((key) => !readings.has(key));
    const rest = left.slice(SINGLE_READS);
    const [reading] = await Promise.all([
      rest.length === 0 ? undefined : readRest(rest).catch(asTrouble),
      ...left
        .slice(0, SINGLE_READS)
        .map(async (key) => void readings.set(key, await readOne(site, key).catch(asTrouble))),
    ]);
    if (reading !== undefined) for (const key of rest) readings.set(key, reading);
  }

  async function readHundredIds(site: string, ids: readonly string[], readings: Map<string, Reading>): Promise<void> {
    const { answer } = await loaded();
    const items = await fetchMany(ids);
    const issues = items.map(answer.parseIssue).filter((issue) => issue !== undefined);
    for (const issue of issues) readings.set(issue.id, { ...issue, site });
    // One that cannot be read may be any of those that are left.
    if (issues.length < items.length) {
      for (const id of ids) if (!readings.has(id)) readings.set(id, unreadable());
    }
  }

  /** Reads each hundred by itself, a few at a time; what cannot be read has its trouble. */
  async function inHundreds(
    items: readonly string[],
    readSome: (site: string, hundred: readonly string[], readings: Map<string, Reading>) => Promise<void>,
  ): Promise<Map<string, Reading>> {
    const readings = new Map<string, Reading>();
    const hundreds = Array.from({ length: Math.ceil(items.length / KEYS_A_CALL) }, (_, i) =>
      items.slice(i * KEYS_A_CALL, (i + 1) * KEYS_A_CALL),
    );
    for (let i = 0; i < hundreds.length; i += CALLS_AT_ONCE) {
      await Promise.all(
        hundreds.slice(i, i + CALLS_AT_ONCE).map(async (hundred) => {
          try {
            await readSome(await site(), hundred, readings);
          } catch (error) {
            const trouble = asTrouble(error);
            for (const item of hundred) readings.set(item, trouble);
          }
        }),
      );
    }
    return readings;
  }

  /** What is true of all these keys. Asked for by themselves, keys that are missing come to nothing; moved ones do not. */
  async function readRest(keys: readonly IssueKey[]): Promise<Reading> {
    const { answer } = await loaded();
    const items = await fetchMany(keys);
    if (items.length === 0) return 'not found';
    return items.every((item) => answer.parseIssue(item) !== undefined) ? new JiraTrouble('moved') : unreadable();
  }

  /** The items of Jira's answer for up to a hundred keys or ids, still to be parsed. */
  async function fetchMany(keys: readonly string[]): Promise<unknown[]> {
    const { cloud, answer } = await loaded();
    const request = { issueIdsOrKeys: [...keys], fields: answer.FIELDS };
    const { status, json } = (await cloud.issues.bulkFetchIssues(request)) as unknown as JiraAnswer;
    const items = status === 200 ? answer.parseBulk(json) : undefined;
    if (items === undefined) throw unreadable();
    return items;
  }

  async function readOne(site: string, key: IssueKey): Promise<Reading> {
    const { cloud, answer } = await loaded();
    const request = { issueIdOrKey: key, fields: answer.FIELDS };
    const { status, json } = (await cloud.issues.getIssue(request)) as unknown as JiraAnswer;
    if (status === 404) return 'not found';
    const issue = status === 200 ? answer.parseIssue(json) : undefined;
    return issue === undefined ? unreadable() : { ...issue, site };
  }

  /** Outside of the allowed projects a missing issue reads as one that is not allowed, so that nobody can probe for it. */
  function allowed(key: IssueKey, reading: Reading): Reading {
    if (config.projects.length === 0 || reading instanceof JiraTrouble) return reading;
    const keyNow = typeof reading === 'string' ? key : reading.key;
    return config.projects.includes(projectOf(keyNow)) ? reading : 'not allowed';
  }

  return {
    site,

    async isOurs(host) {
      if (!gateway && host === new URL(config.host).host) return true;
      return host === new URL(await site()).host;
    },

    async read(keys) {
      const distinct = [...new Set(keys)];
      const readings = await inHundreds(distinct, readHundred);
      return new Map(distinct.map((key) => [key, allowed(key, readings.get(key) ?? 'not found')]));
    },

    async readIds(ids) {
      const readings = await inHundreds(ids, readHundredIds);
      return new Map(
        ids.map((id) => {
          const reading = readings.get(id) ?? 'not found';
          return [id, typeof reading === 'object' && 'key' in reading ? allowed(reading.key, reading) : reading];
        }),
      );
    },
  };
}

function asTrouble(error: unknown): JiraTrouble {
  if (error instanceof JiraTrouble) return error;
  throw error;
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
