import type { Message, Seen, View } from '../../sandbox/slack/index.ts';
import { until, words } from '../maro.ts';
import { type Act, assignmentOf, commentOf, editOf, issueOf, judgeKnown, meanwhile, moveOf, watchOf } from './acts.ts';
import { byStep } from './by-step.ts';
import { type Deed, denies, FRESH, outcomeOf, toldDirectly, type Wrong } from './deed.ts';
import type { System } from './system.ts';

type Asked = { name: string; key: string; spelling: number };
type Doing = (system: System, asked: Asked) => Omit<Deed, 'name'>;

/** Words that say that a change was made. */
const DONE = /(>|SHOP-\d+) (is now|was changed|is no longer)|was added to|You now watch/;
/** Words that ask the person to repeat the change. */
const AGAIN = /Try again|does no harm/;
const WILL_BE_DONE = /will try again/;

function byCommand(actOf: (asked: Asked, system: System) => Act): Doing {
  return (system, asked) => {
    const { slack } = system;
    const issue = issueOf(system, asked.key);
    const { command, times } = actOf(asked, system);
    let seen: Seen | undefined;
    // The answer can also come in a direct message, from another process.
    const said = () => {
      const private_ = (seen?.messages ?? []).filter(({ ephemeral_to }) => ephemeral_to !== undefined);
      const texts = [...private_, ...toldDirectly(system, asked.key)].map(words);
      const own = texts.filter((text) => text.includes(asked.key) || text.includes(`${asked.name}.`));
      return own.at(-1) ?? texts.findLast((text) => text !== '' && !/SHOP-\d+/.test(text)) ?? '';
    };
    async function ask(): Promise<void> {
      void meanwhile(system, asked);
      seen = await slack.command(`/maro ${command}`, { channel: FRESH });
      const word = said();
      if (AGAIN.test(word) && !WILL_BE_DONE.test(word))
        seen = await slack.command(`/maro ${command}`, { channel: FRESH });
    }
    return {
      done: outcomeOf(ask()),
      said,
      async judge() {
        const [count, word] = [times(issue), said()];
        const wrongs = await judgeKnown(system, issue);
        if (count > 1) wrongs.push('doubled');
        if (DONE.test(word) && count === 0) wrongs.push('told as done and not there');
        if (denies(word) && count > 0) wrongs.push('told as not done and there');
        const isOpen = /in a moment|already on its way/.test(word);
        if (isOpen || (word === '' && (seen !== undefined || count > 0))) wrongs.push('without an answer');
        return wrongs;
      },
    };
  };
}

function byStepOf(actOf: (asked: Asked, system: System) => Act): Doing {
  return (system, asked) => {
    const issue = issueOf(system, asked.key);
    const { step, inputs, times } = actOf(asked, system);
    const execution = system.slack.step(step, inputs);
    void meanwhile(system, asked);
    const deed = byStep(
      execution,
      async () => times(issue) > 0,
      () => (times(issue) > 1 ? ['doubled'] : []),
    );
    return { ...deed, judge: async (at) => [...(await deed.judge(at)), ...(await judgeKnown(at, issue))] };
  };
}

export const [moveByCommand, moveByStep] = [byCommand(moveOf), byStepOf(moveOf)];
export const [assignByCommand, assignByStep] = [byCommand(assignmentOf), byStepOf(assignmentOf)];
export const [editByCommand, editByStep] = [byCommand(editOf), byStepOf(editOf)];
export const [commentByCommand, commentByStep] = [byCommand(commentOf), byStepOf(commentOf)];
export const watchByCommand = byCommand(watchOf);

type Form = { opened(card: Message): Promise<() => View>; block: string; values: Record<string, unknown> };

/** Submits a form that a button on the issue's card opens, and submits it once more if it is still open. */
function inForm(system: System, asked: Asked, { times }: Act, { opened, block, values }: Form): Omit<Deed, 'name'> {
  const { slack } = system;
  const issue = issueOf(system, asked.key);
  let [isSent, isClosed, shown] = [false, false, ''];
  const told = () =>
    toldDirectly(system, asked.key)
      .map(words)
      .filter((text) => DONE.test(text) || denies(text) || /may or may not|interrupted/.test(text));
  async function fill(): Promise<void> {
    const { messages } = await slack.command(`/maro show ${asked.key}`, { channel: FRESH, user: 'ben' });
    const card = messages.find(({ blocks }) => JSON.stringify(blocks ?? []).includes(`"issue:more ${asked.key}`));
    if (card === undefined) return;
    const mine = await opened(card);
    const has = () => mine()?.blocks.some(({ block_id }) => block_id === block) ?? false;
    await until(has, 'the form is there', 4_000);
    void meanwhile(system, asked);
    for (let n = 0; n < 2 && !isClosed; n++) {
      isSent = true;
      const sent = await slack.submit(mine(), values);
      isClosed = !slack.views('ben').some(({ id }) => id === mine().id);
      shown = words(sent.views.at(-1)?.blocks) + Object.values(sent.errors).join(' ');
      if (mine().submit === undefined || !has()) break;
    }
  }
  return {
    done: outcomeOf(fill()).then((outcome) => {
      for (const view of slack.views('ben').toReversed()) void slack.close(view).catch(() => {});
      return outcome;
    }),
    said: () => told().at(-1) ?? shown,
    async judge() {
      const [count, last] = [times(issue), told().at(-1) ?? shown];
      const wrongs: Wrong['what'][] = await judgeKnown(system, issue);
      if (count > 1) wrongs.push('doubled');
      if ((isClosed || DONE.test(last)) && count === 0) wrongs.push('told as done and not there');
      if (denies(last) && count > 0) wrongs.push('told as not done and there');
      if (isSent && last === '' && (isClosed || count > 0)) wrongs.push('without an answer');
      return wrongs;
    },
  };
}

export const moveInForm: Doing = (system, asked) => {
  const act = moveOf(asked, system);
  const opened = async (card: Message) => {
    const seen = await system.slack.press(card, 'issue:move', { user: 'ben' });
    return () => seen.views.at(-1) as View;
  };
  return inForm(system, asked, act, { opened, block: 'status', values: { status: act.to } });
};

export const commentInForm: Doing = (system, asked) => {
  const { slack } = system;
  const act = commentOf(asked);
  const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text: act.inputs.comment }] }];
  const opened = async (card: Message) => {
    const seen = await slack.press(card, 'issue:more', { user: 'ben' });
    const top = () => seen.views.at(-1) as View;
    await until(() => JSON.stringify(top()?.blocks ?? []).includes('Comment…'), 'the issue is there', 4_000);
    await slack.press(top(), 'Comment…');
    return () => slack.views('ben').find(({ id }) => id === top().id) ?? top();
  };
  return inForm(system, asked, act, { opened, block: 'comment', values: { comment: { type: 'rich_text', elements } } });
};
