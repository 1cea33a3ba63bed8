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
  emailAddress: z.email().optional(),
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

const project = z.strictObject({
  self: address,
  id: numeric,
  key: z.string(),
  name: z.string(),
  projectTypeKey: z.literal('software'),
  simplified: z.boolean(),
});

/** The fields that Maro asks for. */
const maroFields = z.strictObject({
  summary: z.string().min(1).max(255),
  status,
  assignee: user.nullable(),
  issuetype,
  priority: z.strictObject({ self: address, id: z.string().regex(/^[1-5]$/), name: z.string() }).nullable(),
  updated: time,
  duedate: z.iso.date().nullable(),
});
const maroIssue = z.strictObject({ id: numeric, key: z.string(), self: address, fields: maroFields });

const history = z.strictObject({
  id: numeric,
  author: user.optional(),
  created: time,
  items: z
    .array(
      z.strictObject({
        field: z.string().min(1),
        fieldtype: z.enum(['jira', 'custom']),
        fieldId: z.string().min(1).optional(),
        from: z.string().nullable(),
        fromString: z.string().nullable(),
        to: z.string().nullable(),
        toString: z.string().nullable(),
      }),
    )
    .min(1),
});
const part = { startAt: z.int(), maxResults: z.int(), total: z.int() };
const comment = z.strictObject({
  self: address,
  id: numeric,
  author: user.optional(),
  updateAuthor: user.optional(),
  body: z.looseObject({ type: z.literal('doc'), version: z.literal(1) }),
  created: time,
  updated: time,
  visibility: z.strictObject({ type: z.enum(['role', 'group']), value: z.string(), identifier: z.string() }).optional(),
  jsdPublic: z.boolean(),
});
export const comments = z.strictObject({ ...part, comments: z.array(comment) });

export const wholeIssue = z.strictObject({
  ...maroIssue.shape,
  fields: maroFields.extend({
    project,
    parent: z
      .strictObject({
        ...maroIssue.shape,
        fields: maroFields.pick({ summary: true, status: true, priority: true, issuetype: true }),
      })
      .optional(),
    created: time,
    resolutiondate: time.nullable(),
    resolution: z.strictObject({ self: address, id: numeric, name: z.string(), description: z.string() }).nullable(),
    labels: z.array(z.string()),
    description: z.looseObject({ type: z.literal('doc'), version: z.literal(1) }),
    comment: z.strictObject({ ...part, self: address, comments: z.array(comment) }),
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
export const fieldErrors = z.strictObject({
  errorMessages: z.array(z.never()),
  errors: z.record(z.string().min(1), z.string().min(1)),
});

export const created = z.strictObject({ id: numeric, key: z.string(), self: address });
export const createdMany = z.strictObject({
  issues: z.array(created),
  errors: z.array(
    z.strictObject({ status: z.literal(400), elementErrors: fieldErrors, failedElementNumber: z.int().nonnegative() }),
  ),
});

export const typePage = z.strictObject({ ...part, issueTypes: z.array(issuetype).min(1) });
const option = z.strictObject({ self: address, id: numeric, value: z.string() });
const described = {
  required: z.boolean(),
  schema: z.strictObject({
    type: z.string(),
    items: z.string().optional(),
    system: z.string().optional(),
    custom: z.string().optional(),
    customId: z.int().optional(),
  }),
  name: z.string().min(1),
  key: z.string(),
  hasDefaultValue: z.boolean(),
  operations: z.array(z.string()).min(1),
  allowedValues: z.array(z.union([option, z.looseObject({ self: address, id: numeric, name: z.string() })])).optional(),
};
export const fieldPage = z.strictObject({
  ...part,
  fields: z.array(z.strictObject({ ...described, fieldId: z.string() })).min(1),
});
export const transitions = z.strictObject({
  expand: z.string(),
  transitions: z.array(
    z.strictObject({
      id: numeric,
      name: z.string().min(1),
      to: status,
      hasScreen: z.boolean(),
      isGlobal: z.boolean(),
      isInitial: z.literal(false),
      isAvailable: z.literal(true),
      isConditional: z.boolean(),
      looped: z.literal(false),
      fields: z.record(z.string(), z.strictObject(described)).optional(),
    }),
  ),
});
export const projectPage = z.strictObject({
  ...part,
  self: address,
  nextPage: address.optional(),
  isLast: z.boolean(),
  values: z.array(z.strictObject({ ...project.shape, style: z.literal('classic'), isPrivate: z.literal(false) })),
});
export const searched = z.strictObject({
  issues: z.array(maroIssue.extend({ changelog: z.strictObject({ ...part, histories: z.array(history) }).optional() })),
  isLast: z.boolean(),
  nextPageToken: z.string().optional(),
});
export const suggestions = z.strictObject({
  sections: z.array(
    z.strictObject({
      id: z.enum(['hs', 'cs']),
      label: z.string(),
      issues: z.array(
        z.strictObject({
          id: z.int(),
          key: z.string(),
          keyHtml: z.string(),
          img: z.string(),
          summary: z.string(),
          summaryText: z.string(),
        }),
      ),
    }),
  ),
});
export const counted = z.strictObject({ count: z.int() });
export const changelogs = z.strictObject({
  issueChangeLogs: z.array(z.strictObject({ issueId: numeric, changeHistories: z.array(history).min(1) })).min(1),
  nextPageToken: z.string().optional(),
});
export const statuses = z.array(status).min(1);
export const permissions = z.strictObject({
  permissions: z.record(
    z.string(),
    z.strictObject({
      id: numeric,
      key: z.string(),
      name: z.string(),
      type: z.enum(['GLOBAL', 'PROJECT']),
      description: z.string(),
      havePermission: z.boolean(),
    }),
  ),
});
export const linked = z.strictObject({ id: z.int(), self: address });
export const links = z.array(
  linked.extend({
    globalId: z.string().optional(),
    application: z.strictObject({}),
    object: z.looseObject({ url: address, title: z.string() }),
  }),
);
export const users = z.array(user).min(1);

export const problem = z.strictObject({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
});
