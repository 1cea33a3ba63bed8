import { randomBytes } from 'node:crypto';
import { checkBlocks, withIds } from './blocks.ts';
import type { Clock } from './clock.ts';
import type { Json, Log } from './log.ts';
import { byTheApp, type Message, type Messages } from './messages.ts';
import { Refusal } from './refusal.ts';
import type { Sights } from './seen.ts';
import type { Channel, User } from './workspace.ts';

/** Slack: five answers within thirty minutes. */
const maxUses = 5;
const lifetimeMs = 30 * 60_000;
const page = 'interactivity/handling-user-interaction';

/** Whose act it was, where, and the message of the app that was pressed, if one was. */
export interface Origin {
  act: string;
  name: string;
  user: User;
  channel: Channel;
  source?: Message;
}

export interface ResponseUrls {
  create(origin: Origin): string;
  /** Answers a POST to a response_url: status and JSON body. */
  answer(id: string, body: string): { status: number; body: Json };
  /** Ends all that were given out so far, as if half an hour had passed. */
  expire(): void;
}

/** The parts of an answer that make a message, checked; undefined when it holds nothing to show. */
export function checkAnswer(
  answer: Json,
  unsupported: ReadonlySet<string>,
): Pick<Message, 'text' | 'blocks'> | undefined {
  const { text = '', blocks = [] } = answer;
  if (typeof text !== 'string') throw new Refusal('invalid_arguments', 'text must be a string.', page);
  if (text.length > 40_000) {
    const why = `The text has ${text.length} characters; Slack takes 40,000.`;
    throw new Refusal('msg_too_long', why, 'reference/methods/chat.postMessage');
  }
  checkBlocks(blocks);
  const block = blocks.find(({ type }) => unsupported.has(type));
  if (block) throw new Refusal('invalid_blocks', `unsupported type: ${block.type}`, 'reference/block-kit/blocks');
  return text === '' && blocks.length === 0 ? undefined : { text, blocks: withIds(blocks) };
}

/** Shows an answer to an act: to the person alone unless its response_type is `in_channel`. */
export function showAnswer(messages: Messages, origin: Origin, answer: Json): void {
  const parts = checkAnswer(answer, messages.unsupported);
  if (!parts) return;
  const isPublic = answer.response_type === 'in_channel';
  const thread = isPublic && typeof answer.thread_ts === 'string' ? { thread_ts: answer.thread_ts } : {};
  const audience = isPublic ? {} : { ephemeral_to: origin.user.id };
  messages.post({ ...parts, ...byTheApp, ...thread, ...audience, channel: origin.channel.id }, origin.act);
}

export function createResponseUrls(base: string, clock: Clock, log: Log, messages: Messages, sights: Sights) {
  const urls = new Map<string, Origin & { until: number; uses: number }>();

  /** A slash command's or shortcut's own answers cannot be replaced: only a message whose element was pressed. */
  function use(origin: Origin, answer: Json): void {
    const { source, act } = origin;
    if (answer.delete_original && source) messages.remove(source);
    else if (answer.replace_original && source && !source.deleted) {
      const parts = checkAnswer(answer, messages.unsupported);
      if (!parts) throw new Refusal('no_text', 'The message has neither text nor blocks.', page);
      messages.edit(source, parts, act);
    } else {
      if (!checkAnswer(answer, messages.unsupported))
        throw new Refusal('no_text', 'The message has neither text nor blocks.', page);
      showAnswer(messages, origin, answer);
    }
  }

  const responseUrls: ResponseUrls = {
    expire() {
      for (const origin of urls.values()) origin.until = 0;
    },
    create(origin) {
      const id = randomBytes(12).toString('hex');
      urls.set(id, { ...origin, until: clock.now() + lifetimeMs, uses: 0 });
      return `${base}/response/${id}`;
    },
    answer(id, body) {
      const origin = urls.get(id);
      const entry = log.add('response_url', origin?.name ?? id, {});
      try {
        if (!origin) throw new Refusal('invalid_url', 'Slack never gave this response_url to the app.', page);
        if (clock.now() > origin.until)
          throw new Refusal('expired_url', 'A response_url expires after 30 minutes.', page);
        if (origin.uses >= maxUses) throw new Refusal('used_url', `A response_url can be used ${maxUses} times.`, page);
        entry.args = parse(body);
        use(origin, entry.args);
        origin.uses += 1;
        entry.answer = { ok: true };
        return { status: 200, body: { ok: true } };
      } catch (refusal) {
        if (!(refusal instanceof Refusal)) throw refusal;
        log.refuse(refusal, entry);
        entry.answer = { ok: false, error: refusal.error };
        if (origin) sights.show({ refusal, act: origin.act, seenBy: () => false });
        return { status: refusal.error.endsWith('_url') ? 404 : 400, body: { ok: false, error: refusal.error } };
      }
    },
  };
  return responseUrls;
}

function parse(body: string): Json {
  try {
    const answer: unknown = JSON.parse(body);
    if (typeof answer === 'object' && answer !== null) return answer as Json;
  } catch {}
  throw new Refusal('invalid_payload', 'The body is not a JSON object.', page);
}
