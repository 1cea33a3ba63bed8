import { z } from 'zod';
import type { StatusCategory } from '../issue.ts';
import type { IssueKey } from '../key.ts';
import type { AdfDocument } from './adf.ts';
import { doTransition, getTransitions } from './api.ts';
import type { Connection } from './connection.ts';
import type { Field, Option } from './field.ts';
import { fieldIn } from './meta.ts';
import { category, id, line } from './parse.ts';
import { type OfIssue, ofIssue } from './reading.ts';
import { type Written, writeOnly } from './written.ts';

/**
 * A step that an issue can take in its workflow. Several can lead to the same status, and one can lead to the status that the
 * issue has. `required` has the fields that Jira requires for it. It takes a comment only if it has a screen. `resolutions` has the
 * resolutions that it takes. It is empty if the transition's screen has no such field.
 */
export type Transition = {
  id: string;
  name: string;
  to: { id: string; name: string; category: StatusCategory };
  hasScreen: boolean;
  required: readonly Field[];
  resolutions: readonly Option[];
};

/** `fields` are values by the ids of the fields, in the form that Jira expects: see `wireValue`. */
export type Step = { id: string; fields?: Readonly<Record<string, unknown>>; comment?: AdfDocument };

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get */
const transitionJson = z.object({
  id,
  name: line,
  to: z.object({ id, name: line, statusCategory: z.object({ key: category }) }),
  hasScreen: z.boolean().default(true),
  isAvailable: z.boolean().default(true),
  fields: z.record(z.string(), z.unknown()).default({}),
});
const transitionsJson = z.object({ transitions: z.array(z.unknown()) });

/** Fields that every issue has a value for, so that nobody has to be asked. */
const ALWAYS_SET = new Set(['summary', 'issuetype', 'project', 'reporter']);

/** See `transitionsOf` in `acts.ts`. */
export async function transitionsOf(jira: Connection, key: IssueKey): Promise<OfIssue<readonly Transition[]>> {
  return await ofIssue(jira, key, async () => {
    const request = { issueIdOrKey: key, expand: 'transitions.fields' };
    const { status, json } = await jira.ask((client) => getTransitions(client, request));
    if (status === 404) return undefined;
    const parsed = status === 200 ? transitionsJson.safeParse(json) : undefined;
    if (!parsed?.success) throw jira.unreadable();
    return parsed.data.transitions.flatMap((item) => {
      const transition = transitionJson.safeParse(item).data;
      if (transition === undefined) throw jira.unreadable();
      const { isAvailable, fields, to, ...rest } = transition;
      if (!isAvailable) return [];
      const required = requiredIn(fields);
      if (required === undefined) throw jira.unreadable();
      const resolution = fieldIn('resolution', fields.resolution)?.field;
      const resolutions = resolution?.kind === 'single_select' ? resolution.options : [];
      return [{ ...rest, to: { id: to.id, name: to.name, category: to.statusCategory.key }, required, resolutions }];
    });
  });
}

/** The required fields; undefined if Maro cannot read one of them. */
function requiredIn(fields: Readonly<Record<string, unknown>>): Field[] | undefined {
  const required: Field[] = [];
  for (const [fieldId, json] of Object.entries(fields)) {
    const field = fieldIn(fieldId, json);
    if (field === undefined) return undefined;
    if (field.required && !ALWAYS_SET.has(fieldId)) required.push(field.field);
  }
  return required;
}

/** See `transition` in `acts.ts`. */
export async function transition(jira: Connection, key: IssueKey, step: Step): Promise<Written> {
  const { id, fields, comment } = step;
  return await writeOnly(jira, key, (client) =>
    doTransition(client, {
      issueIdOrKey: key,
      transition: { id },
      ...(fields !== undefined && Object.keys(fields).length > 0 && { fields }),
      ...(comment !== undefined && { update: { comment: [{ add: { body: comment } }] } }),
    }),
  );
}
