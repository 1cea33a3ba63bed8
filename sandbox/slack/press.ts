import { perform } from './act.ts';
import { type Block, type Element, elementsOf } from './blocks.ts';
import type { Json } from './log.ts';
import { requireInteractivity } from './manifest.ts';
import { type Message, messageJson } from './messages.ts';
import { channelName, interactivePayload } from './payloads.ts';
import { choose, type Option, optionsOf, type Values, valuesOf } from './picks.ts';
import { Refusal } from './refusal.ts';
import type { Seen } from './seen.ts';
import type { View } from './views.ts';
import type { User } from './workspace.ts';
import type { World } from './world.ts';

const page = 'reference/interaction-payloads/block_actions-payload';

export interface PressOptions {
  user?: string;
  /** The option to choose, by value or label; for buttons that look alike, the button's value. */
  value?: unknown;
  /** The block_id of the block in which it stands. */
  block?: string;
}

let lastActionMicros = 0;

/** When a person acted, as Slack tells it: seconds with six decimals. Later acts have later times, also within a millisecond. */
function actionTs(now: number): string {
  lastActionMicros = Math.max(Math.floor(now * 1000), lastActionMicros + 1);
  return (lastActionMicros / 1_000_000).toFixed(6);
}

/** What was picked in messages since they appeared. */
const picked = new WeakMap<Message, Values>();

/** A person presses a button, or chooses from a menu, in a message or view they see; found by action_id or label. */
export async function press(
  world: World,
  target: Message | View,
  what: string,
  options: PressOptions = {},
): Promise<Seen> {
  const { manifest, workspace, clock } = world;
  const isView = !('ts' in target);
  const user = isView ? ownerOf(world, target) : reader(world, target as Message, options.user);
  requireInteractivity(manifest);
  const [block, element, value] = find(blocksOf(target, options.block), what, options.value);
  if (block.type === 'input' && !block.dispatch_action) {
    throw new Refusal('no_action', `"${what}" is an input without dispatch_action.`, page);
  }
  const pick = element.type === 'button' ? {} : choose(element, value, workspace);
  const blank = valuesOf(
    target.blocks as Block[],
    isView ? (target as View).state.values : picked.get(target as Message),
  );
  const inBlock = blank[String(block.block_id)];
  if (inBlock?.[String(element.action_id)]) inBlock[String(element.action_id)] = { type: element.type, ...pick };
  const { type, action_id, text, style, placeholder } = element;
  const shown = { ...(text ? { text } : {}), ...(style ? { style } : {}), ...(placeholder ? { placeholder } : {}) };
  const given = element.type === 'button' && element.value !== undefined ? { value: element.value } : {};
  const action = {
    type,
    action_id,
    block_id: block.block_id,
    ...shown,
    ...given,
    ...pick,
    action_ts: actionTs(clock.now()),
  };
  const common = { ...interactivePayload(workspace, user), type: 'block_actions', actions: [action] };
  const name = `press ${what}`;
  if (isView) {
    (target as View).state = { values: blank };
    const container = { type: 'view', view_id: target.id };
    return perform(world, {
      type: 'interactive',
      name,
      user,
      payload: (trigger_id) => ({ ...common, trigger_id, container, view: target }),
    });
  }
  const message = target as Message;
  picked.set(message, blank);
  const channel = workspace.channel(message.channel);
  return perform(world, {
    type: 'interactive',
    name,
    user,
    channel,
    source: message,
    payload: (trigger_id, response_url) => ({
      ...common,
      trigger_id,
      response_url,
      channel: { id: channel.id, name: channelName(channel) },
      container: containerOf(message),
      // Slack keeps no ephemeral messages, so it cannot send them along.
      ...(message.ephemeral_to ? {} : { message: messageJson(message) }),
      state: { values: blank },
    }),
  });
}

/** The options of an external select after a person typed `value` into it. */
export async function suggest(world: World, target: Message | View, action_id: string, value: string, user?: string) {
  const isView = !('ts' in target);
  const person = isView ? ownerOf(world, target) : reader(world, target as Message, user);
  const [block] = find(target.blocks as Block[], action_id, undefined);
  const where: Json = isView
    ? { view: target }
    : { container: containerOf(target as Message), channel: { id: target.channel } };
  const payload = {
    ...interactivePayload(world.workspace, person),
    ...where,
    type: 'block_suggestion',
    action_id,
    block_id: block.block_id,
    value,
  };
  let options: Option[] = [];
  await perform(
    world,
    { type: 'interactive', name: `suggest ${action_id}`, user: person, payload: () => payload },
    (body) => {
      options = optionsOf(body as Element);
      const misfit =
        options.length > 100 || options.some((option) => option.text.text.length > 75 || option.value.length > 150);
      const why = 'At most 100 options are allowed, with labels of 75 and values of 150 characters.';
      if (misfit) throw new Refusal('invalid_options', why, 'reference/block-kit/block-elements/select-menu-element');
    },
  );
  return options;
}

export function ownerOf({ views, workspace }: World, view: Json): User {
  const owner = workspace.users.find((user) =>
    [...views.stack(user), views.home(user)].some((open) => open?.id === view.id),
  );
  if (owner) return owner;
  throw new Refusal('not_found', 'The view is no longer open.', 'surfaces/modals');
}

function reader({ workspace, messages }: World, message: Message, handle?: string): User {
  const user = workspace.user(handle ?? message.ephemeral_to ?? (workspace.users[0] as User).id);
  if (messages.visible(message.channel, user.id).includes(message)) return user;
  throw new Refusal('message_not_found', `${user.name} cannot see this message.`, 'messaging');
}

function containerOf(message: Message): Json {
  const is_ephemeral = message.ephemeral_to !== undefined;
  const thread = message.thread_ts ? { thread_ts: message.thread_ts } : {};
  return { type: 'message', message_ts: message.ts, channel_id: message.channel, is_ephemeral, ...thread };
}

function blocksOf({ blocks }: Message | View, block?: string): Block[] {
  return (blocks as Block[]).filter(({ block_id }) => block === undefined || block_id === block);
}

function labelOf(element: Element): unknown {
  return ((element.text ?? element.placeholder) as { text?: string } | undefined)?.text;
}

/**
 * The one element meant; an option's label alone also names its menu. Of several that look alike `value` names one: a
 * button's or an option's value, or a word that only its block holds, as a person goes by the row that a menu stands in.
 */
function find(blocks: Block[], what: string, value: unknown): [Block, Element, unknown] {
  const all = blocks.flatMap((block) => elementsOf(block).map((element) => [block, element] as const));
  const named = all.filter(([, element]) => element.action_id === what || labelOf(element) === what);
  const hasValue = ([, element]: (typeof all)[number]) =>
    element.value === value || optionsOf(element).some((option) => option.value === value);
  const exact = named.length > 1 && value !== undefined ? named.filter(hasValue) : named;
  const offering = all.filter(([, element]) => optionsOf(element).some((option) => option.text.text === what));
  const inRow = new RegExp(`(?<!\\w)${String(value).replace(/\W/g, '\\$&')}(?!\\w)`);
  const byOption =
    offering.length > 1 ? offering.filter(([block]) => inRow.test(JSON.stringify(block.text))) : offering;
  const found = exact.length > 0 ? exact : byOption.length > 0 ? byOption : offering;
  const [only] = found;
  if (only && found.length === 1) return [...only, exact.length > 0 ? value : what];
  const labels = all.map(([, element]) => `${String(labelOf(element) ?? element.type)} (${element.action_id})`);
  const why = only
    ? `There are ${found.length} of "${what}". Name one by its value.`
    : `There is no "${what}". There is: ${labels.join(', ') || 'nothing to press'}.`;
  throw new Refusal('no_such_element', why, page);
}
