import type { Json } from './log.ts';
import { bot, type Channel, type User, type Workspace } from './workspace.ts';

/** Deprecated by Slack and still sent; worth nothing as proof. */
export const verificationToken = 'verification';

/** The fields that every interactive payload has; an organisation-wide installation names no team. */
export function interactivePayload(workspace: Workspace, user: User): Json {
  const { isEnterpriseInstall, team } = workspace;
  const { id, domain } = workspace.teamOf(user);
  return {
    token: verificationToken,
    api_app_id: bot.app_id,
    user: { id: user.id, username: user.name, name: user.name, team_id: user.team_id },
    team: isEnterpriseInstall ? null : { id, domain },
    enterprise: isEnterpriseInstall ? { id: team.enterprise_id, name: team.enterprise_name } : null,
    is_enterprise_install: isEnterpriseInstall,
  };
}

/** The body of a slash command: docs.slack.dev/interactivity/implementing-slash-commands. */
export function commandPayload(workspace: Workspace, user: User, channel: Channel, rest: Json): Json {
  const team = workspace.teamOf(user);
  return {
    token: verificationToken,
    team_id: team.id,
    team_domain: team.domain,
    ...(team.enterprise_id ? { enterprise_id: team.enterprise_id, enterprise_name: team.enterprise_name } : {}),
    channel_id: channel.id,
    channel_name: channelName(channel),
    user_id: user.id,
    user_name: user.name,
    ...rest,
    api_app_id: bot.app_id,
    is_enterprise_install: String(workspace.isEnterpriseInstall),
  };
}

/** Payloads keep the names of private channels and direct messages to themselves. */
export function channelName(channel: Channel): string {
  if (channel.type === 'im') return 'directmessage';
  return channel.type === 'private' ? 'privategroup' : channel.name;
}

let events = 0;

/**
 * The envelope of an event. In a Slack Connect channel `team_id` is the acting user's and may be another company's;
 * `context_team_id` and `authorizations` say where the app is installed.
 */
export function eventPayload(
  workspace: Workspace,
  user: User,
  channel: Channel | undefined,
  now: number,
  event: Json,
): Json {
  const { team, isEnterpriseInstall } = workspace;
  const enterprise_id = team.enterprise_id ?? null;
  return {
    token: verificationToken,
    team_id: user.team_id,
    ...(enterprise_id ? { enterprise_id } : {}),
    context_team_id: team.id,
    context_enterprise_id: enterprise_id,
    api_app_id: bot.app_id,
    event,
    type: 'event_callback',
    event_id: `Ev${String(++events).padStart(9, '0')}`,
    event_time: Math.floor(now / 1000),
    authorizations: [
      {
        enterprise_id,
        team_id: isEnterpriseInstall ? null : team.id,
        user_id: bot.id,
        is_bot: true,
        is_enterprise_install: isEnterpriseInstall,
      },
    ],
    is_ext_shared_channel: channel?.shared_with !== undefined,
  };
}
