import type { Message, Seen } from '../../sandbox/slack/index.ts';
import { until, words } from '../maro.ts';
import { type Deed, denies, isTracked, outcomeOf, posted, TRACKED, toldDirectly } from './deed.ts';
import type { System } from './system.ts';

/** Presses Untrack on a card, twice at once. */
export function untrackByButton(system: System, { name, key }: { name: string; key: string }): Omit<Deed, 'name'> {
  const { slack } = system;
  const note = `Pressed by ${name}.`;
  const card = () => posted(system, TRACKED, note)[0];
  const answers: Seen[] = [];
  async function act(): Promise<void> {
    const inputs = { channel_id: TRACKED, issue_keys: key, note, user_id: 'U0BEN' };
    slack.step('post_ticket', inputs);
    await until(() => card() !== undefined, 'the card is there', 4_000);
    const pressed = card();
    if (pressed === undefined) return;
    const press = async () => answers.push(await slack.press(pressed, 'ticket:untrack', { user: 'ben' }));
    await Promise.all([press(), press()]);
  }
  const told = () => answers.flatMap(({ messages }) => messages).filter(({ ephemeral_to }) => ephemeral_to === 'U0BEN');
  const said = () => words(card()) || words(told().at(-1));
  return {
    done: outcomeOf(act()),
    said,
    async judge() {
      const isThere = await isTracked(system, TRACKED, key);
      if (posted(system, TRACKED, note).length > 1) return ['doubled'];
      // A step that is carried out again after the press draws the card anew, as things stand then.
      if (/Untracked in this channel|isn’t tracked in this channel/.test(said())) {
        return isThere ? ['told as done and not there'] : [];
      }
      if (answers.length > 0 && !isThere && told().length === 0) return ['without an answer'];
      return told().some((message) => denies(words(message))) && !isThere ? ['told as not done and there'] : [];
    },
  };
}

/** Untracks by command, and presses Undo on the answer, twice at once. */
export function undoByButton(system: System, { key }: { key: string }): Omit<Deed, 'name'> {
  const { slack } = system;
  const answers: Seen[] = [];
  let pressed = false;
  async function act(): Promise<void> {
    const { messages } = await slack.command(`/maro untrack ${key}`, { channel: TRACKED });
    const answer = messages.at(-1);
    if (answer === undefined || !hasButton(answer, 'list:undo')) return;
    pressed = true;
    const press = async () => answers.push(await slack.press(answer, 'list:undo'));
    await Promise.all([press(), press()]);
  }
  const told = () => answers.flatMap(({ messages }) => messages).map(words);
  const said = () => told().at(-1) ?? '';
  return {
    done: outcomeOf(act()),
    said,
    async judge() {
      if (!pressed || answers.length === 0) return [];
      const isThere = await isTracked(system, TRACKED, key);
      const isTold = told().some((text) => /(is|are) tracked again\./.test(text));
      if (isTold) return isThere ? [] : ['told as done and not there'];
      if (told().length === 0 && toldDirectly(system, 'undone').length === 0) return ['without an answer'];
      return isThere && told().every(denies) ? ['told as not done and there'] : [];
    },
  };
}

/** Shares the list, twice at once. The person of `name` shares nothing else. */
export function shareByButton(system: System, { user }: { user: string }): Omit<Deed, 'name'> {
  const { slack } = system;
  const answers: Seen[] = [];
  const id = `U0${user.toUpperCase()}`;
  const lists = () => posted(system, TRACKED, `<@${id}> shared`);
  async function act(): Promise<void> {
    const { messages } = await slack.command('/maro tracked', { channel: TRACKED, user });
    const list = messages.at(-1);
    if (list === undefined || !hasButton(list, 'list:share')) return;
    const press = async () => answers.push(await slack.press(list, 'list:share', { user }));
    await Promise.all([press(), press()]);
  }
  const told = () => answers.flatMap(({ messages }) => messages).filter(({ ephemeral_to }) => ephemeral_to === id);
  const said = () => words(told().at(-1));
  return {
    done: outcomeOf(act()),
    said,
    async judge() {
      const count = lists().length;
      if (count > 1) return ['doubled'];
      if (answers.length > 0 && count + told().length + toldDirectly(system, 'the list').length === 0)
        return ['without an answer'];
      return count === 1 && told().length > 0 && told().every((message) => denies(words(message)))
        ? ['told as not done and there']
        : [];
    },
  };
}

function hasButton({ blocks = [] }: Message, actionId: string): boolean {
  return JSON.stringify(blocks).includes(`"action_id":"${actionId}"`);
}
