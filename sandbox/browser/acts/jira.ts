import type { Trouble } from '../../jira/index.ts';
import type { Played } from '../acts.ts';
import type { JiraTrouble } from '../protocol.ts';
import type { World } from '../world.ts';

/** Jira's answers take so long that two of them are too much for Slack's three seconds, and one is not. */
const SLOW_MS = 1_500;

const TROUBLE: Record<Exclude<JiraTrouble, 'none' | 'down'>, Trouble> = {
  slow: { kind: 'latency', ms: SLOW_MS },
  rate_limited: { kind: 'rate_limited', headers: { 'Retry-After': '20', 'RateLimit-Reason': 'jira-burst-based' } },
  server_error: { kind: 'server_error', status: 500 },
  garbage: { kind: 'html' },
};

/** What people do in Jira, and what Jira does to Maro. */
export function jiraActs(
  world: World,
): Played<
  | 'createIssue'
  | 'editIssue'
  | 'moveIssue'
  | 'deleteIssue'
  | 'commentIssue'
  | 'editComment'
  | 'deleteComment'
  | 'forbidIssue'
  | 'jiraTrouble'
  | 'webhookTrouble'
> {
  const { jira } = world.sandbox;
  const { issues } = jira;
  return {
    createIssue: ({ project, by, ...issue }) => void issues.create(project, issue, by),
    editIssue: ({ id, by, ...change }) => void issues.edit(id, change, by),
    moveIssue: ({ id, project, by }) => void issues.move(id, project, by),
    deleteIssue: ({ id, by }) => issues.remove(id, by),
    commentIssue: ({ id, text, by }) => void issues.comment(id, text, by),
    editComment: ({ id, comment, text, by }) => void issues.editComment(id, comment, text, by),
    deleteComment: ({ id, comment, by }) => issues.deleteComment(id, comment, by),
    forbidIssue: ({ id, on }) => (on ? issues.forbid(id) : issues.allow(id)),
    async jiraTrouble({ trouble }) {
      if (trouble === 'down') await jira.down();
      else await jira.up();
      jira.trouble('all', trouble === 'down' || trouble === 'none' ? undefined : TROUBLE[trouble]);
      world.jiraTrouble = trouble;
    },
    webhookTrouble({ trouble }) {
      jira.webhooks.trouble(trouble === 'none' ? undefined : { kind: trouble });
      world.webhookTrouble = trouble;
    },
  };
}
