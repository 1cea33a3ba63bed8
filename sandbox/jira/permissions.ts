import { type Answer, errorCollection, issueNotFound, json } from './answer.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';
import { isHidden } from './issues.ts';

/** Those that the stand-in knows, with the ids that Jira gives them. */
const known = {
  ADMINISTER: { id: '0', name: 'Administer Jira', type: 'GLOBAL' },
  USER_PICKER: { id: '27', name: 'Browse users and groups', type: 'GLOBAL' },
  BULK_CHANGE: { id: '33', name: 'Make bulk changes', type: 'GLOBAL' },
  BROWSE_PROJECTS: { id: '10', name: 'Browse Projects', type: 'PROJECT' },
  CREATE_ISSUES: { id: '11', name: 'Create Issues', type: 'PROJECT' },
  EDIT_ISSUES: { id: '12', name: 'Edit Issues', type: 'PROJECT' },
  ASSIGN_ISSUES: { id: '13', name: 'Assign Issues', type: 'PROJECT' },
  ADD_COMMENTS: { id: '15', name: 'Add Comments', type: 'PROJECT' },
  LINK_ISSUES: { id: '21', name: 'Link Issues', type: 'PROJECT' },
  MODIFY_REPORTER: { id: '30', name: 'Modify Reporter', type: 'PROJECT' },
  MANAGE_WATCHERS: { id: '32', name: 'Manage Watchers', type: 'PROJECT' },
  TRANSITION_ISSUES: { id: '46', name: 'Transition Issues', type: 'PROJECT' },
} as const;

export type Permission = keyof typeof known;

/** All but the administrator's. */
export const permissions: readonly Permission[] = (Object.keys(known) as Permission[]).filter(
  (key) => key !== 'ADMINISTER',
);

/** GET mypermissions */
export function myPermissions(call: Call, site: Site): Answer {
  const { query } = call;
  const unplayed = ['projectUuid', 'projectConfigurationUuid', 'commentId'].find((name) => query.has(name));
  if (unplayed !== undefined) return notPlayed(unplayed);
  const keys = (query.get('permissions') ?? '').split(',').filter((key) => key !== '');
  if (keys.length === 0) return errorCollection(400, "The 'permissions' query parameter is required.");
  const unknown = keys.find((key) => !isKnown(key));
  if (unknown !== undefined) return errorCollection(400, `Unrecognized permission: ${unknown}`);
  const missing = missingIn(query, site);
  if (missing !== undefined) return missing;
  const told = keys.filter(isKnown).map((key) => {
    const havePermission = site.seesIssues && site.permissions.has(key);
    return [key, { ...known[key], key, description: known[key].name, havePermission }];
  });
  return json(200, { permissions: Object.fromEntries(told) });
}

function isKnown(key: string): key is Permission {
  return Object.hasOwn(known, key);
}

/** The answer where the project or the issue is not there, or not visible. */
function missingIn(query: URLSearchParams, { projects, issues, seesIssues }: Site): Answer | undefined {
  const project = query.get('projectId') ?? query.get('projectKey');
  if (project !== null) {
    const isThere = projects.some(({ id, key, forbidden }) => !forbidden && (id === project || key === project));
    if (!seesIssues || !isThere) return errorCollection(404, `No project could be found with key '${project}'.`);
  }
  const idOrKey = query.get('issueId') ?? query.get('issueKey');
  if (idOrKey === null) return undefined;
  const issue = issues.find(idOrKey);
  return seesIssues && issue && !isHidden(issue) ? undefined : issueNotFound();
}
