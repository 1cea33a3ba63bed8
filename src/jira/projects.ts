import { z } from 'zod';
import { parseProjectKey } from '../key.ts';
import { searchProjects as searchPage } from './api.ts';
import type { Connection } from './connection.ts';
import { id, line } from './parse.ts';

export type Project = { id: string; key: string; name: string };

/** Projects sorted by name. `complete`: the list has every project, so it can be searched without calling Jira again. */
export type Projects = { projects: readonly Project[]; complete: boolean };

/**
 * Jira returns up to 100 projects per page, and a request may name up to 50 keys.
 * https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-search-get
 */
const PROJECTS_A_PAGE = 100;
const KEYS_A_CALL = 50;

const page = z.object({ values: z.array(z.unknown()), isLast: z.boolean().optional(), total: z.int().optional() });
const project = z.object({
  id,
  key: z.string().refine((text) => parseProjectKey(text) === text),
  name: line,
});

/**
 * The projects in which Maro's login may create issues. Without JIRA_PROJECTS: the first hundred whose key or name contains
 * `query`. With JIRA_PROJECTS: all that it lists, whatever `query` is.
 * @throws {JiraTrouble}
 */
export async function searchProjects(jira: Connection, query: string): Promise<Projects> {
  if (jira.projects.length === 0) return await readPage(jira, query === '' ? {} : { query });
  const fifties = Array.from({ length: Math.ceil(jira.projects.length / KEYS_A_CALL) }, (_, i) =>
    jira.projects.slice(i * KEYS_A_CALL, (i + 1) * KEYS_A_CALL),
  );
  const pages = await Promise.all(fifties.map((keys) => readPage(jira, { keys: [...keys] })));
  const projects = pages.flatMap((each) => each.projects).filter(({ key }) => jira.allows(key));
  return { projects: projects.toSorted((a, b) => a.name.localeCompare(b.name)), complete: true };
}

/** The project with this key, if Maro's login may create issues in it. @throws {JiraTrouble} */
export async function findProject(jira: Connection, key: string): Promise<Project | undefined> {
  const { projects } = await readPage(jira, { keys: [key] });
  return projects.find((project) => project.key === key);
}

/** The projects whose key or name contains `query`, ignoring case, like Jira's own search. */
export function matching({ projects, complete }: Projects, query: string): Projects {
  const has = (text: string) => text.toLowerCase().includes(query.toLowerCase());
  return { projects: projects.filter(({ key, name }) => has(key) || has(name)), complete };
}

async function readPage(jira: Connection, filter: { query?: string; keys?: string[] }): Promise<Projects> {
  const parameters = { ...filter, action: 'create', orderBy: 'name', maxResults: PROJECTS_A_PAGE } as const;
  const { status, json } = await jira.ask((client) => searchPage(client, parameters));
  if (status === 404) return { projects: [], complete: true };
  const parsed = status === 200 ? page.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  const { values, isLast, total = values.length } = parsed.data;
  const projects = values.flatMap((value) => project.safeParse(value).data ?? []);
  return { projects, complete: isLast ?? total <= values.length };
}
