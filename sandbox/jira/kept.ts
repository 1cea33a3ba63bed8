import type { Issue } from './issues.ts';
import type { Seed } from './seed.ts';

/** An issue without what the seed has: its project, type, status, assignee, and parent by their ids. Times are in ISO 8601. */
type KeptIssue = Omit<Issue, 'project' | 'type' | 'status' | 'assignee' | 'parent' | 'created' | 'updated'> &
  Record<'project' | 'type' | 'status' | 'created' | 'updated', string> &
  Record<'assignee' | 'parent', string | null>;

/** What of a site outlives a run. `ids` has every key that ever was, in upper case, with the id of its issue. */
export type KeptJira = { issues: KeptIssue[]; ids: Record<string, string>; nextId: number };

export function keepIssue(issue: Issue): KeptIssue {
  const { project, type, status, assignee, parent, created, updated } = issue;
  return {
    ...issue,
    project: project.id,
    type: type.id,
    status: status.id,
    assignee: assignee?.accountId ?? null,
    parent: parent?.id ?? null,
    created: created.toISOString(),
    updated: updated.toISOString(),
  };
}

/** The issues of an earlier run, in their order. @throws a sentence when the seed lacks something that an issue names. */
export function restoreIssues(kept: readonly KeptIssue[], { projects, people }: Seed): Issue[] {
  const restored = kept.map((issue): Issue => {
    const lacks = (what: string) => new Error(`${issue.key} has a ${what} that this Jira does not have.`);
    const project = projects.find(({ id }) => id === issue.project);
    if (project === undefined) throw lacks('project');
    const type = project.types.find(({ id }) => id === issue.type);
    if (type === undefined) throw lacks('type');
    const status = project.statuses.find(({ id }) => id === issue.status);
    if (status === undefined) throw lacks('status');
    const assignee = Object.values(people).find(({ accountId }) => accountId === issue.assignee) ?? null;
    if (issue.assignee !== null && assignee === null) throw lacks('assignee');
    const [created, updated] = [new Date(issue.created), new Date(issue.updated)];
    return { ...issue, project, type, status, assignee, parent: null, created, updated };
  });
  const byId = new Map(restored.map((issue) => [issue.id, issue]));
  for (const { id, parent } of kept) {
    const issue = byId.get(id);
    if (issue && parent !== null) issue.parent = byId.get(parent) ?? null;
  }
  return restored;
}
