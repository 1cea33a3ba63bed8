import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import { createOnce, doubtful, epicName, fitting, typeNamed, typesOf } from '../src/issues/creation.ts';
import { NO_FIELDS, parseFields, readGiven } from '../src/issues/given-fields.ts';
import { reporterOf } from '../src/issues/reporter.ts';
import { NOT_VISIBLE } from '../src/issues/visible.ts';
import type { AdfDocument } from '../src/jira/adf.ts';
import { descriptionOf } from '../src/jira/description.ts';
import type { IssueType } from '../src/jira/issue-type.ts';
import { browseUrl, type IssueKey, parseProjectKey } from '../src/key.ts';
import type { RichTextBlock } from '../src/messages/rich-text.ts';
import { richTextInput } from '../src/messages/rich-text-input.ts';
import { type ReadText, readerOf } from '../src/messages/step-text.ts';
import { CONTINUE_ON_ERROR, SUMMARY } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { messageLinkOf } from '../src/slack/permalink.ts';
import { harmless, truncate } from '../src/slack/text.ts';

const declaration = DefineFunction({
  callback_id: 'create_ticket',
  title: 'Create a Jira issue',
  description: 'Create a Jira issue that links back to the Slack message it comes from.',
  source_file: 'functions/create_ticket.ts',
  input_parameters: {
    properties: {
      project: { type: Schema.types.string, title: 'Project', description: 'The project’s key, such as PLAT.' },
      summary: {
        type: Schema.types.string,
        title: 'Summary',
        description: 'One line. Up to 255 characters.',
      },
      issue_type: {
        type: Schema.types.string,
        title: 'Issue type',
        description: 'The type’s name, such as Bug. Leave empty for the project’s usual type.',
      },
      description: {
        type: Schema.types.string,
        title: 'Description',
        description: 'Plain text. Links work.',
      },
      formatted_description: {
        type: Schema.slack.types.rich_text,
        title: 'Formatted description',
        description: 'Text with bold, lists, links, and code. Added after Description.',
      },
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel the request comes from.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person who asked for the issue. Becomes its reporter if possible.',
      },
      message_link: {
        type: Schema.types.string,
        title: 'Message link',
        description: 'A link to the message the request comes from.',
      },
      fields: {
        type: Schema.types.string,
        title: 'More fields',
        description: 'Other fields the project requires, as JSON with Jira’s field IDs.',
      },
      required_fields: {
        type: Schema.types.object,
        title: 'Required fields',
        description: 'The fields Jira requires for the chosen type.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['project', 'summary'],
  },
  output_parameters: {
    properties: {
      created: { type: Schema.types.boolean, title: 'Created', description: 'True if the issue was created.' },
      issue_key: {
        type: Schema.types.string,
        title: 'Issue key',
        description: 'The key of the issue, such as PLAT-12.',
      },
      issue_id: {
        type: Schema.types.string,
        title: 'Issue ID',
        description: 'Jira’s ID for the issue. It stays the same if the issue moves.',
      },
      issue_url: { type: Schema.types.string, title: 'Issue link', description: 'A link to the issue.' },
      summary: SUMMARY,
      skipped: { type: Schema.types.string, title: 'Skipped', description: 'What was left out of the issue, and why.' },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why nothing was created. Empty if the step succeeded.',
      },
    },
    required: ['created'],
  },
});

export const CreateTicket = slackFunction(declaration, createTicket);

/** Creates a ticket once for each operation, even if the operation is repeated. */
async function createTicket(
  {
    project: typed,
    summary: words,
    issue_type,
    description = '',
    formatted_description,
    message_link,
    fields: json = '{}',
    required_fields: given = {},
    channel_id: channel,
    user_id: user,
  }: Inputs<typeof declaration>,
  context: Context,
): Promise<Result<typeof declaration, undefined>> {
  const { jira, slack } = context.services;
  const formatted = richTextInput(formatted_description);
  const texts = [typed, words, issue_type, description, json, JSON.stringify(given)];
  const read = await readerOf(texts, formatted, context);
  const project = parseProjectKey(read.plain(typed));
  if (project === undefined) return nothing('created', `“${harmless(truncate(typed, 80))}” isn’t a project key.`);
  const summary = read.plain(words).trim();
  const typeName = issue_type && read.plain(issue_type);
  const fields = parseFields(json);
  if (fields === undefined) return nothing('created', NO_FIELDS);
  const { description: document, ...more } = fields;
  const link = message_link && messageLinkOf(message_link, { workspaceUrl: slack.workspaceUrl(), channel });

  let skipped = '';
  const settled = await createOnce(
    {
      request: context.operation,
      ...{ project, channel, user },
      async prepare() {
        const types = await typesOf(project, context.services);
        if ('refused' in types) return types;
        const type = typeNamed(types, typeName);
        if (type === undefined) return { refused: noType(project, typeName, types) };
        const text = descriptionOf(document ?? bothOf(read, description, formatted), link);
        const fit = await fitting(text, project, type, context.services);
        const required = await readGiven(given, { project, type, read: read.field }, context.services);
        if ('refused' in required) return required;
        skipped = [fit.left, required.left].filter((sentence) => sentence !== '').join(' ');
        const name = await epicName(project, type, summary, context.services);
        const reporter = await reporterOf(user, project, type.id, context.services);
        const fields = { ...name, ...eachText(more, read.plain), ...required.fields };
        return { project, type: type.id, summary, description: fit.description, reporter, fields };
      },
    },
    undefined,
    context,
  );
  if (settled.state === 'refused')
    return { ...nothing('created', harmless(settled.reason)), complaints: settled.fields };
  if (settled.state === 'unknown')
    return { error: doubtful('the issue', project, settled.reason, { channel, user }), detail: undefined };
  const [issue] = settled.created;
  if (issue === undefined || 'refused' in issue) throw new Error('a single create has one issue');
  const { id, key } = issue;
  if (!jira.allows(key)) {
    return { error: `The issue was created, but it’s ${NOT_VISIBLE}. Look for it in Jira.`, detail: undefined };
  }
  const outputs = {
    created: true,
    issue_key: key,
    issue_id: id,
    issue_url: await urlOf(key, jira),
    skipped,
    error: '',
  };
  return { outputs: { ...outputs, summary: harmless(summary) }, detail: undefined };
}

/** The plain description, followed by the formatted one. */
function bothOf(read: ReadText, description: string, formatted: RichTextBlock | undefined): AdfDocument {
  const plain = descriptionOf(read.withLinks(description), undefined)?.content ?? [];
  const more = formatted === undefined ? [] : read.document(formatted).content;
  return { type: 'doc', version: 1, content: [...plain, ...more] };
}

/** The fields with every text in them read: a workflow may put the words of a person into the JSON. */
function eachText<T>(value: T, read: (text: string) => string): T {
  if (typeof value === 'string') return read(value) as T;
  if (Array.isArray(value)) return value.map((item) => eachText(item, read)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, eachText(each, read)])) as T;
}

function noType(project: string, name: string | undefined, types: readonly IssueType[]): string {
  const names = types.map((type) => type.name).join(', ');
  return name === undefined
    ? `${project} has no issue type that Maro can use, only ${names}.`
    : `${project} has no issue type “${truncate(name.trim(), 80)}”. Choose one of these: ${names}.`;
}

/** The ticket's URL, or an empty string when the site is unknown, since the ticket exists either way. */
async function urlOf(key: IssueKey, jira: Context['services']['jira']): Promise<string> {
  const site = await jira.site().catch(() => undefined);
  return site === undefined ? '' : browseUrl(site, key);
}
