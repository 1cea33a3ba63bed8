import { adfText } from '../jira/adf.ts';
import type { Jira } from '../jira/index.ts';
import { priorities } from '../jira/seed.ts';
import { builtIns, type Manifest, type Slack } from '../slack/index.ts';
import { bot, zoneOf } from '../slack/workspace.ts';
import type { Board, Workflow, Workspace } from './protocol.ts';
import type { World } from './world.ts';

/** Who and what there is in Slack, as the page shows it. */
export function workspaceOf({ workspace }: Slack, manifest: Manifest): Workspace {
  const { features = {}, functions = {} } = manifest;
  const { users, channels } = workspace;
  return {
    users: users.map((user) => ({ ...user, team: workspace.teamOf(user).name, zone: zoneOf(user) })),
    channels: channels.map((channel) => ({
      ...channel,
      people: users.filter((user) => workspace.isMember(channel, user)).map(({ id }) => id),
    })),
    builtIns: builtIns.map(({ command, description, usage_hint }) => ({ command, description, usage_hint })),
    app: {
      name: features.bot_user?.display_name ?? manifest.display_information?.name ?? 'app',
      user: bot.id,
      commands: (features.slash_commands ?? []).map(({ command, description = '', usage_hint = '' }) => ({
        command,
        description,
        usage_hint,
      })),
      shortcuts: (features.shortcuts ?? []).map((shortcut) => ({
        ...shortcut,
        description: shortcut.description ?? '',
      })),
      functions,
      hasHome: features.app_home?.home_tab_enabled ?? false,
    },
  };
}

type Troubles = Pick<World, 'jiraTrouble' | 'webhookTrouble'>;

/** Jira's projects and issues as the board shows them. */
export function boardOf({ site, issues, projects, people, webhooks }: Jira, world: Troubles): Board {
  return {
    site,
    projects: projects.map(({ key, name, types, statuses }) => ({
      key,
      name,
      types: types.map((type) => type.name),
      statuses: statuses.map((status) => ({ name: status.name, category: status.category })),
    })),
    people: Object.entries(people).map(([handle, { displayName }]) => ({ handle, name: displayName })),
    priorities: [...priorities],
    issues: issues.all().map((issue) => ({
      id: issue.id,
      key: issue.key,
      project: issue.project.key,
      summary: issue.summary,
      type: issue.type.name,
      status: issue.status.name,
      category: issue.status.category,
      priority: issue.priority,
      assignee: issue.assignee?.displayName ?? null,
      duedate: typeof issue.fields.duedate === 'string' ? issue.fields.duedate : null,
      comments: issue.comments.map(({ id, author, body }) => ({
        id,
        author: author?.displayName ?? null,
        text: adfText(body),
      })),
      forbidden: issue.forbidden,
    })),
    trouble: world.jiraTrouble,
    webhooks: webhooks.registered() && world.webhookTrouble,
  };
}

/** The coded workflows of manifest.json. */
export function codedWorkflows({ workflows = {} }: Manifest): Workflow[] {
  return Object.entries(workflows).map(([id, workflow]) => ({
    ...workflow,
    id,
    title: workflow.title ?? id,
    coded: true,
  }));
}
