import { nextAct } from './act.ts';
import type { Manifest } from './manifest.ts';
import { Refusal } from './refusal.ts';
import type { Seen } from './seen.ts';
import { bot, type Channel, type User } from './workspace.ts';
import type { World } from './world.ts';

/** Where a person typed a command, and what stood behind its name. */
type Typed = { user: User; channel: Channel; text: string };

type BuiltIn = {
  command: string;
  usage_hint: string;
  description: string;
  /** Throws a Refusal, or answers who joined or left with the message that says so. */
  act(world: World, typed: Typed): { who: string; subtype: 'channel_join' | 'channel_leave' }[];
};

/** Slack's own commands about who is in a channel: slack.com/help/articles/201259356-Slash-commands-in-Slack. */
export const builtIns: readonly BuiltIn[] = [
  { command: '/invite', usage_hint: '@ben', description: 'Add people or the app to this channel', act: invite },
  { command: '/leave', usage_hint: '', description: 'Leave this channel', act: leave },
];

/** Does what one of Slack's own commands says. Everybody in the channel reads who joined or left; the app is told nothing. */
export function runBuiltIn(world: World, { act }: BuiltIn, typed: Typed): Seen {
  const { user, channel } = typed;
  const name = nextAct();
  const { seen, settle } = world.sights.open(name, user.id, channel.id);
  for (const { who, subtype } of act(world, typed)) {
    if (subtype === 'channel_join') setMember(world, channel, who, true);
    const verb = subtype === 'channel_join' ? 'joined' : 'left';
    const isApp = who === bot.id ? { bot_id: bot.bot_id } : {};
    const text = `<@${who}> has ${verb} the channel`;
    world.messages.post({ text, blocks: [], user: who, channel: channel.id, subtype, ...isApp }, name);
    if (subtype === 'channel_leave') setMember(world, channel, who, false);
  }
  settle();
  return seen;
}

function invite({ manifest, workspace }: World, { channel, text }: Typed): ReturnType<BuiltIn['act']> {
  const refuse = (error: string, why: string) => new Refusal(error, why, 'reference/methods/conversations.invite');
  const names = text.split(/[\s,]+/).filter((name) => name !== '');
  if (names.length === 0) throw refuse('no_user', 'Name someone to invite: /invite @ben');
  if (channel.type === 'im') {
    throw refuse('method_not_supported_for_channel_type', 'You cannot invite people to a direct message.');
  }
  return names.map((name) => {
    const app = appNames(manifest);
    if (app.includes(name.replace(/^@/, '').toLowerCase())) {
      if (channel.app_is_member) throw refuse('already_in_channel', `The app is already in #${channel.name}.`);
      return { who: bot.id, subtype: 'channel_join' };
    }
    const user = workspace.user(name);
    if (workspace.isMember(channel, user)) {
      throw refuse('already_in_channel', `${user.name} is already in #${channel.name}.`);
    }
    if (user.team_id !== workspace.team.id && user.team_id !== channel.shared_with) {
      const why = `#${channel.name} is not shared with ${user.name}’s company.`;
      throw refuse('user_team_not_in_channel', why);
    }
    return { who: user.id, subtype: 'channel_join' };
  });
}

function leave(_: World, { user, channel }: Typed): ReturnType<BuiltIn['act']> {
  if (channel.type !== 'im') return [{ who: user.id, subtype: 'channel_leave' }];
  const why = 'You cannot leave a direct message.';
  throw new Refusal('method_not_supported_for_channel_type', why, 'reference/methods/conversations.leave');
}

function appNames({ features, display_information }: Manifest): string[] {
  return [features?.bot_user?.display_name, display_information?.name, bot.id]
    .filter((name) => name !== undefined)
    .map((name) => name.toLowerCase());
}

function setMember({ workspace }: World, channel: Channel, who: string, isMember: boolean): void {
  if (who === bot.id) {
    channel.app_is_member = isMember;
    return;
  }
  const members = workspace.users.filter((user) => workspace.isMember(channel, user)).map(({ id }) => id);
  channel.members = isMember ? [...members, who] : members.filter((id) => id !== who);
}
