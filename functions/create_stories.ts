import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { inWords, MOST_KEYS, resolve, unreadAnswer } from '../src/issues/answer.ts';
import { createOnce, doubtful, epicName, fitting, laterLook, typesOf } from '../src/issues/creation.ts';
import { type GivenFields, readGiven } from '../src/issues/given-fields.ts';
import { reporterOf } from '../src/issues/reporter.ts';
import { NOT_VISIBLE } from '../src/issues/visible.ts';
import { descriptionOf } from '../src/jira/description.ts';
import { defaultType, epicType, type IssueType } from '../src/jira/issue-type.ts';
import { NOT_FOUND } from '../src/jira/reading.ts';
import { type IssueKey, parseKeys, parseProjectKey } from '../src/key.ts';
import { linesOf } from '../src/messages/lines.ts';
import { richTextInput } from '../src/messages/rich-text-input.ts';
import { type ReadText, readerOf } from '../src/messages/step-text.ts';
import { CONTINUE_ON_ERROR } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { messageLinkOf } from '../src/slack/permalink.ts';
import { harmless, truncate } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'create_stories',
  title: 'Create Jira stories',
  description: 'Create up to 50 stories at once, in a new or existing epic.',
  source_file: 'functions/create_stories.ts',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The project’s key, such as PLAT.' },
      stories: { type: Schema.types.string, title: 'Stories', description: 'One summary per line. Up to 50.' },
      formatted_stories: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted stories',
        description: 'One summary per line or list item. Up to 50, including those in Stories.',
      },
      epic_summary: {
        type: Schema.types.string,
        title: 'New epic',
        description: 'The summary of an epic to create for the stories.',
      },
      epic_key: {
        type: Schema.types.string,
        title: 'Existing epic',
        description: 'The key of an existing epic, or a link to it.',
      },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel the request comes from.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked for the stories. Becomes their reporter if possible.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message the request comes from.',
      },
      required_fields: {
        type: Schema.types.object,
        title: 'Required fields',
        description: 'The fields Jira requires for each story.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['project'],
  },
  output_parameters: {
    properties: {
      created: { type: Schema.types.boolean, title: 'All created', description: 'True if every story was created.' },
      epic_key: { type: Schema.types.string, title: 'Epic key', description: 'The key of the epic, if there is one.' },
      issue_keys: {
        type: Schema.types.string,
        title: 'Issue keys',
        description: 'The keys of the stories, separated by commas.',
      },
      count: { type: Schema.types.integer, title: 'Count', description: 'How many stories were created.' },
      made: {
        type: Schema.types.string,
        title: 'What was created',
        description: 'For example, “an epic and 4 stories”.',
      },
      skipped: {
        type: Schema.types.string,
        title: 'Skipped',
        description: 'Stories that weren’t created or can’t be shown, and why.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why nothing was created. Empty if the step succeeded.',
      },
    },
    required: ['created'],
  },
});

export const CreateStories = slackFunction(declaration, createStories);

/** Jira creates up to 50 issues in one call. */
export const MOST_STORIES = 50;
const LONGEST_NAME = 80;

type Stories = {
  project: string;
  stories: string[];
  description: ReturnType<typeof descriptionOf>;
  /** The values for the fields that Jira requires, and how to read them. */
  given: GivenFields;
  read: ReadText;
  /** The channel that tracks issues that are found late, and the person who is told. */
  asker: { channel: string | undefined; user: string | undefined };
};
type Epic = { key: IssueKey | undefined; isNew: boolean };

/**
 * Creates the stories, once for each operation: in a new epic, in an existing epic, or in none.
 * `skipped` lists stories not created or not shown.
 */
async function createStories(
  inputs: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const formatted = richTextInput(inputs.formatted_stories);
  const texts = [inputs.project, inputs.stories, inputs.epic_summary, JSON.stringify(inputs.required_fields)];
  const read = await readerOf(texts, formatted, context);
  const project = parseProjectKey(read.plain(inputs.project));
  if (project === undefined)
    return nothing('created', `“${harmless(truncate(inputs.project, LONGEST_NAME))}” isn’t a project key.`);
  const lines = formatted === undefined ? [] : linesOf(read.document(formatted));
  const stories = storiesIn([read.plain(inputs.stories ?? ''), ...lines].join('\n'));
  const { message_link, channel_id: channel } = inputs;
  const place = { workspaceUrl: context.services.slack.workspaceUrl(), channel };
  const typed = {
    project,
    stories,
    description: descriptionOf('', message_link && messageLinkOf(message_link, place)),
    given: inputs.required_fields ?? {},
    read,
    asker: { channel, user: inputs.user_id },
  };
  const { length } = typed.stories;
  if (length === 0) return nothing('created', 'Add at least one story.');
  if (length > MOST_STORIES) {
    return nothing('created', `That’s ${length} stories, and the limit is ${MOST_STORIES}. Split them up.`);
  }
  const epic_summary = inputs.epic_summary && read.plain(inputs.epic_summary);
  const epic = await epicOf({ ...inputs, epic_summary }, typed, context);
  if ('error' in epic) return epic;
  return createIn(epic, typed, context);
}

/** A bullet, a checkbox, or a number in front of a line of a list. */
const BULLET = /^(?:[-*+•◦▪–—]|\[[ x]?\]|\(?\d{1,3}[.)])\s+/i;

/** The summaries in a list of stories, a line each, without bullets and numbers. Empty lines are left out. */
export function storiesIn(text: string): string[] {
  const lines = text.split(/[\r\n]+/).map((line) => line.trim().replace(BULLET, '').replace(BULLET, '').trim());
  return lines.filter((line) => line !== '');
}

async function epicOf(
  { epic_summary, epic_key }: Inputs<typeof declaration>,
  { project, description, asker }: Stories,
  context: Context,
): Promise<Epic | { error: string; detail: undefined }> {
  if (epic_summary !== undefined && epic_key !== undefined) {
    return nothing('created', 'Choose a new epic or an existing one, not both.');
  }
  if (epic_key !== undefined) return epicNamed(epic_key, context);
  if (epic_summary === undefined) return { key: undefined, isNew: false };
  const prepare = async () => {
    const type = await typeOf(project, epicType, 'epics', context);
    if ('refused' in type) return type;
    const { description: given } = await fitting(description, project, type, context.services);
    const summary = epic_summary.trim();
    const fields = await epicName(project, type, summary, context.services);
    const reporter = await reporterOf(asker.user, project, type.id, context.services);
    return { project, type: type.id, summary, description: given, reporter, fields };
  };
  const request = `${context.operation} epic`;
  const settled = await createOnce({ request, project, prepare, ...asker }, undefined, context);
  if (settled.state === 'refused') return nothing('created', `The epic failed: ${harmless(settled.reason)}`);
  if (settled.state === 'unknown') {
    return {
      error: `${doubtful('the epic', project, settled.reason, asker)} No stories were created.`,
      detail: undefined,
    };
  }
  const [issue] = settled.created;
  const key = issue !== undefined && 'key' in issue ? issue.key : undefined;
  if (key !== undefined && !context.services.jira.allows(key)) {
    return { error: `The epic was created, but it’s ${NOT_VISIBLE}. No stories were created.`, detail: undefined };
  }
  return { key, isNew: true };
}

/** Finds an existing epic and returns its current key. Jira itself refuses the stories if the issue is not an epic. */
async function epicNamed(text: string, { services: { jira } }: Context) {
  const typed = parseKeys(text);
  const [key, ...more] = typed.length > MOST_KEYS ? [] : await resolve(typed, jira);
  if (key === undefined || more.length > 0) return nothing('created', 'Choose one epic, by its key or a link to it.');
  if (typeof key !== 'string') return nothing('created', `Epic ${inWords([key])}`);
  const reading = (await jira.read([key])).get(key) ?? NOT_FOUND;
  if (reading.state === 'trouble') return nothing('created', reading.trouble.message);
  if (reading.state !== 'shown') return nothing('created', `Epic ${inWords([unreadAnswer(key, reading)])}`);
  return { key: reading.issue.key, isNew: false };
}

async function createIn(
  { key: epic, isNew }: Epic,
  { project, stories, description, given: values, read, asker }: Stories,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  let left = '';
  const prepare = async () => {
    const type = await typeOf(project, defaultType, 'stories', context);
    if ('refused' in type) return type;
    const given = await fitting(description, project, type, context.services);
    const required = await readGiven(values, { project, type, read: read.field }, context.services);
    if ('refused' in required) return required;
    left = [given.left, required.left].filter((sentence) => sentence !== '').join(' ');
    const { fields } = required;
    const reporter = await reporterOf(asker.user, project, type.id, context.services);
    const each = { project, type: type.id, description: given.description, reporter, parent: epic, fields };
    return stories.map((summary) => ({ ...each, summary }));
  };
  const draft = { request: context.operation, project, prepare, ...asker };
  const settled = await createOnce(draft, stories.length, context);
  if (settled.state === 'refused' && !isNew) return nothing('created', harmless(settled.reason));
  if (settled.state === 'unknown' && settled.found === undefined && !isNew) {
    return { error: doubtful('the stories', project, settled.reason, asker), detail: undefined };
  }
  // Jira's answers are in the order of the stories, including those that it refused.
  const made = stories.map((story, index) => {
    if (settled.state === 'refused') return { story, refused: settled.reason };
    if (settled.state === 'unknown') return { story, ...(settled.found?.[index] ?? { unknown: true as const }) };
    return { story, ...(settled.created[index] ?? { refused: 'Jira didn’t say what happened to it.' }) };
  });
  const { allows } = context.services.jira;
  const shownKeys = made.flatMap((each) => ('key' in each && allows(each.key) ? [each.key] : []));
  const skipped = made.flatMap((each) => {
    const name = truncate(each.story, LONGEST_NAME);
    if ('refused' in each) return [{ name, phrase: 'not created', because: each.refused }];
    if ('unknown' in each) return [{ name, phrase: 'may or may not have been created', because: unanswered(asker) }];
    return allows(each.key) ? [] : [{ name, phrase: `created, but ${NOT_VISIBLE}` }];
  });
  return {
    outputs: {
      created: made.every((each) => 'key' in each),
      epic_key: epic ?? '',
      issue_keys: shownKeys.join(', '),
      count: shownKeys.length,
      made: [...(isNew ? ['an epic'] : []), ...storiesMade(shownKeys.length)].join(' and '),
      skipped: [inWords(skipped), left].filter((sentence) => sentence !== '').join(' '),
      error: '',
    },
    detail: undefined,
  };
}

function storiesMade(count: number): string[] {
  return count === 0 ? [] : [count === 1 ? '1 story' : `${count} stories`];
}

/** Why nobody knows whether a story exists. */
function unanswered(asker: Stories['asker']): string {
  return ['Jira didn’t answer in time.', laterLook(asker)].filter((sentence) => sentence !== '').join(' ');
}

async function typeOf(
  project: string,
  choose: (types: readonly IssueType[]) => IssueType | undefined,
  what: string,
  { services }: Context,
): Promise<IssueType | { refused: string }> {
  const types = await typesOf(project, services);
  if ('refused' in types) return types;
  return choose(types) ?? { refused: `${project} has no issue type for ${what}.` };
}
