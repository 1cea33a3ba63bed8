import { adfOf } from './adf.ts';
import type { Issue, IssueChange, NewIssue } from './issues.ts';
import { type KeptJira, restoreIssues } from './kept.ts';
import { flagField, impediment, type Project, type Seed } from './seed.ts';
import { SPRINT } from './sprint.ts';

/** The issues that there are, by id and by every key that ever was. An unknown key, project or name throws a sentence. */
export type Store = {
  all(): Issue[];
  find(idOrKey: string): Issue | undefined;
  get(idOrKey: string): Issue;
  getProject(key: string): Project;
  /** Jira gives no number twice. */
  nextKey(project: Project): string;
  /** The issue with this id is found by this key, too. */
  name(id: string, key: string): void;
  add(key: string, at: Date, issue: NewIssue): Issue;
  /** Changes nothing when something of the change is unknown. */
  apply(issue: Issue, change: IssueChange): Issue;
  remove(issue: Issue): void;
  keep(): Pick<KeptJira, 'ids' | 'nextId'>;
};

// What is no ASCII is refused before upper-casing: JavaScript upper-cases a long s to S.
const keyPattern = /^[A-Za-z][A-Za-z0-9_]*-[0-9]+$/;
/** Of whatever Jira counts: issues, histories, comments. */
export const firstId = 10_101;
const newest = Date.parse('2026-11-20T09:14:03.512Z');
const hour = 3_600_000;

/**
 * Begins with what an earlier run kept, or with the seed's issues.
 * @throws a sentence when the seed lacks something that a kept issue names.
 */
export function createStore(seed: Seed, kept: KeptJira | undefined): Store {
  const byId = new Map<string, Issue>();
  /** Every key that ever was, in upper case, to the id. */
  const ids = new Map<string, string>();
  /** The highest number of each project, by the project's key. */
  const numbers = new Map<string, number>();
  let nextId = firstId;

  function find(idOrKey: string): Issue | undefined {
    return byId.get(keyPattern.test(idOrKey) ? (ids.get(idOrKey.toUpperCase()) ?? '') : idOrKey);
  }

  function get(idOrKey: string): Issue {
    return known(find(idOrKey), `There is no issue ${idOrKey}.`);
  }

  function getProject(key: string): Project {
    return known(
      seed.projects.find((project) => project.key === key),
      `There is no project ${key}.`,
    );
  }

  function name(id: string, key: string): void {
    ids.set(key, id);
    const dash = key.lastIndexOf('-');
    const project = key.slice(0, dash);
    numbers.set(project, Math.max(numbers.get(project) ?? 0, Number(key.slice(dash + 1))));
  }

  function apply(issue: Issue, change: IssueChange): Issue {
    const { project } = issue;
    const { labels, duedate, resolution, flagged } = change;
    const values: Partial<Issue> = {
      fields: {
        ...issue.fields,
        ...change.fields,
        ...(labels !== undefined && { labels }),
        ...(duedate !== undefined && { duedate }),
        ...(resolution !== undefined && { resolution }),
        ...(flagged !== undefined && { [flagField]: flagged ? [impediment] : null }),
      },
    };
    if (change.summary !== undefined) values.summary = change.summary;
    if (change.description !== undefined) values.description = change.description;
    if (change.type !== undefined) values.type = named(project.types, change.type, project);
    if (change.status !== undefined) values.status = named(project.statuses, change.status, project);
    if (change.priority !== undefined) values.priority = change.priority;
    if (change.assignee !== undefined) {
      const { assignee } = change;
      values.assignee = assignee === null ? null : known(seed.people[assignee], `There is no person ${assignee}.`);
    }
    if (change.sprint !== undefined) {
      const { sprint } = change;
      const found = seed.sprints?.find(({ name }) => name === sprint);
      values.fields = {
        ...values.fields,
        [SPRINT]: sprint === null ? null : [known(found, `There is no sprint ${sprint}.`)],
      };
    }
    if (change.parent !== undefined) values.parent = change.parent === null ? null : get(change.parent);
    return Object.assign(issue, values);
  }

  function add(key: string, at: Date, { properties = {}, ...change }: NewIssue): Issue {
    const project = getProject(key.slice(0, key.lastIndexOf('-')));
    const issue: Issue = apply(
      {
        id: '',
        key,
        project,
        type: known(
          project.types.find((type) => type.hierarchyLevel === 0),
          `${project.key} has no types.`,
        ),
        status: known(project.statuses[0], `${project.key} has no statuses.`),
        priority: 'Medium',
        assignee: null,
        parent: null,
        summary: '',
        description: adfOf(change.summary),
        fields: {},
        properties,
        links: [],
        histories: [],
        comments: [],
        watchers: [],
        created: at,
        updated: at,
        forbidden: project.forbidden ?? false,
      },
      change,
    );
    issue.id = String(nextId++);
    byId.set(issue.id, issue);
    name(issue.id, key);
    return issue;
  }

  if (kept === undefined) sow();
  else {
    for (const issue of restoreIssues(kept.issues, seed)) byId.set(issue.id, issue);
    for (const [key, id] of Object.entries(kept.ids)) name(id, key);
    nextId = kept.nextId;
  }

  function sow(): void {
    for (const [index, [key, type, status, priority, assignee, summary]] of seed.issues.entries()) {
      const at = new Date(newest - (seed.issues.length - 1 - index) * hour);
      add(key, at, { summary, type, status, priority, assignee });
    }
    for (const [child, parent] of Object.entries(seed.parents)) apply(get(child), { parent });
    for (const [key, sprint] of Object.entries(seed.planned ?? {})) apply(get(key), { sprint });
    for (const [formerKey, key] of Object.entries(seed.moved)) name(get(key).id, formerKey);
    for (const key of seed.forbidden) get(key).forbidden = true;
  }

  return {
    all: () => [...byId.values()],
    find,
    get,
    getProject,
    nextKey: ({ key }) => `${key}-${(numbers.get(key) ?? 0) + 1}`,
    name,
    add,
    apply,
    remove: ({ id }) => {
      byId.delete(id);
    },
    keep: () => ({ ids: Object.fromEntries(ids), nextId }),
  };
}

/** @throws the sentence when there is no value. */
export function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}

function named<T extends { name: string }>(values: T[], name: string, project: Project): T {
  const names = values.map((value) => value.name).join(', ');
  return known(
    values.find((value) => value.name === name),
    `${project.key} has no "${name}". It has: ${names}.`,
  );
}
