import { Refusal } from './refusal.ts';

export interface Team {
  id: string;
  domain: string;
  name: string;
  enterprise_id?: string;
  enterprise_name?: string;
}

export interface User {
  id: string;
  /** What is easily typed: `as U2`. */
  short: string;
  name: string;
  team_id: string;
  /** Left out, the name. An empty one is what people have who never chose any. */
  display_name?: string;
  /** Left out, the name. Not everybody has one. */
  real_name?: string | undefined;
  /** The time zone. Left out, Europe/Berlin. */
  tz?: string;
  /** The account is deactivated; Slack still tells the name. */
  deleted?: boolean;
  /** A guest, who sees only the channels to which somebody invited them. */
  guest?: 'of channels' | 'of one channel';
  /** Left out, the name at example.com. */
  email?: string;
}

export interface Channel {
  id: string;
  name: string;
  type: 'public' | 'private' | 'im';
  /** Whether the app's bot was invited. */
  app_is_member: boolean;
  /** Nobody writes in it any more. */
  archived?: boolean;
  /** The id of the other company's team, for a Slack Connect channel. */
  shared_with?: string;
  /** The links above the channel's messages. */
  bookmarks?: Bookmark[];
  /** Ids of users; left out, everybody of the teams concerned. */
  members?: string[];
}

export interface Bookmark {
  id: string;
  title: string;
  link: string;
}

/** The person's time zone. */
export function zoneOf({ tz = 'Europe/Berlin' }: User): string {
  return tz;
}

export interface WorkspaceOptions {
  team?: Team;
  /** The app is installed for the whole Enterprise organisation: payloads name it in place of a team. */
  isEnterpriseInstall?: boolean;
  users?: User[];
  channels?: Channel[];
}

/** Who and what there is. Users are found by id, short or name, channels by id or name, with or without `@` and `#`. */
export interface Workspace {
  team: Team;
  isEnterpriseInstall: boolean;
  users: User[];
  channels: Channel[];
  user(handle: string): User;
  channel(handle: string): Channel;
  /** The team a user belongs to, which in a shared channel may be another company's. */
  teamOf(user: User): Team;
  isMember(channel: Channel, user: User): boolean;
}

export const bot = { id: 'U0MAROBOT', bot_id: 'B0MARO', app_id: 'A0MARO' };

const northwind: Team = { id: 'T0NORTH', domain: 'northwind', name: 'Northwind' };

export function createWorkspace(options: WorkspaceOptions): Workspace {
  const isEnterpriseInstall = options.isEnterpriseInstall ?? false;
  const enterprise = isEnterpriseInstall ? { enterprise_id: 'E0ACME', enterprise_name: 'Acme Group' } : {};
  const team: Team = { ...enterprise, ...(options.team ?? { id: 'T0ACME', domain: 'acme', name: 'Acme' }) };
  const users = options.users ?? [
    { id: 'U0ADA', short: 'U1', name: 'ada', team_id: team.id },
    { id: 'U0BEN', short: 'U2', name: 'ben', team_id: team.id },
    { id: 'U0CYD', short: 'U3', name: 'cyd', team_id: team.id },
    { id: 'U0NOA', short: 'U4', name: 'noa', team_id: northwind.id },
  ];
  const channels: Channel[] = options.channels ?? [
    { id: 'C1', name: 'checkout', type: 'public', app_is_member: true },
    { id: 'C2', name: 'platform', type: 'public', app_is_member: true },
    { id: 'C3', name: 'incident-room', type: 'private', app_is_member: false },
    { id: 'C4', name: 'shared-with-northwind', type: 'public', app_is_member: true, shared_with: northwind.id },
    { id: 'D1', name: 'directmessage', type: 'im', app_is_member: true, members: ['U0ADA'] },
  ];
  return {
    team,
    isEnterpriseInstall,
    users,
    channels,
    user(handle) {
      const plain = handle.replace(/^@/, '');
      const found = users.find((user) => user.id === plain || user.short === plain || user.name === plain);
      if (!found)
        throw new Refusal('user_not_found', `There is no person "${handle}".`, 'reference/methods/users.info');
      return found;
    },
    channel(handle) {
      const plain = handle.replace(/^#/, '');
      const found = channels.find((channel) => channel.id === plain || channel.name === plain);
      const why = `There is no channel "${handle}".`;
      if (!found) throw new Refusal('channel_not_found', why, 'reference/methods/conversations.info');
      return found;
    },
    teamOf: (user) => (user.team_id === team.id ? team : { ...northwind, id: user.team_id }),
    isMember: (channel, user) =>
      channel.members?.includes(user.id) ?? (user.team_id === team.id || user.team_id === channel.shared_with),
  };
}
