import { isDeepStrictEqual } from 'node:util';
import { perform } from './act.ts';
import { type Block, type Element, elementsOf } from './blocks.ts';
import type { Json } from './log.ts';
import { requireInteractivity } from './manifest.ts';
import { interactivePayload } from './payloads.ts';
import { choose, isEmpty, type Pick } from './picks.ts';
import { ownerOf } from './press.ts';
import { InvalidInput, Refusal } from './refusal.ts';
import { hasMention } from './rich-text.ts';
import type { Seen } from './seen.ts';
import type { View } from './views.ts';
import type { World } from './world.ts';

const page = 'surfaces/modals';
/** What the client says of a mention that the app put in: https://github.com/slackapi/bolt-js/issues/2138. */
const NOT_SENT = 'We had some trouble connecting. Try again?';

/**
 * A person fills in a view and submits it. `values` go by block_id, action_id or label; what is left out stays as it
 * stands. What the client itself would hold back (a required field left empty, a text too short) is an InvalidInput.
 */
export async function submit(world: World, view: View, values: Record<string, unknown> = {}): Promise<Seen> {
  const user = ownerOf(world, view);
  const { views, workspace } = world;
  if (views.stack(user).at(-1)?.id !== view.id) throw new Refusal('not_found', 'The view is not on top.', page);
  if (!view.submit) throw new Refusal('no_submit', 'The view has no submit button.', page);
  requireInteractivity(world.manifest);
  fill(world, view, values);
  return perform(
    world,
    {
      type: 'interactive',
      name: `submit ${view.callback_id}`,
      user,
      payload: (trigger_id) => ({
        ...interactivePayload(workspace, user),
        type: 'view_submission',
        trigger_id,
        view,
        response_urls: [],
      }),
    },
    (answer, { act }, seen) => {
      const { response_action } = answer;
      if (response_action === undefined) views.close(user);
      else if (response_action === 'clear') views.close(user, true);
      else if (response_action === 'update') views.update({ view_id: view.id }, answer.view, act);
      else if (response_action === 'push') views.push(user, answer.view, act);
      else if (response_action === 'errors') seen.errors = checkErrors(view, answer.errors);
      else throw new Refusal('invalid_arguments', `There is no response_action "${String(response_action)}".`, page);
    },
  );
}

/** A person closes the top view, or with `all` the whole stack. The app hears of it when it asked to. */
export async function close(world: World, view: View, { all = false } = {}): Promise<void> {
  const user = ownerOf(world, view);
  for (const closed of world.views.close(user, all)) {
    if (!closed.notify_on_close) continue;
    const payload = {
      ...interactivePayload(world.workspace, user),
      type: 'view_closed',
      view: closed,
      is_cleared: all,
    };
    await perform(world, { type: 'interactive', name: `close ${closed.callback_id}`, user, payload: () => payload });
  }
}

function fill({ workspace }: World, { blocks, state }: View, values: Record<string, unknown>): void {
  const left = new Set(Object.keys(values));
  const fields = blocks.flatMap((block) => elementsOf(block).map((element) => ({ block, element })));
  for (const { block, element } of fields) {
    const label = (block.label as { text?: string } | undefined)?.text;
    const name = [block.block_id, element.action_id, label].find((each) => each && Object.hasOwn(values, each));
    const held = state.values[String(block.block_id)];
    if (!name || !held) continue;
    left.delete(name);
    held[String(element.action_id)] = choose(element, values[name], workspace);
  }
  if (left.size > 0) throw new Refusal('no_such_element', `The view has no field ${[...left].join(', ')}.`, page);
  const wrong = fields.flatMap(({ block, element }) => {
    const pick = state.values[String(block.block_id)]?.[String(element.action_id)];
    const sentence = block.type === 'input' && pick ? complaintOf(block, element, pick) : undefined;
    const label = (block.label as { text?: string } | undefined)?.text ?? '';
    return sentence === undefined ? [] : [{ block: String(block.block_id), label, sentence }];
  });
  if (wrong.length > 0) throw new InvalidInput(wrong);
}

/** What Slack's client says of a field before it lets a form go. */
function complaintOf(block: Block, element: Element, pick: Pick): string | undefined {
  if (isEmpty(pick)) return block.optional ? undefined : 'Please complete this required field.';
  if (element.type === 'rich_text_input') {
    const isUntouched = isDeepStrictEqual(pick.rich_text_value, element.initial_value);
    return isUntouched && hasMention(pick.rich_text_value) ? NOT_SENT : undefined;
  }
  return element.type.endsWith('_input') ? complaintOfTyped(element, String(pick.value)) : undefined;
}

function complaintOfTyped(element: Element, value: string): string | undefined {
  const { type, min_length = 0, max_length = 3000, min_value, max_value } = element;
  switch (type) {
    case 'plain_text_input':
      if (value.length < Number(min_length)) return `Enter at least ${min_length} characters.`;
      return value.length > Number(max_length) ? `Enter at most ${max_length} characters.` : undefined;
    case 'email_text_input':
      return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value) ? undefined : 'Enter an email address.';
    case 'url_text_input':
      return URL.canParse(value) ? undefined : 'Enter a URL, such as https://example.com.';
    case 'number_input': {
      const number = Number(value);
      if (!Number.isFinite(number)) return 'Enter a number.';
      if (!element.is_decimal_allowed && !Number.isInteger(number)) return 'Enter a whole number.';
      if (number < Number(min_value ?? -Infinity)) return `Enter ${min_value} or more.`;
      return number > Number(max_value ?? Infinity) ? `Enter ${max_value} or less.` : undefined;
    }
    default:
      return undefined;
  }
}

function checkErrors(view: View, errors: unknown): Record<string, string> {
  const inputs = view.blocks.filter((block) => block.type === 'input').map((block) => block.block_id);
  const given = Object.entries((errors ?? {}) as Json);
  const stray = given.find(([id, text]) => !inputs.includes(id) || typeof text !== 'string' || text === '');
  if (given.length > 0 && !stray) return Object.fromEntries(given) as Record<string, string>;
  const why = stray
    ? `errors names "${stray[0]}", which is no input block.`
    : 'response_action "errors" names no error.';
  throw new Refusal('invalid_arguments', why, page);
}
