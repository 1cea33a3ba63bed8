import { askAgain, type Inputs, type Result, slackFunction, type Waiting } from '../src/function.ts';
import { readOne } from '../src/issues/one.ts';
import { listShown } from '../src/issues/visible.ts';
import { browseUrl } from '../src/key.ts';
import { answeredMessage, chosenWords, PICK_ROWS, type Question, questionMessage } from '../src/messages/pick.ts';
import { readerOf } from '../src/messages/step-text.ts';
import {
  aboutHours,
  CONTINUE_ON_ERROR,
  HOURS_TO_WAIT,
  ISSUE_KEY_NOW,
  ISSUE_LINK,
  STATUS_NOW,
  SUMMARY,
  TIMED_OUT,
} from '../src/parameters.ts';
import { postOnce } from '../src/posting.ts';
import { DefineFunction, Schema } from '../src/sdk.ts';
import type { Context } from '../src/services.ts';
import type { Message } from '../src/slack/message.ts';
import { harmless, truncate } from '../src/slack/text.ts';
import type { ChoiceWait, Chosen } from '../src/tracker/choices.ts';

const LONGEST_QUESTION = 500;

const declaration = DefineFunction({
  callback_id: 'pick_issue',
  title: 'Ask for a Jira issue',
  description: 'Ask a person to choose one of the issues a channel tracks.',
  source_file: 'functions/pick_issue.ts',
  input_parameters: {
    properties: {
      channel_id: {
        type: Schema.slack.types.channel_id,
        title: 'Channel',
        description: 'The channel whose tracked issues can be chosen.',
      },
      question: {
        type: Schema.types.string,
        title: 'Question',
        description: 'What to ask, such as: Which issue is this about?',
      },
      user_id: {
        type: Schema.slack.types.user_id,
        title: 'Person',
        description: 'Who can choose. If empty, everybody in the channel can.',
      },
      ask_in: {
        type: Schema.types.string,
        title: 'Ask in',
        description: 'Where to post the question. A direct message needs a person.',
        enum: ['channel', 'direct_message'] as const,
        choices: [
          { value: 'channel', title: 'The channel' },
          { value: 'direct_message', title: 'A direct message' },
        ],
        default: 'channel',
      },
      hours: HOURS_TO_WAIT,
      continue_on_error: CONTINUE_ON_ERROR,
    },
    required: ['channel_id', 'question'],
  },
  output_parameters: {
    properties: {
      picked: { type: Schema.types.boolean, title: 'Picked', description: 'True if somebody chose an issue.' },
      timed_out: TIMED_OUT,
      issue_key: ISSUE_KEY_NOW,
      issue_url: ISSUE_LINK,
      summary: SUMMARY,
      status: STATUS_NOW,
      picked_by: {
        type: Schema.types.string,
        title: 'Picked by',
        description: 'A mention of the person who chose, for use in a message.',
      },
      error: {
        type: Schema.types.string,
        title: 'Error',
        description: 'Why Maro couldn’t ask, or couldn’t read the issue. Empty if the step succeeded.',
      },
    },
    required: ['picked'],
  },
});

export const PickIssue = slackFunction(declaration, pickIssue);

type Picked = Result<typeof declaration, undefined> | Waiting;

/** Asks once, and waits until somebody chooses or the time runs out. The first choice counts, and wakes the run. */
async function pickIssue(inputs: Inputs<typeof declaration>, context: Context): Promise<Picked> {
  const { channel_id: channel, user_id: asked, ask_in, hours } = inputs;
  const { tenant, operation: run, services } = context;
  const wrong = aboutHours(hours);
  if (wrong !== undefined) return notAsked(wrong);
  const isDirect = ask_in === 'direct_message';
  if (isDirect && asked === undefined) return notAsked('A direct message needs a “Person”.');
  const wait = await services.tracker.waitForChoice({ tenant, run, minutes: hours * 60 });
  if (wait.question !== undefined && wait.chosen === undefined && !wait.isOver) return { waitsUntil: wait.until };
  const text = (await readerOf([inputs.question], undefined, context)).plain(inputs.question);
  const question = { run, asked, channel, words: truncate(text.trim(), LONGEST_QUESTION) };
  if (wait.chosen !== undefined) return picked(question, wait, wait.chosen, context);
  if (wait.isOver) return timedOut(question, wait, context);

  const shown = await listShown({ tenant, channel, category: undefined, limit: PICK_ROWS, offset: 0 }, services);
  const issues = shown.issues.filter((issue) => issue.visible);
  const { counts } = shown;
  const total = counts.new + counts.indeterminate + counts.done;
  if (total === 0) return notAsked('This channel tracks no issues.');
  const message = questionMessage(question, issues, total > issues.length);
  const posted =
    isDirect && asked !== undefined
      ? await askDirectly(asked, message, wait, context)
      : await postOnce({ channel }, message, context);
  if (posted === undefined) return { waitsUntil: wait.until };
  await services.tracker.questionPosted({ tenant, run, channel: posted.channel, ts: posted.ts });
  return { waitsUntil: wait.until };
}

/**
 * Asks the person in direct messages. Slack gives the id of that conversation only with a posted message, so Maro cannot look for the
 * question of an interrupted attempt. If that question may be there, the person can answer it, and Maro does not ask again.
 */
async function askDirectly(person: string, message: Message, { isAsking }: ChoiceWait, context: Context) {
  if (isAsking) return undefined;
  const { tenant, operation: run, services } = context;
  await services.tracker.announceQuestion({ tenant, run, asked: person });
  return postOnce({ channel: person }, message, { ...context, earlier: undefined });
}

async function picked(
  { words }: Question,
  { question }: ChoiceWait,
  { choice, by }: Chosen,
  { services: { jira, slack } }: Context,
): Promise<Picked> {
  const read = await readOne(choice, jira);
  if ('because' in read) {
    if (read.trouble !== undefined) return askAgain();
    return { error: `${choice} was chosen, and Maro couldn’t read it. ${read.because}`, detail: undefined };
  }
  const { issue } = read;
  if (question !== undefined) {
    const message = answeredMessage(words, chosenWords(by, issue.key, issue));
    await slack.replaceMessage({ channel: question.channel }, question.ts, message);
  }
  return {
    outputs: {
      ...{ picked: true, timed_out: false },
      issue_key: issue.key,
      issue_url: browseUrl(issue.site, issue.key),
      summary: harmless(issue.summary),
      status: harmless(issue.status),
      picked_by: `<@${by}>`,
      error: '',
    },
    detail: undefined,
  };
}

async function timedOut(
  { words }: Question,
  { question }: ChoiceWait,
  { services: { slack } }: Context,
): Promise<Picked> {
  if (question !== undefined) {
    const message = answeredMessage(words, 'Nobody chose in time.');
    await slack.replaceMessage({ channel: question.channel }, question.ts, message);
  }
  const none = { issue_key: '', issue_url: '', summary: '', status: '', picked_by: '', error: '' };
  return { outputs: { picked: false, timed_out: true, ...none }, detail: undefined };
}

function notAsked(because: string): { error: string; detail: undefined } {
  return { error: `Maro didn’t ask. ${because}`, detail: undefined };
}
