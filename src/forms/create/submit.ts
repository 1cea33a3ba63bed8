import { defined } from '../../defined.ts';
import type { Issue } from '../../issue.ts';
import { type Field, wireValue } from '../../jira/field.ts';
import { aboutDescription, aboutSummary } from '../../jira/new-issue.ts';
import { adfOf } from '../../messages/adf.ts';
import { richTextOf } from '../../messages/rich-text.ts';
import { sentenceView } from '../../messages/views.ts';
import type { WorkflowOutcome } from '../../runner/run.ts';
import type { Deps } from '../../services.ts';
import { SlackTrouble } from '../../slack/trouble.ts';
import { within } from '../../within.ts';
import { type Submission, type Submitted, submitRequest, update } from '../submission.ts';
import { fieldBlock, typeBlock } from './control.ts';
import { CREATE_TITLE, type Form, formView, shownFields } from './form.ts';
import { asksFor, chosenIn, type Given, parseGiven } from './given.ts';
import { loadForm } from './load.ts';
import type { Origin } from './origin.ts';
import { askedMessages, missingSentence, threadContent } from './thread.ts';
import { stateOf, type Values } from './values.ts';

/** The time limit for looking up names, and for finding likely duplicates. Creating goes on without late results. */
const SIDE_WITHIN_MS = 900;
const THREAD_WITHIN_MS = 1_500;
/** The time limit for the project's types and fields. They are cached for ten minutes, usually since the form was shown. */
const KNOWN_WITHIN_MS = 2_000;
/** Reserved for the database and for sending the answer to Slack. */
const SPARE_MS = 200;
const SLOW = 'Jira is slow, so nothing was created yet. Press Create again.';

/** Handles the create form: shows errors at their fields, then likely duplicates once, then creates the ticket. */
export async function submitCreate(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const { jira } = deps.services;
  // The milliseconds that are left to answer Slack, or `most` if that is less.
  const left = (most: number) => Math.min(most, submitted.until - Date.now() - SPARE_MS);
  const chosen = chosenIn(values);
  const form = await within(left(KNOWN_WITHIN_MS), loadForm(chosen, origin, values, jira));
  // An error at a field leaves the rest of the form as it is.
  const refuse = (sentence: string) => submitted.respond({ response_action: 'errors', errors: { project: sentence } });
  if (form === undefined) return refuse(chosen.type === undefined ? unsaid(chosen.project) : SLOW);
  const { project, type, fields, sentence } = form;
  const shown = shownFields(form);
  if (sentence !== undefined) return refuse(sentence);
  if (project === undefined || type === undefined)
    return refuse('Maro can’t create issues of any type in this project. Choose another.');
  if (chosen.type === undefined || !asksFor(values, project.key, type.id, fields)) {
    return submitted.respond(update(formView({ ...form, sentence: unseen(project.key, type.name) })));
  }
  const unasked = fields.find(({ kind }) => kind === 'other');
  if (unasked !== undefined) return submitted.respond(update(formView({ ...form, sentence: unaskable(unasked.name) })));
  const given = parseGiven(values, project.key, type.id, shown);
  const errors = errorsIn(form, given, jira.allows);
  if (Object.keys(errors).length > 0) return submitted.respond({ response_action: 'errors', errors });

  const similar =
    origin.searched === project.key ? [] : await duplicatesOf(project.key, given.summary, left(SIDE_WITHIN_MS), deps);
  if (similar.length > 0) {
    const searched = { ...form, origin: { ...origin, searched: project.key }, duplicates: similar };
    return submitted.respond(update(formView(searched)));
  }
  const thread = await askedMessages(origin, given.thread, left(THREAD_WITHIN_MS), deps.slack);
  if (thread instanceof SlackTrouble) {
    return submitted.respond({ response_action: 'errors', errors: { thread: thread.message } });
  }
  if (thread.missing > (origin.missing ?? 0)) {
    const told = { ...origin, missing: thread.missing };
    return submitted.respond(update(formView({ ...form, origin: told, sentence: missingSentence(thread) })));
  }
  const own = given.description === undefined ? [] : adfOf(given.description, new Map()).content;
  const content = [
    ...own,
    ...(await threadContent(thread, origin, given.description, left(SIDE_WITHIN_MS), deps.slack)),
  ];
  const description = { type: 'doc', version: 1, content } as const;
  const complaint = aboutDescription(description);
  if (complaint !== undefined)
    return submitted.respond({ response_action: 'errors', errors: { description: complaint } });

  const channel = origin.channel ?? given.channel;
  const document = content.length === 0 ? {} : { description };
  const inputs = {
    project: project.key,
    summary: given.summary.trim(),
    issue_type: type.name,
    fields: JSON.stringify({ ...wireFields(given), ...document }),
    user_id: origin.user,
    ...defined({ channel_id: channel, message_link: origin.messageLink, thread_ts: origin.threadTs }),
  };
  const workflow = channel === undefined ? 'create_ticket' : 'create_and_track';
  const submission: Submission = {
    ...submitted,
    title: CREATE_TITLE,
    submit: 'Create',
    again: async (sentence) => formView({ ...form, sentence }),
    errorsOf: (outcome) => errorsAt(outcome, form),
  };
  const typed = typedBesides(form, given, values);
  await submitRequest(
    { id: origin.request, workflow, inputs, typed, door: 'form', responseUrl: origin.responseUrl },
    submission,
    deps,
  );
}

/** What the person typed besides the summary: the description and the texts in other fields, under the names of the fields. */
function typedBesides(form: Form, { description }: Given, values: Values) {
  const { project, type } = form;
  const texts = shownFields(form).flatMap(({ id, name }) => {
    const { value } = stateOf(values, fieldBlock(project?.key ?? '', type?.id ?? '', id));
    return richTextOf(value ? `${name}: ${value}` : '')?.elements ?? [];
  });
  const elements = [...(description?.elements ?? []), ...texts];
  return elements.length === 0 ? undefined : { type: 'rich_text' as const, elements };
}

/** What the form says if it was sent before Jira returned the types and fields of the chosen project. */
function unsaid(project: string | undefined): string {
  return `Jira is slow, so the fields for ${project} aren’t here yet. Nothing was created. Press Create again when they appear.`;
}

/** What the form says if it was sent before it showed the fields of the chosen project and type. */
function unseen(project: string, type: string): string {
  return `The form didn’t show the fields for ${type} in ${project} yet, so nothing was created. They’re here now. Check them, and press Create again.`;
}

/** What the form says if Jira requires a field that it cannot ask for. The link below it carries what was typed. */
function unaskable(field: string): string {
  return `Nothing was created. Jira requires “${field}”, and Maro can’t ask for that. The link to Jira’s own form below now carries over what you typed.`;
}

/** The fields that were filled in, by their ids, in the form that Jira expects. */
function wireFields({ fields }: Given): Record<string, unknown> {
  return Object.fromEntries(fields.map(({ field, value }) => [field.id, wireValue(value)]));
}

/** Errors that Maro finds without calling Jira, by block_id. */
function errorsIn(
  { project, type }: Form,
  { summary, fields, complaints }: Given,
  allows: (key: string) => boolean,
): Record<string, string> {
  if (project === undefined || type === undefined) return {};
  const atFields = Object.entries(complaints).map(([id, words]) => [fieldBlock(project.key, type.id, id), words]);
  const parents = fields.flatMap(({ value }) => (value.kind === 'parent' && !allows(value.value) ? [value.value] : []));
  const aboutParents = parents.map((key) => [
    fieldBlock(project.key, type.id, 'parent'),
    `${key} is in a project that Maro isn’t allowed to use.`,
  ]);
  return {
    ...defined({ summary: aboutSummary(summary.trim()) }),
    ...Object.fromEntries(atFields),
    ...Object.fromEntries(aboutParents),
  };
}

/** Jira's complaints by block_id. Empty when a complaint has no block, since the person should see all complaints together. */
function errorsAt({ steps: [first] }: WorkflowOutcome, form: Form): Record<string, string> {
  const { project, type } = form;
  const complaints = (first !== undefined && 'error' in first.outcome && first.outcome.complaints) || {};
  const blocks = new Map<string, string>([
    ['summary', 'summary'],
    ['description', 'description'],
    ['project', 'project'],
    ['issuetype', typeBlock(project?.key ?? '')],
    ...shownFields(form)
      .filter(({ kind }: Field) => kind !== 'other')
      .map(({ id }) => [id, fieldBlock(project?.key ?? '', type?.id ?? '', id)] as const),
  ]);
  const errors = Object.entries(complaints).map(([id, words]) => [blocks.get(id), words] as const);
  return errors.every(([block, words]) => block !== undefined && words !== '') ? Object.fromEntries(errors) : {};
}

/** Searches for similar issues. Returns none when Jira is slow or fails. */
async function duplicatesOf(
  project: string,
  summary: string,
  ms: number,
  { services }: Deps,
): Promise<readonly Issue[]> {
  const found = await within(ms, services.jira.similar(project, summary));
  return found?.state === 'known' ? found.value : [];
}

/** What a person sees who submits a form that somebody else opened. */
export function foreignForm() {
  return sentenceView(CREATE_TITLE, 'Someone else opened this form, so nothing was created. Open your own.');
}
