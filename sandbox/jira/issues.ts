import type { Comment } from './comment.ts';
import { type CommentActs, commentActs } from './comments.ts';
import type { Happening } from './happening.ts';
import { type ChangeItem, changeItems, creationItems, type History, linkItem } from './history.ts';
import { type KeptJira, keepIssue } from './kept.ts';
import {
  type IssueType,
  maro,
  type Person,
  type Priority,
  type Project,
  type Resolution,
  type Seed,
  type Status,
} from './seed.ts';
import { createStore, firstId, known } from './store.ts';

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
  /** The oldest first, as are comments. */
  histories: History[];
  comments: Comment[];
  /** The account ids of those who watch it. */
  watchers: string[];
  created: Date;
  updated: Date;
  forbidden: boolean;
};

export type RemoteLink = { id: number; globalId?: string; title: string; url: string };

/** What only a new issue is given. */
export type NewIssue = IssueChange & {
  summary: string;
  properties?: Record<string, unknown>;
};

/** Names are those a person reads in Jira; `assignee` is a handle of the seed, `parent` a key, `duedate` as in 2026-12-24. */
export type IssueChange = {
  summary?: string;
  description?: object | null;
  type?: string;
  status?: string;
  priority?: Priority | null;
  assignee?: string | null;
  parent?: string | null;
  /** The name of a sprint. */
  sprint?: string | null;
  labels?: string[];
  duedate?: string | null;
  resolution?: Resolution | null;
  /** Whether the issue has Jira's flag. */
  flagged?: boolean;
  /** Fields that only some types have, as an issue shows them. */
  fields?: Record<string, unknown>;
};

/**
 * Who does something: a handle of the seed, or `maro` for the account whose login Maro has. Null is nobody whom Jira would
 * name. By default it is the first person of the seed.
 */
export type By = string | null;

/**
 * The issues of the site, and what people do to them. Each act that changes something is logged in the issue's histories and
 * sets `updated`. An unknown key, project or name throws a sentence.
 */
export type Issues = CommentActs & {
  /** What the next run begins with. */
  keep(): KeptJira;
  all(): Issue[];
  /** By id, key in any case, or former key; also what is forbidden. */
  find(idOrKey: string): Issue | undefined;
  /** A new issue in `project` (its key), by default of the first type that is not an epic, in the first status. */
  create(project: string, issue: NewIssue, by?: By): Issue;
  edit(idOrKey: string, change: IssueChange, by?: By): Issue;
  /** Gives the issue the next key of `project`; the former key goes on finding it. */
  move(idOrKey: string, project: string, by?: By): Issue;
  /** Its comments go with it. */
  remove(idOrKey: string, by?: By): void;
  /** A new remote link, or a change of the one with the same globalId. */
  link(idOrKey: string, link: Omit<RemoteLink, 'id'>, by?: By): { link: RemoteLink; isNew: boolean };
  /** Hides the issue from Maro's login. Neither this nor `allow` leaves a trace on the issue. */
  forbid(idOrKey: string): void;
  allow(idOrKey: string): void;
  /** Hides a project (its key) with its issues from Maro's login. */
  forbidProject(key: string): void;
  allowProject(key: string): void;
};

/** Whether Maro's login does not see the issue. */
export function isHidden({ forbidden, project }: Issue): boolean {
  return forbidden || project.forbidden === true;
}

/** The issue, if the login sees it. */
export function visibleIssue(
  idOrKey: string,
  { issues, seesIssues }: { issues: Pick<Issues, 'find'>; seesIssues: boolean },
): Issue | undefined {
  const issue = issues.find(idOrKey);
  return issue && seesIssues && !isHidden(issue) ? issue : undefined;
}

/** `changed` hears of every issue that is new or not as it was, and `happened` of what people and apps did. */
export type Listeners = {
  changed(issue: Issue): void;
  happened(happening: Happening): void;
  /** Jira's time, in milliseconds since 1970. */
  now(): number;
};

/**
 * Begins with what an earlier run kept, or with the seed's issues.
 * @throws a sentence when the seed lacks something that a kept issue names.
 */
export function createIssues(seed: Seed, { changed, happened, now }: Listeners, kept?: KeptJira): Issues {
  const store = createStore(seed, kept);
  const { get, getProject } = store;
  let nextHistoryId = kept?.nextHistoryId ?? firstId;
  for (const issue of store.all()) changed(issue);

  function touch(issue: Issue): Issue {
    issue.updated = new Date(Math.max(now(), issue.updated.getTime() + 1));
    changed(issue);
    return issue;
  }

  function who(by: By | undefined): Person | null {
    if (by === null) return null;
    if (by === 'maro') return maro;
    const people = Object.values(seed.people);
    return by === undefined ? (people[0] ?? null) : known(seed.people[by], `There is no person ${by}.`);
  }

  function log(issue: Issue, items: ChangeItem[], by: Person | null): Issue {
    if (items.length === 0) return issue;
    const at = touch(issue).updated;
    const history = historyOf(items, by, at);
    issue.histories.push(history);
    happened({ event: 'jira:issue_updated', issue, by, at, history });
    return issue;
  }

  function historyOf(items: ChangeItem[], author: Person | null, created: Date): History {
    return { id: String(nextHistoryId++), author, created, items };
  }

  /** Logs what `change` changes. What changes nothing leaves no trace. */
  function logged(issue: Issue, by: Person | null, change: () => void): Issue {
    const before = { ...issue };
    change();
    return log(issue, changeItems(before, issue), by);
  }

  const comments = commentActs({ get, touch, who, happened }, kept?.nextCommentId ?? firstId);

  return {
    ...comments.acts,
    keep: () => ({
      issues: store.all().map(keepIssue),
      ...store.keep(),
      nextHistoryId,
      nextCommentId: comments.nextId(),
    }),
    all: store.all,
    find: store.find,
    create(project, issue, by) {
      const author = who(by);
      const made = store.add(store.nextKey(getProject(project)), new Date(now()), issue);
      changed(made);
      const at = made.created;
      const history = historyOf(creationItems(made), author, at);
      happened({ event: 'jira:issue_created', issue: made, by: author, at, history });
      return made;
    },
    edit(idOrKey, change, by) {
      const issue = get(idOrKey);
      return logged(issue, who(by), () => store.apply(issue, change));
    },
    move(idOrKey, projectKey, by) {
      const issue = get(idOrKey);
      const project = getProject(projectKey);
      const type = project.types[issue.project.types.indexOf(issue.type)];
      const status = project.statuses.find(({ category }) => category === issue.status.category) ?? project.statuses[0];
      const values = {
        key: store.nextKey(project),
        type: known(type, `${project.key} has no type for ${issue.type.name}.`),
        status: known(status, `${project.key} has no statuses.`),
        project,
      };
      store.name(issue.id, values.key);
      return logged(issue, who(by), () => Object.assign(issue, values));
    },
    remove(idOrKey, by) {
      const issue = get(idOrKey);
      const author = who(by);
      store.remove(issue);
      const at = new Date(now());
      happened({ event: 'jira:issue_deleted', issue, by: author, at });
      for (const comment of issue.comments) {
        happened({ event: 'comment_deleted', issue, comment, by: author, at, withIssue: true });
      }
    },
    link(idOrKey, { globalId, ...link }, by) {
      const issue = get(idOrKey);
      const author = who(by);
      const found = issue.links.find((each) => globalId !== undefined && each.globalId === globalId);
      if (found !== undefined) return { link: Object.assign(found, link), isNew: false };
      const id = Number(issue.id) * 100 + issue.links.length;
      const made = { ...link, ...(globalId !== undefined && { globalId }), id };
      issue.links.push(made);
      log(issue, [linkItem(id, made.title)], author);
      return { link: made, isNew: true };
    },
    forbid: (idOrKey) => {
      get(idOrKey).forbidden = true;
    },
    allow: (idOrKey) => {
      get(idOrKey).forbidden = false;
    },
    forbidProject: (key) => {
      getProject(key).forbidden = true;
    },
    allowProject: (key) => {
      delete getProject(key).forbidden;
    },
  };
}
