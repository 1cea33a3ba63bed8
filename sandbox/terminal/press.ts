import { type Block, type Element, elementsOf } from '../slack/blocks.ts';
import type { Message, Seen, View } from '../slack/index.ts';
import { answered, stillness } from './answer.ts';
import { labelOf, optionsOf } from './controls.ts';
import type { Session } from './session.ts';
import { NotUnderstood, type Status } from './status.ts';
import { parseObject } from './step.ts';
import { closeLabel, submitLabel } from './view.ts';

/**
 * A person presses a button or picks from a menu, in the view that is open or in the newest message that has it. Behind the
 * label may stand the value that tells buttons apart which look alike, and behind a view's submit button what is typed into
 * its fields, as JSON.
 */
export async function press(session: Session, rest: string): Promise<Status> {
  const { slack, user, print } = session;
  const view = slack.views(user.id).at(-1);
  const [target, label] = find(session, rest);
  const more = rest.slice(label.length).trim();
  if (target === undefined) {
    throw new NotUnderstood(
      `There is no "${rest}" to press. You can press: ${labels(session).join(', ') || 'nothing'}.`,
    );
  }
  if (target === view && label === closeLabel(view)) {
    await slack.close(view);
    print(['The view closes.']);
    return 0;
  }
  if (target === view && label === submitLabel(view)) {
    const typed = more === '' ? {} : parseObject(more, `press ${label}`);
    return submitted(session, slack.submit(view, await found(session, view, typed)));
  }
  const value = more === '' ? undefined : ((await suggested(session, target, label, more)) ?? more);
  const options = { user: user.id, ...(value === undefined ? {} : { value }) };
  const isGone = () => 'ts' in target && target.deleted === true;
  const status = await answered(session, slack.press(target, label, options), isGone);
  if (isGone()) print(['The message was deleted.']);
  return status;
}

/** The first that the app offers for what was typed into a menu of its own; undefined for every other element. */
async function suggested({ slack, user }: Session, target: Message | View, label: string, typed: string) {
  const elements = (target.blocks as Block[]).flatMap(elementsOf);
  const menu = elements.find(({ type, action_id }) => type === 'external_select' && action_id === label);
  return menu === undefined ? undefined : (await slack.suggest(target, label, typed, user.id))[0];
}

/** What is typed into the fields of a view. In a menu that takes several options, each text becomes the first option for it. */
async function found({ slack, user }: Session, view: View, typed: Record<string, unknown>) {
  const chosen = { ...typed };
  for (const block of view.blocks as Block[]) {
    const { text = '' } = (block.label ?? {}) as { text?: string };
    const [menu] = elementsOf(block).filter(({ type }) => type === 'multi_external_select');
    const words = typed[text];
    if (menu === undefined || !Array.isArray(words)) continue;
    chosen[text] = await Promise.all(
      words.map(async (each) => (await slack.suggest(view, String(menu.action_id), String(each), user.id))[0] ?? each),
    );
  }
  return chosen;
}

/** Everything that can be pressed now, the newest first. */
export function labels(session: Session): string[] {
  return [...new Set(targets(session).flatMap(labelsOf))];
}

/** The newest that has the label, and the longest label that the text begins with. */
function find(session: Session, text: string): [Message | View | undefined, string] {
  for (const target of targets(session)) {
    const [label] = labelsOf(target)
      .filter((each) => text === each || text.startsWith(`${each} `))
      .sort((a, b) => b.length - a.length);
    if (label !== undefined) return [target, label];
  }
  return [undefined, text];
}

/** What the person can press in: while a view is open it covers everything else. */
function targets({ slack, user, channel }: Session): (Message | View)[] {
  const view = slack.views(user.id).at(-1);
  return view === undefined ? slack.messages(channel.id, user.id).toReversed() : [view];
}

function labelsOf(target: Message | View): string[] {
  const own = (target.blocks as Block[])
    .flatMap(elementsOf)
    .flatMap((element: Element) => [
      labelOf(element),
      ...optionsOf(element).map(({ text }) => text.text),
      element.action_id ?? '',
    ]);
  const ofView = 'ts' in target ? [] : [closeLabel(target as View), submitLabel(target as View) ?? ''];
  return [...own, ...ofView].filter((label) => label !== '');
}

/** A view that was submitted closes, unless it shows something else or what is wrong with its fields. */
async function submitted(session: Session, act: Promise<Seen>): Promise<Status> {
  const { errors, views } = await act;
  const wrong = Object.entries(errors).map(([field, sentence]) => `${field}: ${sentence}`);
  if (wrong.length > 0) session.print(wrong);
  else if (views.length === 0) session.print(['The view closes.']);
  await stillness(session);
  return 0;
}
