import { z } from 'zod';

/*
 * The answers of REST API v3, as the tests want them: our own table, stricter than Atlassian's document, which requires
 * nothing. `check.ts` compares with the document itself.
 */
const numeric = z.string().regex(/^\d+$/);
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
const address = z.url();

const user = z.strictObject({
  self: address,
  accountId: z.string().min(1).max(128),
  accountType: z.literal('atlassian'),
  active: z.literal(true),
  displayName: z.string().min(1),
  timeZone: z.string(),
});

function category<K extends string>(key: K, id: number, color: string, name: string) {
  return z.strictObject({
    self: address,
    key: z.literal(key),
    id: z.literal(id),
    colorName: z.literal(color),
    name: z.literal(name),
  });
}

export const status = z.strictObject({
  self: address,
  id: numeric,
  name: z.string().min(1),
  description: z.string(),
  statusCategory: z.discriminatedUnion('key', [
    category('undefined', 1, 'medium-gray', 'No Category'),
    category('new', 2, 'blue-gray', 'To Do'),
    category('done', 3, 'green', 'Done'),
    category('indeterminate', 4, 'yellow', 'In Progress'),
  ]),
});

const issuetype = z.strictObject({
  self: address,
  id: numeric,
  description: z.string(),
  name: z.string().min(1),
  subtask: z.boolean(),
  hierarchyLevel: z.literal([1, 0, -1]),
});

/** The fields that Maro asks for. */
const maroFields = z.strictObject({
  summary: z.string().min(1).max(255),
  status,
  assignee: user.nullable(),
  issuetype,
  priority: z.strictObject({ self: address, id: z.string().regex(/^[1-5]$/), name: z.string() }).nullable(),
  updated: time,
});
const maroIssue = z.strictObject({ id: numeric, key: z.string(), self: address, fields: maroFields });

export const wholeIssue = z.strictObject({
  ...maroIssue.shape,
  fields: maroFields.extend({
    project: z.strictObject({
      self: address,
      id: numeric,
      key: z.string(),
      name: z.string(),
      projectTypeKey: z.literal('software'),
      simplified: z.boolean(),
    }),
    parent: z
      .strictObject({
        ...maroIssue.shape,
        fields: maroFields.pick({ summary: true, status: true, priority: true, issuetype: true }),
      })
      .optional(),
    created: time,
    resolutiondate: time.nullable(),
    duedate: z.null(),
    labels: z.array(z.string()),
    description: z.looseObject({ type: z.literal('doc'), version: z.literal(1) }),
    comment: z.looseObject({ comments: z.array(z.never()) }),
  }),
});

export const serverInfo = z.looseObject({
  baseUrl: address,
  version: z.string(),
  versionNumbers: z.array(z.int()).length(3),
  deploymentType: z.literal('Cloud'),
  buildNumber: z.int(),
  buildDate: time,
  serverTime: time,
  serverTitle: z.string(),
});

export const myself = user.extend({
  emailAddress: z.email(),
  locale: z.string(),
  groups: z.strictObject({ size: z.int(), items: z.array(z.never()) }),
});

export const bulkfetched = z.strictObject({ issues: z.array(maroIssue), issueErrors: z.array(z.never()) });
export const errors = z.strictObject({ errorMessages: z.tuple([z.string().min(1)]), errors: z.strictObject({}) });

export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
});
