import { perform, type Who, whoAndWhere } from './act.ts';
import { requireInteractivity, requireScope } from './manifest.ts';
import { type Message, messageJson } from './messages.ts';
import { channelName, interactivePayload } from './payloads.ts';
import { Refusal } from './refusal.ts';
import type { Seen } from './seen.ts';
import type { World } from './world.ts';

const page = 'interactivity/implementing-shortcuts';

/** A person picks a shortcut: from a message's menu when a message is given, else from the global menu. */
export async function shortcut(world: World, callback_id: string, message?: Message, options: Who = {}): Promise<Seen> {
  const { manifest, workspace, clock } = world;
  const { user, channel } = whoAndWhere(world, message ? { ...options, channel: message.channel } : options);
  const wanted = message ? 'message' : 'global';
  const declared = manifest.features?.shortcuts?.find((each) => each.callback_id === callback_id);
  const refuse = (why: string) => new Refusal('invalid_shortcut', why, page);
  if (!declared) throw refuse(`The manifest declares no shortcut "${callback_id}".`);
  if (declared.type !== wanted) throw refuse(`"${callback_id}" is a ${declared.type} shortcut, not a ${wanted} one.`);
  if (message?.ephemeral_to) throw refuse('Ephemeral messages have no message shortcuts.');
  if (message?.deleted) throw refuse('The message was deleted.');
  requireScope(manifest, 'commands', `The shortcut "${callback_id}"`);
  requireInteractivity(manifest);
  const common = { ...interactivePayload(workspace, user), callback_id, action_ts: `${clock.now() / 1000}` };
  return perform(world, {
    type: 'interactive',
    name: callback_id,
    user,
    channel,
    payload: (trigger_id, response_url) =>
      message
        ? {
            ...common,
            type: 'message_action',
            trigger_id,
            response_url,
            channel: { id: channel.id, name: channelName(channel) },
            message_ts: message.ts,
            message: messageJson(message),
          }
        : { ...common, type: 'shortcut', trigger_id },
  });
}
