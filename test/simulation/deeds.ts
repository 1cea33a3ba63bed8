import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { until, words } from '../maro.ts';
import type { Execution, Seen, View } from '../sandbox/slack/index.ts';
import {
  DENIAL,
  type Deed,
  DOUBT,
  FRESH,
  type History,
  isPoisoned,
  posted,
  TRACKED,
  toldDirectly,
  type Wrong,
} from './history.ts';
import { POISON, type System } from './system.ts';

type Command = fc.AsyncCommand<History, System>;
type Wrongs = Wrong['what'][];
/** `name` is unique, and stands in everything that the deed makes; `key` is an issue of its own. */
type Act = (system: System, deed: { name: string; key: string }) => Omit<Deed, 'name'>;

/** A person has one form open at a time. */
const FORM = 'create in a form';
/** Each ends three processes, so that there is one in a run. */
const POISONING = 'hand over what ends the process';

/** Everything that people do, each as a command of fast-check's. */
export const deeds: fc.Arbitrary<Command>[] = [
  deed('track by command', 'fresh', trackByCommand),
  deed('untrack by command', 'tracked', untrackByCommand),
  deed('track by a step', 'fresh', trackByStep),
  deed('create by a step', 'fresh', createByStep),
  deed('create several by a step', 'fresh', createSeveral),
  deed('post by a step', 'fresh', postByStep),
  deed(FORM, 'fresh', createInForm),
  deed('link by command', 'fresh', linkByCommand),
  deed('track what a message mentions', 'fresh', trackMentioned),
  deed('untrack by a button', 'tracked', untrackByButton),
  deed(POISONING, 'fresh', poison),
];

/** A deed and the pause after it, in milliseconds. */
function deed(what: string, from: 'fresh' | 'tracked', act: Act): fc.Arbitrary<Command> {
  return fc.nat({ max: 400 }).map((pauseMs) => ({
    check: (history) =>
      history[from].length > 0 && !history.active.has(what) && !(what === POISONING && isPoisoned(history)),
    async run(history, system) {
      const name = `deed ${history.deeds.length + 1}`;
      const made = act(system, { name, key: history[from].shift() ?? '' });
      history.deeds.push({ ...made, name: `${name}, ${what}` });
      if (what === FORM) history.active.add(what);
      void made.done.then(() => history.active.delete(what));
      await sleep(pauseMs);
    },
    toString: () => `${what}, ${pauseMs} ms`,
  }));
}

/** How a delivery ended: Slack itself says when nobody acknowledged it. */
async function outcomeOf(asked: Promise<unknown>): Deed['done'] {
  try {
    await asked;
    return 'answered';
  } catch (error) {
    return (error as { error?: string }).error === 'operation_timeout' ? 'late' : 'held';
  }
}

async function isTracked({ sql }: System, channel: string, key: string): Promise<boolean> {
  const rows = await sql`
    select from tracked_issues join jira_issues using (tenant_id, site, issue_id)
    where tenant_id = 'T0ACME' and channel_id = ${channel} and issue_key = ${key}`;
  return rows.length > 0;
}

const made = ({ jira }: System, summary: string) => jira.issues.all().filter((issue) => issue.summary === summary);

/** A sentence that says that nothing was done, and means it. */
const denies = (sentence: string) => DENIAL.test(sentence) && !DOUBT.test(sentence);

function byCommand(
  system: System,
  { line, channel, key, done, isThere }: { line: string; channel: string; key: string; done: RegExp; isThere: boolean },
): Omit<Deed, 'name'> {
  let seen: Seen | undefined;
  const asked = system.slack.command(line, { channel }).then((value) => {
    seen = value;
  });
  const said = () => [...(seen?.messages ?? []), ...toldDirectly(system, key)].map(words).at(-1) ?? '';
  return {
    done: outcomeOf(asked),
    said,
    async judge() {
      if (seen === undefined) return [];
      const word = said();
      const asTold = (await isTracked(system, channel, key)) === isThere;
      if (done.test(word)) return asTold ? [] : ['told as done and not there'];
      if (/in a moment/.test(word)) return ['without an answer'];
      return denies(word) && asTold ? ['told as not done and there'] : [];
    },
  };
}

function trackByCommand(system: System, { key }: { key: string }) {
  const done = /now tracked|tracked already/;
  return byCommand(system, { line: `/maro track ${key}`, channel: FRESH, key, done, isThere: true });
}

function untrackByCommand(system: System, { key }: { key: string }) {
  const done = /no longer tracked/;
  return byCommand(system, { line: `/maro untrack ${key}`, channel: TRACKED, key, done, isThere: false });
}

const REDELIVERED_WITHIN_MS = 30_000;

/** Slack delivers a step again that nobody acknowledged, so that it is not held for long. */
async function held(): Promise<'held'> {
  await sleep(REDELIVERED_WITHIN_MS, undefined, { ref: false });
  return 'held';
}

/** A step, and what is wrong when it is over. `isThere`: whether what it does is there. */
function byStep(
  execution: Execution,
  isThere: (execution: Execution) => Promise<boolean>,
  more: () => Wrongs = () => [],
): Omit<Deed, 'name'> {
  return {
    said: () => execution.error ?? JSON.stringify(execution.outputs),
    done: execution.delivered.then((acks) =>
      acks.some(({ ok }) => ok)
        ? 'answered'
        : Promise.race([execution.finished.then(() => 'answered' as const), held()]),
    ),
    async judge() {
      const { state, error = '', attempts, completions } = execution;
      const wrongs = more();
      const isAccepted = attempts.length > 0 || (await execution.delivered).some(({ ok }) => ok);
      if (state === 'in_progress') return isAccepted ? [...wrongs, 'without an answer'] : wrongs;
      if (completions > 1) wrongs.push('doubled');
      const done = await isThere(execution);
      if (state === 'completed' && !done) wrongs.push('told as done and not there');
      if (state === 'failed' && denies(error) && done) wrongs.push('told as not done and there');
      return wrongs;
    },
  };
}

function trackByStep(system: System, { key }: { key: string }) {
  const execution = system.slack.step('track', { channel_id: FRESH, issue_keys: key, user_id: 'U0ADA' });
  return byStep(execution, () => isTracked(system, FRESH, key));
}

function createByStep(system: System, { name }: { name: string }) {
  const inputs = { project: 'PLAT', summary: `Of ${name}.`, channel_id: FRESH, user_id: 'U0ADA' };
  const tickets = () => made(system, inputs.summary).length;
  const execution = system.slack.step('create_ticket', inputs);
  return byStep(
    execution,
    async () => tickets() === 1,
    () => (tickets() > 1 ? ['doubled'] : []),
  );
}

function createSeveral(system: System, { name }: { name: string }) {
  const summaries = ['First', 'Second', 'Third'].map((which) => `${which} of ${name}.`);
  const inputs = { project: 'PLAT', stories: summaries.join('\n'), channel_id: FRESH, user_id: 'U0BEN' };
  const counts = () => summaries.map((summary) => made(system, summary).length);
  const execution = system.slack.step('create_stories', inputs);
  return byStep(
    execution,
    async () => counts().some((count) => count > 0),
    () => (counts().some((count) => count > 1) ? ['doubled'] : []),
  );
}

function postByStep(system: System, { name, key }: { name: string; key: string }) {
  const note = `Posted by ${name}.`;
  const cards = () => posted(system, FRESH, note).length;
  const execution = system.slack.step('post_ticket', { channel_id: FRESH, issue_keys: key, note });
  return byStep(
    execution,
    async () => cards() === 1,
    () => (cards() > 1 ? ['doubled'] : []),
  );
}

function linkByCommand(system: System, { key }: { key: string }): Omit<Deed, 'name'> {
  let seen: Seen | undefined;
  const asked = system.slack.command(`/maro link ${key}`, { channel: FRESH }).then((value) => {
    seen = value;
  });
  const said = () => words(seen?.messages.at(-1));
  return {
    done: outcomeOf(asked),
    said,
    async judge() {
      const cards = posted(system, FRESH, `${key} `).length;
      const word = said();
      if (cards > 1) return ['doubled'];
      return / is linked to this channel\.$/.test(word.trim()) && cards === 0 ? ['told as done and not there'] : [];
    },
  };
}

function trackMentioned(system: System, { key }: { key: string }): Omit<Deed, 'name'> {
  const message = system.slack.post(`Look at ${key}`, { channel: FRESH, user: 'ben' });
  let seen: Seen | undefined;
  const asked = system.slack.shortcut('track_mentioned', message, { user: 'ben' }).then((value) => {
    seen = value;
  });
  // The same person may have other views, which Slack's wire does not tell apart.
  const mine = () => (seen?.views ?? []).map(({ blocks }) => words(blocks)).filter((text) => text.includes(key));
  const said = () => mine().at(-1) ?? '';
  return {
    done: outcomeOf(asked),
    said,
    async judge() {
      const word = said();
      const isThere = await isTracked(system, FRESH, key);
      if (/now tracked|tracked already/.test(word)) return isThere ? [] : ['told as done and not there'];
      return denies(word) && isThere ? ['told as not done and there'] : [];
    },
  };
}

function poison(system: System): Omit<Deed, 'name'> {
  const execution = system.slack.step('track', { channel_id: FRESH, issue_keys: `${POISON}-1` });
  const isGivenUp = () => (execution.error ?? '').startsWith('Maro started this three times');
  return {
    ...byStep(execution, async () => false),
    judge: async () => (isGivenUp() ? [] : ['without an answer']),
  };
}

/** Presses Untrack on a card, twice at once. */
function untrackByButton(system: System, { name, key }: { name: string; key: string }): Omit<Deed, 'name'> {
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
      if (/No longer tracked/.test(said())) return isThere ? ['told as done and not there'] : [];
      if (answers.length > 0 && !isThere && told().length === 0) return ['without an answer'];
      return told().some((message) => denies(words(message))) && !isThere ? ['told as not done and there'] : [];
    },
  };
}

/** Sends the form, and sends it once more when it is still there: whatever it says, that creates nothing twice. */
function createInForm(system: System, { name }: { name: string }): Omit<Deed, 'name'> {
  const { slack } = system;
  const summary = `Formed by ${name}.`;
  let closed = false;
  let word = '';
  async function fill(): Promise<void> {
    const seen = await slack.command(`/maro create ${summary}`, { channel: FRESH, user: 'cyd' });
    const mine = () => seen.views.at(-1) as View;
    const has = (block: string) => () => mine()?.blocks.some(({ block_id }) => block_id === block) ?? false;
    await until(has('project'), 'the form is there', 4_000);
    const [option] = await slack.suggest(mine(), 'create:project', 'PLAT');
    await slack.press(mine(), 'create:project', { value: option });
    await until(has('type PLAT'), 'the form is drawn', 4_000);
    for (let n = 0; n < 2 && !closed; n++) {
      const sent = await slack.submit(mine(), n === 0 ? { summary } : {});
      closed = !slack.views('cyd').some(({ id }) => id === mine().id);
      word = words(sent.views.at(-1)?.blocks) + Object.values(sent.errors).join(' ');
      if (mine().submit === undefined) break;
    }
    if (!closed) await slack.close(mine(), { all: true });
  }
  return {
    done: outcomeOf(fill()).then((outcome) => {
      // Slack itself shows an error, and the person closes what is left.
      for (const view of slack.views('cyd').toReversed()) void slack.close(view).catch(() => {});
      return outcome;
    }),
    said: () => word,
    async judge() {
      const tickets = made(system, summary).length;
      const cards = posted(system, FRESH, summary).length;
      const told = toldDirectly(system, summary).map(words);
      const wrongs: Wrongs = tickets > 1 || cards > 1 ? ['doubled'] : [];
      if (closed && tickets === 0 && told.length === 0) wrongs.push('told as done and not there');
      const last = told.at(-1) ?? word;
      if (tickets > 0 && cards === 0 && denies(last)) wrongs.push('told as not done and there');
      if (tickets > 0 && cards === 0 && told.length === 0) wrongs.push('without an answer');
      return wrongs;
    },
  };
}
