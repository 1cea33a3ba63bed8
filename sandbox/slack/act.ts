import { ackRefusal, type DeliveryType } from './delivery.ts';
import type { Json } from './log.ts';
import type { Message } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Origin } from './response-url.ts';
import type { Seen } from './seen.ts';
import type { Channel, User } from './workspace.ts';
import type { World } from './world.ts';

/** Who acts and where; left out, the first user and the first channel. Ids, shorts and names all do. */
export interface Who {
  user?: string | undefined;
  channel?: string | undefined;
}

/** The person and the place, or a refusal when the person is not in there. */
export function whoAndWhere({ workspace }: World, { user, channel }: Who): { user: User; channel: Channel } {
  const person = workspace.user(user ?? (workspace.users[0] as User).id);
  const place = workspace.channel(channel ?? (workspace.channels[0] as Channel).id);
  if (workspace.isMember(place, person)) return { user: person, channel: place };
  const why = `${person.name} is not in #${place.name}.`;
  throw new Refusal('channel_not_found', why, 'reference/methods/conversations.info');
}

export interface Deed {
  type: DeliveryType;
  /** What the person did, as the log and the refusals call it: `/maro`, `press track`. */
  name: string;
  user: User;
  channel?: Channel;
  source?: Message;
  payload(trigger_id: string, response_url: string): Json;
}

let acts = 0;

/** The name of an act, by which it is known what came of it. */
export function nextAct(): string {
  return `act${++acts}`;
}

/** Hands what a person did to the app and waits for its acknowledgement; `onAck` shows what is in it. */
export async function perform(
  world: World,
  deed: Deed,
  onAck: (body: Json, origin: Origin, seen: Seen) => void = () => {},
): Promise<Seen> {
  const { name, user, source } = deed;
  const act = nextAct();
  const channel = deed.channel ?? { id: '', name: '', type: 'im', app_is_member: false };
  const origin: Origin = { act, name, user, channel, ...(source ? { source } : {}) };
  const { seen, settle } = world.sights.open(act, user.id, channel.id);
  const payload = structuredClone(
    deed.payload(world.triggers.create({ user, act }), world.responseUrls.create(origin)),
  );
  const ack = await world.transport.deliver({ type: deed.type, payload });
  try {
    if (!ack.ok) throw ackRefusal(ack, name);
    onAck(typeof ack.body === 'string' ? { text: ack.body } : ((ack.body ?? {}) as Json), origin, seen);
  } catch (refusal) {
    if (refusal instanceof Refusal) world.log.refuse(refusal);
    throw refusal;
  }
  settle();
  return seen;
}
