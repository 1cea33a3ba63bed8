import { perform, type Who, whoAndWhere } from './act.ts';
import { requireMessageBox, requireScope } from './manifest.ts';
import { builtIns, runBuiltIn } from './membership.ts';
import { escapedMrkdwn } from './mrkdwn.ts';
import { commandPayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import { showAnswer } from './response-url.ts';
import type { Seen } from './seen.ts';
import type { Workspace } from './workspace.ts';
import type { World } from './world.ts';

const page = 'interactivity/implementing-slash-commands';

/** A person types a slash command, `/maro track A-1`, and sees the app's answer, or what came of one of Slack's own. */
export async function command(world: World, line: string, options: Who & { thread_ts?: string } = {}): Promise<Seen> {
  const { user, channel } = whoAndWhere(world, options);
  const { manifest, workspace, messages } = world;
  const [, name = '', typed = ''] = /^(\S*)\s*(.*)$/s.exec(line.trim()) ?? [];
  const builtIn = builtIns.find(({ command }) => command === name);
  if (builtIn) return runBuiltIn(world, builtIn, { user, channel, text: typed });
  const declared = manifest.features?.slash_commands?.find((each) => each.command === name);
  if (!declared) throw new Refusal('invalid_command', `manifest.json does not declare the command ${name}.`, page);
  requireScope(manifest, 'commands', name);
  if (channel.type === 'im') requireMessageBox(manifest);
  if (options.thread_ts) throw new Refusal('not_in_threads', `Slack does not support ${name} in threads.`, page);
  const text = declared.should_escape ? escaped(typed, workspace) : typed;
  return perform(
    world,
    {
      type: 'slash_commands',
      name,
      user,
      channel,
      payload: (trigger_id, response_url) =>
        commandPayload(workspace, user, channel, { command: name, text, response_url, trigger_id }),
    },
    (body, origin) => showAnswer(messages, origin, body),
  );
}

/**
 * With `should_escape`, Slack sends ids for the people and channels that were typed, brackets around links, and its three
 * control characters escaped: docs.slack.dev/messaging/formatting-message-text/#escaping.
 */
function escaped(text: string, { users, channels }: Workspace): string {
  return escapedMrkdwn(text)
    .replace(/(?<!\S)@([\w.-]+)/g, (typed, name) => {
      const user = users.find((each) => each.name === name);
      return user ? `<@${user.id}|${name}>` : typed;
    })
    .replace(/(?<!\S)#([\w-]+)/g, (typed, name) => {
      const channel = channels.find((each) => each.name === name);
      return channel ? `<#${channel.id}|${name}>` : typed;
    });
}
