import { createCache } from '../cache.ts';
import type { Issue } from '../issue.ts';
import { type IssueKey, parseKey, parseProjectKey, projectOf } from '../key.ts';
import { createActs } from './acts.ts';
import type { ChangedIssue, ChangedPage } from './changed.ts';
import type { JiraCheckup } from './checkup.ts';
import { connect, type JiraLog, type JiraOptions } from './connection.ts';
import type { Creation, Creations } from './create.ts';
import type { JiraEvent } from './event.ts';
import type { Field } from './field.ts';
import type { Found } from './find-created.ts';
import type { Reader } from './history.ts';
import { epicType, type IssueType } from './issue-type.ts';
import type { Linked, RemoteLink } from './link.ts';
import type { CreateFields } from './meta.ts';
import type { Complaints, NewIssue } from './new-issue.ts';
import type { Person } from './people.ts';
import type { Project, Projects } from './projects.ts';
import { wordsOf } from './query.ts';
import { inTrouble, type Known, known, NOT_FOUND, type OfProject, type Reading } from './reading.ts';
import { createSearches } from './searches.ts';
import { isGateway, type RememberSite } from './site.ts';

export type { JiraLog, JiraOptions, JiraPatience } from './connection.ts';

export type Jira = ReturnType<typeof createJira>;

const KNOWN_FOR_MS = 10 * 60_000;
const LOOKS_AFTER_MS = [4_000, 8_000, 13_000];
/** When Maro asks for the progress of a change of several issues. Jira does not say how long one takes. */
const TASKS_AFTER_MS = [0, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120].map((seconds) => seconds * 1_000);

/**
 * The Jira operations that Maro uses. Nothing calls Jira until an
 * operation is used, and each operation loads its own code on first use.
 * The first operation that needs the site's address throws what `remember` throws.
 */
export function createJira(
  config: JiraOptions,
  log: JiraLog,
  remember: RememberSite = async ({ own, others }) => ({ id: own[0], addresses: [...own, ...others] }),
) {
  const connection = connect(config, log, remember);
  // The keys of the cache: an at sign and an email address; a space and the search text; a space, a project's key, and a space; a project's key and a space; a
  // project's key, a space, and a type's id. What is known of a project is forgotten by the beginning of the last two.
  const cache = createCache(KNOWN_FOR_MS);

  /**
   * Runs `ask` with the project's key, which is validated because `ask` puts it into a URL or a JQL query.
   * `ask` returns undefined if Jira shows no such project.
   */
  async function ofProject<T>(text: string, ask: (project: string) => Promise<T | undefined>): Promise<OfProject<T>> {
    const project = parseProjectKey(text);
    if (project === undefined) return NOT_FOUND;
    if (!connection.allows(project)) return { state: 'not allowed' };
    try {
      const value = await ask(project);
      if (value !== undefined) return { state: 'known', value };
      forgetProject(project);
      return NOT_FOUND;
    } catch (error) {
      return inTrouble(error);
    }
  }

  /** Forgets what is cached about a project that Jira does not show, or does not show any more, and the lists with it. */
  function forgetProject(project: string): void {
    cache.forget(`${project} `);
    cache.forget(' ');
  }

  /**
   * Forgets what is cached about the project of an issue that Jira refused, perhaps because the cached types or fields are out
   * of date. A refusal that is not only about other fields may be about the project itself, so the lists of projects go, too.
   */
  function forgetAfter({ fields, messages }: Complaints, { project }: NewIssue): void {
    if (messages.length > 0 || Object.hasOwn(fields, 'project')) forgetProject(project);
    else cache.forget(`${project} `);
  }

  /** The projects that Jira finds for this text. */
  async function foundProjects(text: string): Promise<Known<Projects>> {
    const { searchProjects } = await import('./projects.ts');
    return await known(cache.get(` ${text}`, () => searchProjects(connection, text)));
  }

  async function createFields(text: string, type: string): Promise<OfProject<CreateFields>> {
    const { readFields } = await import('./meta.ts');
    if (!/^\d{1,19}$/.test(type)) return NOT_FOUND;
    return await ofProject(text, (project) =>
      cache.get(`${project} ${type}`, () => readFields(connection, project, type)),
    );
  }

  async function issueTypes(text: string): Promise<OfProject<readonly IssueType[]>> {
    const { readTypes } = await import('./meta.ts');
    return await ofProject(text, (project) => cache.get(`${project} `, () => readTypes(connection, project)));
  }

  /** What Maro has to know to read histories. Cached for ten minutes. */
  async function reader(): Promise<Reader> {
    const { readAccount, readCategories } = await import('./history.ts');
    const [categories, account] = await Promise.all([
      known(cache.get('=statuses', () => readCategories(connection))),
      known(cache.get('=account', () => readAccount(connection))),
    ]);
    // A change is worth storing without its category, or if it may be Maro's own.
    return {
      categories: categories.state === 'known' ? categories.value : new Map(),
      account: account.state === 'known' ? account.value : undefined,
    };
  }

  return {
    ...createActs(connection),
    ...createSearches(connection),

    /** The site's address for links, without a trailing slash, as Maro last read it. @throws {JiraTrouble} */
    site: async () => (await connection.site.get()).url,
    /** What identifies the site, whatever its address. @throws {JiraTrouble} */
    siteId: async () => (await connection.site.get()).id,
    /**
     * When to look for the issue after a create call that got no answer, in milliseconds from the call. Jira may still be
     * processing a call after Maro has stopped waiting for it, so an issue that an early look does not find may still appear.
     */
    looksAfterMs: config.looksAfterMs ?? LOOKS_AFTER_MS,
    /** When to ask for the progress of a change of several issues, in milliseconds after Maro starts to wait. */
    tasksAfterMs: config.tasksAfterMs ?? TASKS_AFTER_MS,

    /**
     * Whether a link's host (with its port) is one that our site has or had.
     * @throws {JiraTrouble} if that is not known and Jira cannot be asked.
     */
    async isOurs(host: string): Promise<boolean> {
      if (!isGateway(config.host) && host === new URL(config.host).host) return true;
      return await connection.site.has(host);
    },

    /** Whether JIRA_PROJECTS allows Maro to show an issue with this key. `key` must be the current key. Does not call Jira. */
    allows: (key: IssueKey) => connection.allows(projectOf(key)),
    /** Keys of the projects that JIRA_PROJECTS allows. Empty: every project. */
    allowedProjects: connection.projects,
    /** Whether JIRA_PROJECTS allows Maro to use the project with this key. Does not call Jira. */
    allowsProject: (project: string) => connection.allows(project),

    /** Asks Jira how it does, and what Maro's account may do there. Never throws for a problem with Jira. */
    async checkup(): Promise<JiraCheckup> {
      const { checkup } = await import('./checkup.ts');
      return await checkup(connection);
    },

    /**
     * Reads issues by their keys, with one call per 100 keys. Keys that a call does not return, for
     * example because the issue moved, take at most eleven more calls per 100 keys: ten keys are read
     * one by one, and the rest together. Every key gets a reading. Never throws for a problem with Jira.
     */
    async read(keys: readonly IssueKey[]): Promise<Map<IssueKey, Reading>> {
      const { read } = await import('./read.ts');
      return await read(connection, keys);
    },

    /**
     * Reads issues by their ids, which stay the same when an issue moves. One call
     * per 100 ids. Every id gets a reading. Never throws for a problem with Jira.
     */
    async readIds(ids: readonly string[]): Promise<Map<string, Reading>> {
      const { readIds } = await import('./read.ts');
      return await readIds(connection, ids);
    },

    /**
     * The issues of these projects that Jira updated in the last `minutes` minutes, and what changed in them, page by page. If
     * Jira does not show Maro one of the projects, it refuses to search them all. May take longer than a person waits.
     * @throws {JiraTrouble}
     */
    async *changedIn(projects: readonly string[], minutes: number): AsyncGenerator<ChangedPage> {
      const { changedIn } = await import('./changed.ts');
      yield* changedIn(connection, { projects, minutes, reader });
    },

    /**
     * Up to a hundred issues, and what changed in them. Issues that Jira does not show are left out. May take
     * longer than a person waits.
     * @throws {JiraTrouble}
     */
    async changedByIds(ids: readonly string[]): Promise<ChangedIssue[]> {
      const { changedByIds } = await import('./changed.ts');
      return await changedByIds(connection, ids, reader);
    },

    /** What the body of a webhook says; undefined if Maro cannot read it. @throws {JiraTrouble} if the site is not known yet. */
    async event(json: unknown): Promise<JiraEvent | undefined> {
      const { readEvent } = await import('./event.ts');
      return await readEvent(connection, json, reader);
    },

    /**
     * Creates one issue and stores `requestId` in one of the issue's properties. Makes one call, which is never repeated, or no
     * call if Maro already knows that Jira would refuse the issue. Never throws for a problem with Jira.
     */
    async create(issue: NewIssue, requestId: string): Promise<Creation> {
      const { create } = await import('./create.ts');
      const creation = await create(connection, issue, requestId);
      if (creation.state === 'refused') forgetAfter(creation, issue);
      return creation;
    },

    /**
     * Creates up to 50 issues in one call, which is never repeated. The issue at `index` stores `{requestId}/{index}` in one of
     * its properties. Jira may refuse some of the issues and create the others. Never throws for a problem with Jira.
     */
    async createMany(issues: readonly NewIssue[], requestId: string): Promise<Creations> {
      const { createMany } = await import('./create.ts');
      const creations = await createMany(connection, issues, requestId);
      for (const [index, issue] of issues.entries()) {
        const result = creations.state === 'answered' ? creations.issues[index] : undefined;
        if (result?.state === 'refused') forgetAfter(result, issue);
      }
      return creations;
    },

    /**
     * Looks for issues whose create call got no answer, by the request ids stored in the issues (see
     * `requestIdOf` for a bulk create). `sentAt` is when the call was sent. Makes one search call, and one
     * call per 100 issues created since. An issue that is missing from the result does not exist yet: Jira
     * may still create it for some time after the call's deadline. Never throws for a problem with Jira.
     */
    async findCreated(
      sent: { project: string; sentAt: Date },
      requestIds: readonly string[],
    ): Promise<Known<ReadonlyMap<string, Found>>> {
      const { findCreated } = await import('./find-created.ts');
      const project = parseProjectKey(sent.project);
      if (project === undefined || requestIds.length === 0) return { state: 'known', value: new Map() };
      return await known(findCreated(connection, { ...sent, project }, requestIds));
    },

    /**
     * Adds a remote link to the issue, or updates the link that has the same `globalId`.
     * The call is repeated at most once. Never throws for a problem with Jira.
     */
    async link(key: IssueKey, remote: RemoteLink): Promise<Linked> {
      const { link } = await import('./link.ts');
      if (parseKey(key) !== key) return NOT_FOUND;
      return await link(connection, key, remote).catch(inTrouble);
    },

    /**
     * Projects in which Maro may create issues and whose key or name contains `query`: the first hundred, or all that
     * JIRA_PROJECTS lists. Cached for ten minutes. Never throws for a problem with Jira.
     */
    async projects(query = ''): Promise<Known<Projects>> {
      const { matching } = await import('./projects.ts');
      const words = wordsOf(query).toLowerCase();
      const all = await foundProjects('');
      if (all.state === 'trouble' || words === '') return all;
      return all.value.complete ? { state: 'known', value: matching(all.value, words) } : await foundProjects(words);
    },

    /**
     * The project with this key, if Maro may create issues in it; undefined if there is none. Cached for ten minutes.
     * Never throws for a problem with Jira.
     */
    async project(key: string): Promise<Known<Project | undefined>> {
      const { findProject } = await import('./projects.ts');
      const all = await foundProjects('');
      if (all.state === 'trouble') return all;
      const project = all.value.projects.find((each) => each.key === key);
      if (project !== undefined || all.value.complete) return { state: 'known', value: project };
      return await known(cache.get(` ${key} `, () => findProject(connection, key)));
    },

    /**
     * The issue types that a new issue of the project can have, in Jira's
     * order. Cached for ten minutes. Never throws for a problem with Jira.
     */
    issueTypes,

    /**
     * The project's epics that are not done, the latest change first, at most a hundred. One search call, besides the project's
     * types. Never throws for a problem with Jira.
     */
    async epics(text: string): Promise<OfProject<readonly Issue[]>> {
      const { findEpics } = await import('./epics.ts');
      const types = await issueTypes(text);
      if (types.state !== 'known') return types;
      const type = epicType(types.value);
      if (type === undefined) return { state: 'known', value: [] };
      return await ofProject(text, (project) => findEpics(connection, project, type.id));
    },

    /**
     * The fields that Jira requires for a new issue of this type, other than those that every form asks for and those that have
     * a default. `type` is the type's id. Cached for ten minutes. Never throws for a problem with Jira.
     */
    async fields(text: string, type: string): Promise<OfProject<readonly Field[]>> {
      const fields = await createFields(text, type);
      return fields.state === 'known' ? { state: 'known', value: fields.value.required } : fields;
    },

    /**
     * The assignee, the priority, the labels and the parent, as far as a new issue of this type can have them and Jira does not
     * require them. `type` is the type's id. Cached with the fields.
     */
    async details(text: string, type: string): Promise<OfProject<readonly Field[]>> {
      const fields = await createFields(text, type);
      return fields.state === 'known' ? { state: 'known', value: fields.value.details } : fields;
    },

    /** Whether a new issue of this type can have a description. `type` is the type's id. Cached with the fields. */
    async takesDescription(text: string, type: string): Promise<OfProject<boolean>> {
      const fields = await createFields(text, type);
      return fields.state === 'known' ? { state: 'known', value: fields.value.takesDescription } : fields;
    },

    /** Whether Maro may say who the reporter of a new issue of this type is. `type` is the type's id. Cached with the fields. */
    async takesReporter(text: string, type: string): Promise<OfProject<boolean>> {
      const fields = await createFields(text, type);
      return fields.state === 'known' ? { state: 'known', value: fields.value.takesReporter } : fields;
    },

    /**
     * The person with this email address, or null if there is none that is certain. Cached for ten minutes. Never throws for a
     * problem with Jira.
     */
    async person(email: string): Promise<Known<Person | null>> {
      const { findPerson } = await import('./people.ts');
      return await known(cache.get(`@${email}`, async () => (await findPerson(connection, email)) ?? null));
    },

    /**
     * Up to a hundred people to whom an issue of the project can be assigned.
     * One call. Never throws for a problem with Jira.
     */
    async assignable(text: string, query: string): Promise<OfProject<readonly Person[]>> {
      const { findAssignable } = await import('./people.ts');
      const words = wordsOf(query);
      return await ofProject(text, (project) => findAssignable(connection, { project }, words));
    },

    /**
     * At most five issues of the project that are not done and whose summary has most of the words of `summary`, best match
     * first. One search call. Never throws for a problem with Jira.
     */
    async similar(text: string, summary: string): Promise<OfProject<readonly Issue[]>> {
      const { findSimilar } = await import('./similar.ts');
      return await ofProject(text, (project) => findSimilar(connection, project, summary));
    },
  };
}
