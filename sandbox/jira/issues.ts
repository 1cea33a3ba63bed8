import { type KeptJira, keepIssue, restoreIssues } from './kept.ts';
import type { IssueType, Person, Priority, Project, Seed, Status } from './seed.ts';

/** An issue as the stand-in holds it. Keys change when issues move, ids never do. */
export type Issue = {
  id: string;
  key: string;
  project: Project;
  type: IssueType;
  status: Status;
  priority: Priority | null;
  assignee: Person | null;
  parent: Issue | null;
  summary: string;
  /** In Atlassian Document Format. */
  description: object | null;
  /** Fields that the issue's type has beyond those of every issue, as an issue shows them. */
  fields: Record<string, unknown>;
  /** What apps have put on the issue. */
  properties: Record<string, unknown>;
  links: RemoteLink[];
  created: Date;
  updated: Date;
  forbidden: boolean;
};

export type RemoteLink = { id: number; globalId?: string; title: string; url: string };

/** What only a new issue is given. */
export type NewIssue = IssueChange & {
  summary: string;
  description?: object | null;
  fields?: Record<string, unknown>;
  properties?: Record<string, unknown>;
};

/** Names are those a person reads in Jira; `assignee` is a handle of the seed, `parent` a key. */
export type IssueChange = {
  summary?: string;
  type?: string;
  status?: string;
  priority?: Priority | null;
  assignee?: string | null;
  parent?: string | null;
};

/** The issues of the site, and what people do to them. An unknown key, project or name throws a sentence. */
export type Issues = {
  /** What the next run begins with. */
  keep(): KeptJira;
  all(): Issue[];
  /** By id, key in any case, or former key; also what is forbidden. */
  find(idOrKey: string): Issue | undefined;
  /** A new issue in `project` (its key), by default of the first type that is not an epic, in the first status. */
  create(project: string, issue: NewIssue): Issue;
  edit(idOrKey: string, change: IssueChange): Issue;
  /** Gives the issue the next key of `project`; the former key goes on finding it. */
  move(idOrKey: string, project: string): Issue;
  remove(idOrKey: string): void;
  /** Hides the issue from Maro's login. */
  forbid(idOrKey: string): void;
  allow(idOrKey: string): void;
};

// What is no ASCII is refused before upper-casing: JavaScript upper-cases a long s to S.
const keyPattern = /^[A-Za-z][A-Za-z0-9_]*-[0-9]+$/;
const firstId = 10_101;
const newest = Date.parse('2026-11-20T09:14:03.512Z');
const hour = 3_600_000;

/**
 * Begins with what an earlier run kept, or with the seed's issues. `changed` hears of every issue that is new or not as it was.
 * @throws a sentence when the seed lacks something that a kept issue names.
 */
export function createIssues(seed: Seed, changed: (issue: Issue) => void = () => {}, kept?: KeptJira): Issues {
  const byId = new Map<string, Issue>();
  /** Every key that ever was, in upper case, to the id. Jira gives no number twice. */
  const ids = new Map<string, string>();
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

  function nextKey(project: Project): string {
    const numbers = [...ids.keys()].filter((key) => key.startsWith(`${project.key}-`)).map((key) => key.split('-')[1]);
    return `${project.key}-${Math.max(0, ...numbers.map(Number)) + 1}`;
  }

  function apply(issue: Issue, change: IssueChange): Issue {
    const { project } = issue;
    const values: Partial<Issue> = {};
    if (change.summary !== undefined) values.summary = change.summary;
    if (change.type !== undefined) values.type = named(project.types, change.type, project);
    if (change.status !== undefined) values.status = named(project.statuses, change.status, project);
    if (change.priority !== undefined) values.priority = change.priority;
    if (change.assignee !== undefined) {
      const { assignee } = change;
      values.assignee = assignee === null ? null : known(seed.people[assignee], `Nobody is called ${assignee}.`);
    }
    if (change.parent !== undefined) values.parent = change.parent === null ? null : get(change.parent);
    return Object.assign(issue, values);
  }

  function add(key: string, at: Date, { description, fields = {}, properties = {}, ...change }: NewIssue): Issue {
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
        description: description === undefined ? paragraph(change.summary) : description,
        fields,
        properties,
        links: [],
        created: at,
        updated: at,
        forbidden: project.forbidden ?? false,
      },
      change,
    );
    issue.id = String(nextId++);
    byId.set(issue.id, issue);
    ids.set(key, issue.id);
    changed(issue);
    return issue;
  }

  function touch(issue: Issue): Issue {
    issue.updated = new Date(Math.max(Date.now(), issue.updated.getTime() + 1));
    changed(issue);
    return issue;
  }

  if (kept === undefined) sow();
  else {
    for (const issue of restoreIssues(kept.issues, seed)) {
      byId.set(issue.id, issue);
      changed(issue);
    }
    for (const [key, id] of Object.entries(kept.ids)) ids.set(key, id);
    nextId = kept.nextId;
  }

  function sow(): void {
    for (const [index, [key, type, status, priority, assignee, summary]] of seed.issues.entries()) {
      const at = new Date(newest - (seed.issues.length - 1 - index) * hour);
      add(key, at, { summary, type, status, priority, assignee });
    }
    for (const [child, parent] of Object.entries(seed.parents)) apply(get(child), { parent });
    for (const [formerKey, key] of Object.entries(seed.moved)) ids.set(formerKey, get(key).id);
    for (const key of seed.forbidden) get(key).forbidden = true;
  }

  return {
    keep: () => ({ issues: [...byId.values()].map(keepIssue), ids: Object.fromEntries(ids), nextId }),
    all: () => [...byId.values()],
    find,
    create: (project, issue) => add(nextKey(getProject(project)), new Date(), issue),
    edit: (idOrKey, change) => touch(apply(get(idOrKey), change)),
    move(idOrKey, projectKey) {
      const issue = get(idOrKey);
      const project = getProject(projectKey);
      const type = project.types[issue.project.types.indexOf(issue.type)];
      const status = project.statuses.find(({ category }) => category === issue.status.category) ?? project.statuses[0];
      issue.key = nextKey(project);
      issue.type = known(type, `${project.key} has no type for ${issue.type.name}.`);
      issue.status = known(status, `${project.key} has no statuses.`);
      issue.project = project;
      ids.set(issue.key, issue.id);
      return touch(issue);
    },
    remove: (idOrKey) => {
      byId.delete(get(idOrKey).id);
    },
    forbid: (idOrKey) => {
      get(idOrKey).forbidden = true;
    },
    allow: (idOrKey) => {
      get(idOrKey).forbidden = false;
    },
  };
}

function paragraph(text: string): object {
  return { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text }] }] };
}

function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(otherwise);
  return value;
}

function named<T extends { name: string }>(values: T[], name: string, project: Project): T {
  const names = values.map((value) => value.name).join(', ');
  return known(
    values.find((value) => value.name === name),
    `${project.key} has no "${name}", only ${names}.`,
  );
}
