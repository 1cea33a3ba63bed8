import type { Issue } from '../issue.ts';
import { type IssueKey, parseKey, parseProjectKey, projectOf } from '../key.ts';
import { createCache } from './cache.ts';
import { connect, type JiraLog, type JiraOptions } from './connection.ts';
import type { Creation, Creations } from './create.ts';
import type { Field } from './field.ts';
import type { Found } from './find-created.ts';
import type { IssueType } from './issue-type.ts';
import type { Linked, RemoteLink } from './link.ts';
import type { NewIssue } from './new-issue.ts';
import type { Person } from './people.ts';
import type { Projects } from './projects.ts';
import type { Reading } from './reading.ts';
import { asTrouble, JiraTrouble } from './trouble.ts';

export type { JiraLog, JiraOptions, JiraPatience } from './connection.ts';

/** Why there is nothing to tell of a project: Jira shows none to Maro, JIRA_PROJECTS leaves it out, or Jira is in trouble. */
export type NoProject = 'not found' | 'not allowed' | JiraTrouble;

export type Jira = ReturnType<typeof createJira>;

const KNOWN_FOR_MS = 10 * 60_000;
const LOOKS_AFTER_MS = [4_000, 8_000, 13_000];
/** Longer than what anybody types to find a project or a person. */
const LONGEST_QUERY = 100;

/** Jira behind the few questions that Maro asks. Makes no call until it is asked, and loads what it needs for one then. */
export function createJira(config: JiraOptions, log: JiraLog) {
  const connection = connect(config, log);
  const cache = createCache(KNOWN_FOR_MS);
  const gateway = new URL(config.host).pathname.startsWith('/ex/jira/');

  /** Keys are checked before they come into an address or a query. */
  async function ofProject<T>(text: string, ask: (project: string) => Promise<T>): Promise<T | NoProject> {
    const project = parseProjectKey(text);
    if (project === undefined) return 'not found';
    return connection.allows(project) ? await ask(project).catch(asTrouble) : 'not allowed';
  }

  /** What Jira refused may have been asked for by what was known of the project, so that is read anew. */
  function forgetProjects(issues: readonly NewIssue[]): void {
    for (const { project } of issues) cache.forget(`${project} `);
  }

  return {
    /** The site's address, from Jira itself. Read once. @throws {JiraTrouble} */
    site: connection.site,
    /**
     * When to look for what a create came to that got no answer, in milliseconds from the create: Jira goes on for some time
     * after a call that was given up. Before the last of these has passed, what is not there may still come.
     */
    looksAfterMs: config.looksAfterMs ?? LOOKS_AFTER_MS,

    /** Whether a link's host (with port) is our site's. @throws {JiraTrouble} when that cannot be known yet. */
    async isOurs(host: string): Promise<boolean> {
      if (!gateway && host === new URL(config.host).host) return true;
      return host === new URL(await connection.site()).host;
    },

    /** Whether JIRA_PROJECTS lets an issue that has this key now be shown. Asks nothing. */
    allows: (key: IssueKey) => connection.allows(projectOf(key)),

    /**
     * Reads many issues: one call for each 100 keys, and for those of them that did not come back by name at most eleven
     * more: ten keys are looked up one by one, any others together. Every key gets its reading; nothing is thrown.
     */
    async read(keys: readonly IssueKey[]): Promise<Map<IssueKey, Reading>> {
      const { read } = await import('./read.ts');
      return await read(connection, keys);
    },

    /** Reads issues by their ids, which stay when issues move: one call for each 100, and no more. Nothing is thrown. */
    async readIds(ids: readonly string[]): Promise<Map<string, Reading>> {
      const { readIds } = await import('./read.ts');
      return await readIds(connection, ids);
    },

    /**
     * Creates an issue that carries the request's id: one call, which is never sent again. What Jira is known to refuse is
     * refused without one. Nothing is thrown.
     */
    async create(issue: NewIssue, requestId: string): Promise<Creation> {
      const { create } = await import('./create.ts');
      const creation = await create(connection, issue, requestId);
      if (creation.state === 'refused') forgetProjects([issue]);
      return creation;
    },

    /**
     * Creates up to 50 issues in one call, which is never sent again; each carries the request's id and its place in the list,
     * `{id}/{index}`. Some may be refused while others stand. Nothing is thrown.
     */
    async createMany(issues: readonly NewIssue[], requestId: string): Promise<Creations> {
      const { createMany } = await import('./create.ts');
      const creations = await createMany(connection, issues, requestId);
      const refused = creations.state === 'answered' && creations.issues.some(({ state }) => state === 'refused');
      if (refused) forgetProjects(issues);
      return creations;
    },

    /**
     * Looks for issues of which nobody heard whether they were created, by the ids that they carry (see `requestIdOf` for those
     * of many). `sentAt` is when they were sent. One call, and one for each hundred issues since. Those that are not in the
     * answer are not there yet: Jira may still be at it for some time after its deadline. Nothing is thrown.
     */
    async findCreated(
      sent: { project: string; sentAt: Date },
      requestIds: readonly string[],
    ): Promise<ReadonlyMap<string, Found> | JiraTrouble> {
      const { findCreated } = await import('./find-created.ts');
      const project = parseProjectKey(sent.project);
      if (project === undefined || requestIds.length === 0) return new Map();
      return await findCreated(connection, { ...sent, project }, requestIds).catch(asTrouble);
    },

    /**
     * Links the issue to something outside of Jira; the same `globalId` again updates the link. One call, sent twice when it
     * must be. Nothing is thrown.
     */
    async link(key: IssueKey, remote: RemoteLink): Promise<Linked> {
      const { link } = await import('./link.ts');
      if (parseKey(key) !== key) return 'not found';
      return await link(connection, key, remote).catch(asTrouble);
    },

    /**
     * Projects in which Maro may create, with `query` in key or name; at most a hundred, or all that JIRA_PROJECTS names.
     * Known for ten minutes. Nothing is thrown.
     */
    async projects(query = ''): Promise<Projects | JiraTrouble> {
      const { matching, searchProjects } = await import('./projects.ts');
      const words = query.trim().toLowerCase().slice(0, LONGEST_QUERY).toWellFormed();
      const search = (text: string) =>
        cache
          .get(
            ` ${text}`,
            () => searchProjects(connection, text),
            () => true,
          )
          .catch(asTrouble);
      const all = await search('');
      if (all instanceof JiraTrouble || words === '') return all;
      return all.complete ? matching(all, words) : await search(words);
    },

    /** The types that a new issue of the project can have, in Jira's order. Known for ten minutes. Nothing is thrown. */
    async issueTypes(text: string): Promise<readonly IssueType[] | NoProject> {
      const { readTypes } = await import('./meta.ts');
      return await ofProject(text, (project) =>
        cache.get(
          `${project} `,
          () => readTypes(connection, project),
          (types) => types !== 'not found',
        ),
      );
    },

    /**
     * What Jira requires for a new issue of this type (its id), beyond summary and description and without what has a default.
     * Known for ten minutes. Nothing is thrown.
     */
    async fields(text: string, type: string): Promise<readonly Field[] | NoProject> {
      const { readFields } = await import('./meta.ts');
      if (!/^\d{1,19}$/.test(type)) return 'not found';
      return await ofProject(text, (project) =>
        cache.get(
          `${project} ${type}`,
          () => readFields(connection, project, type),
          (fields) => fields !== 'not found',
        ),
      );
    },

    /** Up to a hundred people whom an issue of the project can be assigned to. One call. Nothing is thrown. */
    async assignable(text: string, query: string): Promise<readonly Person[] | NoProject> {
      const { findAssignable } = await import('./people.ts');
      const words = query.trim().slice(0, LONGEST_QUERY).toWellFormed();
      return await ofProject(text, (project) => findAssignable(connection, project, words));
    },

    /**
     * At most five issues of the project that are not done and have most of the words in their summary, the most alike first.
     * One call. Nothing is thrown.
     */
    async similar(text: string, summary: string): Promise<readonly Issue[] | NoProject> {
      const { findSimilar } = await import('./similar.ts');
      return await ofProject(text, (project) => findSimilar(connection, project, summary));
    },
  };
}
