import { setTimeout as sleep } from 'node:timers/promises';
import type { By, IssueChange, Issues } from '../jira/index.ts';
import { type Priority, priorities } from '../jira/seed.ts';
import { type WebhookTroubleKind, webhookTroubles } from '../jira/webhook-trouble.ts';
import type { Session } from './session.ts';
import { NotUnderstood, type Status } from './status.ts';

/** How long the terminal waits until Maro has been told what happened in Jira. */
const TOLD_WITHIN_MS = 1_000;
/** Jira's answers take so long that two of them are too much for Slack's three seconds, and one is not. */
const SLOW_MS = 1_500;

export const jiraStates = ['up', 'down', 'slow'] as const;

/**
 * What follows `jira`: a state, `as` and a person, `webhooks` and what becomes of them, `hide` or `show` and a project, or an issue
 * and what happens to it.
 */
export const jiraLine = /^(\S*|(as|webhooks|hide|show)\s+\S+|\S+-\d+\s+\S.*)$/s;

/** Does something in Jira, or to Jira. */
export async function jira(session: Session, rest: string): Promise<Status> {
  const [verb = '', ...words] = rest.split(/\s+/);
  const [word = ''] = words;
  const text = rest.slice(verb.length).trim();
  if (/-\d+$/.test(verb) && text !== '') {
    const status = inIssue(session, verb, text);
    // The next line then shows what Maro made of it.
    await Promise.race([session.jira.webhooks.settled(), sleep(TOLD_WITHIN_MS, undefined, { ref: false })]);
    return status;
  }
  if (verb === 'as' && word !== '') return become(session, word);
  if (verb === 'webhooks' && word !== '') return webhooks(session, word);
  if ((verb === 'hide' || verb === 'show') && word !== '') return visibility(session, verb, word);
  return state(session, rest);
}

async function state({ jira, print }: Session, wanted: string): Promise<Status> {
  switch (wanted) {
    case 'up':
      jira.trouble('all', undefined);
      await jira.up();
      print(['Jira is up.']);
      return 0;
    case 'down':
      await jira.down();
      print(['Jira is down.']);
      return 0;
    case 'slow':
      jira.trouble('all', { kind: 'latency', ms: SLOW_MS });
      await jira.up();
      print([`Jira is slow: each answer takes ${SLOW_MS / 1000} seconds.`]);
      return 0;
    default:
      throw new NotUnderstood(`Jira can be ${jiraStates.join(', ')}.`);
  }
}

/** Maro stops or starts to see a project. */
function visibility({ jira: { issues }, print }: Session, verb: 'hide' | 'show', project: string): Status {
  try {
    if (verb === 'hide') issues.forbidProject(project);
    else issues.allowProject(project);
  } catch (error) {
    throw new NotUnderstood((error as Error).message);
  }
  print([`In Jira, the project ${project} is ${verb === 'hide' ? 'hidden from' : 'visible to'} Maro.`]);
  return 0;
}

/** From now on, another person acts in Jira. */
function become(session: Session, handle: string): Status {
  const { people } = session.jira;
  if (!Object.hasOwn(people, handle)) {
    throw new NotUnderstood(
      `There is no person "${handle}" in Jira. Choose one of: ${Object.keys(people).join(', ')}.`,
    );
  }
  session.by = handle;
  session.print([`In Jira, you are ${people[handle]?.displayName}.`]);
  return 0;
}

function webhooks({ jira, print }: Session, wanted: string): Status {
  if (wanted !== 'on' && !isTrouble(wanted)) {
    throw new NotUnderstood(`Webhooks can be on, ${webhookTroubles.join(', ')}.`);
  }
  jira.webhooks.trouble(wanted === 'on' ? undefined : { kind: wanted });
  print([`Jira's webhooks are ${wanted}.`]);
  return 0;
}

function isTrouble(word: string): word is WebhookTroubleKind {
  return (webhookTroubles as readonly string[]).includes(word);
}

/** Somebody does something to an issue; what is no such act is the name of its new status. */
function inIssue(session: Session, key: string, text: string): Status {
  const { issues } = session.jira;
  const [, verb = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(text) ?? [];
  const act = Object.hasOwn(acts, verb) ? acts[verb as keyof typeof acts] : undefined;
  try {
    session.print([
      act?.fits.test(rest)
        ? act.does(issues, key, rest, session.by)
        : edited(issues, key, { status: text }, session.by),
    ]);
    return 0;
  } catch (error) {
    throw new NotUnderstood((error as Error).message);
  }
}

type Act = { fits: RegExp; does(issues: Issues, key: string, rest: string, by: By | undefined): string };

const acts: Record<string, Act> = {
  summary: { fits: /\S/, does: (issues, key, summary, by) => edited(issues, key, { summary }, by) },
  assign: {
    fits: /^\S+$/,
    does: (issues, key, name, by) => edited(issues, key, { assignee: name === 'nobody' ? null : name }, by),
  },
  priority: { fits: /^\S+$/, does: (issues, key, name, by) => edited(issues, key, { priority: priorityOf(name) }, by) },
  due: {
    fits: /^(\d{4}-\d\d-\d\d|none)$/,
    does: (issues, key, date, by) => edited(issues, key, { duedate: date === 'none' ? null : date }, by),
  },
  flag: { fits: /^$/, does: (issues, key, _, by) => edited(issues, key, { flagged: true }, by) },
  unflag: { fits: /^$/, does: (issues, key, _, by) => edited(issues, key, { flagged: false }, by) },
  comment: {
    fits: /\S/,
    does(issues, key, text, by) {
      const { id } = issues.comment(key, text, by);
      return `In Jira, ${key} now has the comment ${id}.`;
    },
  },
  'edit-comment': {
    fits: /^\d+\s+\S/,
    does(issues, key, rest, by) {
      const [, id = '', text = ''] = /^(\d+)\s+(.*)$/s.exec(rest) ?? [];
      issues.editComment(key, id, text, by);
      return `In Jira, the comment ${id} now reads: ${text}`;
    },
  },
  'delete-comment': {
    fits: /^\d+$/,
    does(issues, key, id, by) {
      issues.deleteComment(key, id, by);
      return `In Jira, the comment ${id} is deleted.`;
    },
  },
  move: {
    fits: /^\S+$/,
    does: (issues, key, project, by) => `In Jira, ${key} is now ${issues.move(key, project, by).key}.`,
  },
  delete: {
    fits: /^$/,
    does(issues, key, _, by) {
      issues.remove(key, by);
      return `In Jira, ${key} is deleted.`;
    },
  },
  hide: {
    fits: /^$/,
    does(issues, key) {
      issues.forbid(key);
      return `In Jira, ${key} is hidden from Maro.`;
    },
  },
  show: {
    fits: /^$/,
    does(issues, key) {
      issues.allow(key);
      return `In Jira, ${key} is visible to Maro.`;
    },
  },
};

/** The acts on an issue, for the Tab key. */
export const issueActs: readonly string[] = Object.keys(acts);

function edited(issues: Issues, key: string, change: IssueChange, by: By | undefined): string {
  const issue = issues.edit(key, change, by);
  const { summary, assignee, priority } = issue;
  if (change.summary !== undefined) return `In Jira, ${issue.key} now reads: ${summary}`;
  if (change.assignee !== undefined)
    return `In Jira, ${issue.key} is now assigned to ${assignee?.displayName ?? 'nobody'}.`;
  if (change.priority !== undefined) return `In Jira, ${issue.key} now has the priority ${priority ?? 'none'}.`;
  if (change.duedate !== undefined) return `In Jira, ${issue.key} is now due: ${change.duedate ?? 'at no time'}`;
  if (change.flagged !== undefined)
    return `In Jira, ${issue.key} ${change.flagged ? 'has a flag' : 'has no flag'} now.`;
  return `In Jira, ${issue.key} is now ${issue.status.name}.`;
}

function priorityOf(name: string): Priority | null {
  const priority = priorities.find((each) => each === name);
  if (priority === undefined && name !== 'none') {
    throw new Error(`There is no priority "${name}". Choose one of: ${priorities.join(', ')}, none.`);
  }
  return priority ?? null;
}
