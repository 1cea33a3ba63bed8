import { defined } from '../src/defined.ts';
import { type Inputs, nothing, type Result, slackFunction } from '../src/function.ts';
import type { Issue } from '../src/issue.ts';
import {
  changesByMaro,
  isChanged,
  reasonOf,
  showActed,
  sinceOf,
  subjectOf,
  unacted,
  unsent,
  writeOnce,
} from '../src/issues/act.ts';
import { NO_FIELDS, parseFields } from '../src/issues/given-fields.ts';
import { isNamed, LONGEST_NAME, resolutionNamed, transitionNamed } from '../src/issues/transition.ts';
import type { Transition } from '../src/jira/transitions.ts';
import { browseUrl } from '../src/key.ts';
import { authorOf, commentBody } from '../src/messages/comment.ts';
import { readerOf } from '../src/messages/step-text.ts';
import { CONTINUE_ON_ERROR, ISSUE, ISSUE_KEY, ISSUE_LINK, STATUS_NOW } from '../src/parameters.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import { harmless, truncate } from '../src/slack/text.ts';
import { unescaped } from '../src/unescaped.ts';

const declaration = DefineFunction({
  callback_id: 'transition_issue',
  title: 'Move a Jira issue',
  description: 'Move an issue to another status.',
  source_file: 'functions/transition_issue.ts',
  input_parameters: {
    properties: {
      issue_key: ISSUE,
      status: {
        type: Schema.types.string,
        title: 'Status',
        description: 'The name of the status, such as In Review, or of a transition that leads to it.',
      },
      resolution: {
        type: Schema.types.string,
        title: 'Resolution',
        description: 'Its name, such as Done, if Jira asks for a resolution in this move.',
      },
      fields: {
        type: Schema.types.string,
        title: 'More fields',
        description: 'Other fields that Jira asks for, as JSON with Jira’s field IDs.',
      },
      comment: {
        type: Schema.types.string,
        title: 'Comment',
        description: 'A comment to add with the move, where Jira’s transition has a screen.',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Requested by',
        description: 'The person whose name the comment begins with.',
      },
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['issue_key', 'status'],
  },
  output_parameters: {
    properties: {
      moved: { type: Schema.types.boolean, title: 'Moved', description: 'True if the issue has the status.' },
      issue_key: ISSUE_KEY,
      issue_url: ISSUE_LINK,
      status: STATUS_NOW,
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why the issue wasn’t moved. Empty if the step succeeded.',
      },
    },
    required: ['moved'],
  },
});

export const TransitionIssue = slackFunction(declaration, transitionIssue);

type Moved = Result<typeof declaration, undefined>;

/** Moves an issue to a status, once, with two calls to Jira if Maro has stored the issue. */
async function transitionIssue(inputs: Inputs<typeof declaration>, context: Context): Promise<Moved> {
  const { services } = context;
  const { jira } = services;
  const { issue_key, status: words, resolution: end = '', comment: plain = '', user_id: user } = inputs;
  const more = parseFields(inputs.fields ?? '{}');
  if (more === undefined) {
    return nothing('moved', NO_FIELDS);
  }
  const subject = await subjectOf(issue_key, context);
  if ('because' in subject) return unsent(undefined, 'moved', subject.because, context);
  const { key } = subject;
  const unmoved = (because: string) => unsent(key, 'moved', because, context);
  const since = sinceOf(context);
  const earlier = context.earlier === undefined ? undefined : await changesByMaro(subject, 'status', since, context);
  if (earlier !== undefined && earlier.state !== 'known') return unmoved(reasonOf(earlier));
  const moves = earlier?.value.changes ?? [];
  const offered = await jira.transitionsOf(key);
  if (offered.state !== 'known') return unmoved(reasonOf(offered));
  const transition = transitionNamed(words, offered.value);
  /** Reports that the issue moved to the status `name`. `now` is the issue's status in Jira, which lists show. */
  const moved = async (name: string, now: Pick<Issue, 'status' | 'category'>): Promise<Moved> => {
    await showActed(subject, { status: { name: now.status, category: now.category } }, context);
    const outputs = { moved: true, issue_key: key, issue_url: browseUrl(site, key), status: harmless(name), error: '' };
    return { outputs, detail: undefined };
  };
  const site = await jira.site();
  // A move that an earlier attempt made. What the issue can do next does not tell what the transition was called.
  const made =
    moves.findLast(({ to = '' }) => isNamed(words, to)) ?? (transition === undefined ? moves.at(-1) : undefined);
  if (made?.to !== undefined && earlier !== undefined) return moved(made.to, earlier.value.issue);
  if (transition === undefined || Array.isArray(transition)) {
    const now = await jira.readIds([subject.id]);
    const reading = now.get(subject.id);
    const issue = reading?.state === 'shown' ? reading.issue : undefined;
    if (issue !== undefined && isNamed(words, issue.status)) return moved(issue.status, issue);
    return unmoved(harmless(notOffered(words, transition ?? offered.value)));
  }
  const resolution = resolutionNamed(unescaped(end), transition);
  if (resolution !== undefined && 'because' in resolution) return unmoved(harmless(resolution.because));
  const fields = { ...more, ...defined({ resolution }) };
  const missing = transition.required.filter(({ id }) => !Object.hasOwn(fields, id));
  if (missing.length > 0) {
    const names = missing.map(({ name }) => name).join(', ');
    return unmoved(harmless(`To move it to ${transition.to.name}, Jira asks for ${names}.`));
  }
  const read = await readerOf([plain], undefined, context);
  const name = plain === '' || !user ? undefined : await authorOf(user, services);
  const comment = commentBody({ read, plain, formatted: undefined, name, link: undefined });
  if (comment !== undefined && !transition.hasScreen) {
    return unmoved(`Jira takes no comment when it moves to ${harmless(transition.to.name)}. Comment on it by itself.`);
  }
  const { to } = transition;
  const change = { what: 'status' as const, to: to.name, isNow: (issue: Issue) => issue.status === to.name };
  const written = await writeOnce(
    {
      send: () => jira.transition(key, { id: transition.id, fields, ...defined({ comment }) }),
      isDone: () => isChanged(subject, change, since, context),
    },
    context,
  );
  if (written.state === 'refused') {
    const now = await jira.transitionsOf(key);
    const isOffered = now.state !== 'known' || now.value.some(({ id }) => id === transition.id);
    return isOffered ? unacted(key, 'moved', written) : unmoved(harmless(notOffered(words, now.value)));
  }
  if (written.state !== 'done') return unacted(key, 'moved', written);
  return moved(to.name, { status: to.name, category: to.category });
}

function notOffered(words: string, offered: readonly Transition[]): string {
  const names = [...new Set(offered.map(({ to }) => to.name))];
  if (names.length === 0) return 'Jira offers no other status for it now.';
  return `Jira doesn’t offer “${truncate(words.trim(), LONGEST_NAME)}” for it now. It can move to ${names.join(', ')}.`;
}
