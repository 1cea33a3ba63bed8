import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import {
  assignByCommand,
  assignByStep,
  commentByCommand,
  commentByStep,
  commentInForm,
  editByCommand,
  editByStep,
  moveByCommand,
  moveByStep,
  moveInForm,
  watchByCommand,
} from './by-act.ts';
import { shareByButton, undoByButton, untrackByButton } from './by-button.ts';
import { linkByCommand, trackByCommand, untrackByCommand } from './by-command.ts';
import { changeInJira } from './by-jira.ts';
import { followByCommand } from './by-query.ts';
import { moveSeveral } from './by-several.ts';
import { trackMentioned } from './by-shortcut.ts';
import { createByStep, createSeveral, poison, postByStep, trackByStep } from './by-step.ts';
import { pickByStep, waitByStep } from './by-waiting.ts';
import type { Deed } from './deed.ts';
import { type Break, faults } from './faults.ts';
import type { History } from './history.ts';
import { createInForm } from './in-form.ts';
import { MOST_SPELLINGS } from './spellings.ts';
import type { System } from './system.ts';

export type Command = fc.AsyncCommand<History, System>;
type Spent = { name: string; key: string; user: string; spelling: number };
/** `from`: whose first element the deed uses up, but for `living`. `once`: not while another one is under way, or not again in a run. */
type DeedKind = {
  act: (system: System, spent: Spent) => Omit<Deed, 'name'>;
  from: 'fresh' | 'tracked' | 'acted' | 'sharers' | 'living';
  once?: 'at a time' | 'in a run';
};

/** Everything that people do. A person has one form open at a time. What ends three processes is there once in a run. */
const deeds: Readonly<Record<string, DeedKind>> = {
  'track by command': { from: 'fresh', act: trackByCommand },
  'untrack by command': { from: 'tracked', act: untrackByCommand },
  'track by a step': { from: 'fresh', act: trackByStep },
  'create by a step': { from: 'fresh', act: createByStep },
  'create several by a step': { from: 'fresh', act: createSeveral },
  'post by a step': { from: 'fresh', act: postByStep },
  'create in a form': { from: 'fresh', act: createInForm, once: 'at a time' },
  'link by command': { from: 'fresh', act: linkByCommand },
  'track what a message mentions': { from: 'fresh', act: trackMentioned },
  'untrack by a button': { from: 'tracked', act: untrackByButton },
  'undo by a button': { from: 'tracked', act: undoByButton },
  'change in Jira': { from: 'living', act: changeInJira },
  'share by a button': { from: 'sharers', act: shareByButton },
  'move by command': { from: 'acted', act: moveByCommand },
  'move by a step': { from: 'acted', act: moveByStep },
  'move in a form': { from: 'acted', act: moveInForm, once: 'at a time' },
  'move several by command': { from: 'acted', act: moveSeveral },
  'assign by command': { from: 'acted', act: assignByCommand },
  'assign by a step': { from: 'acted', act: assignByStep },
  'set the priority by command': { from: 'acted', act: editByCommand },
  'update by a step': { from: 'acted', act: editByStep },
  'comment by command': { from: 'acted', act: commentByCommand },
  'comment by a step': { from: 'acted', act: commentByStep },
  'comment in a form': { from: 'acted', act: commentInForm, once: 'at a time' },
  'watch by command': { from: 'acted', act: watchByCommand },
  'wait by a step': { from: 'acted', act: waitByStep },
  'ask for an issue by a step': { from: 'acted', act: pickByStep },
  'follow by command': { from: 'acted', act: followByCommand },
  'hand over what ends the process': { from: 'fresh', act: poison, once: 'in a run' },
};

type FaultArgs = { ms: number; replica: 0 | 1; pauseMs: number };

/** A command of any kind; deeds come twice as often as faults. */
export const anyCommand: fc.Arbitrary<Command>[] = [
  ...[...Object.entries(deeds), ...Object.entries(deeds)].map(([name, kind]) =>
    fc
      .record({ spelling: fc.nat({ max: MOST_SPELLINGS - 1 }), pauseMs: fc.nat({ max: 400 }) })
      .map((args) => deedCommand(name, kind, args)),
  ),
  ...Object.entries(faults).map(([name, breakIt]) =>
    fc
      .record({
        ms: fc.integer({ min: 50, max: 3_000 }),
        replica: fc.constantFrom<0 | 1>(0, 1),
        pauseMs: fc.nat({ max: 300 }),
      })
      .map((args) => faultCommand(name, breakIt, args)),
  ),
];

/** The command that prints itself as this line. */
export function commandOf(line: string): Command {
  const [, name = '', spelling = 0, ms, replica, pauseMs] =
    /^(.+?)(?: \(spelling (\d+)\))?(?: \((\d+) ms, replica ([01])\))?, (\d+) ms$/.exec(line) ?? [];
  const [deed, breakIt] = [deeds[name], faults[name]];
  if (deed !== undefined) return deedCommand(name, deed, { spelling: Number(spelling), pauseMs: Number(pauseMs) });
  if (breakIt === undefined) throw new Error(`No command of the simulation is printed as "${line}"`);
  return faultCommand(name, breakIt, { ms: Number(ms), replica: replica === '1' ? 1 : 0, pauseMs: Number(pauseMs) });
}

/** A deed, how its issue or its words are spelled, and the pause after it, in milliseconds. */
function deedCommand(
  what: string,
  { act, from, once }: DeedKind,
  { spelling, pauseMs }: { spelling: number; pauseMs: number },
): Command {
  return {
    check: (history) => history[from].length > 0 && !history.active.has(what),
    async run(history, system) {
      const name = `deed ${history.deeds.length + 1}`;
      const spent = history[from].shift() ?? '';
      if (from === 'living') history.living.push(spent);
      const made = act(system, { name, key: spent, user: spent, spelling });
      history.deeds.push({ ...made, name: `${name}, ${what}` });
      if (once !== undefined) history.active.add(what);
      if (once === 'at a time') void made.done.then(() => history.active.delete(what));
      await sleep(pauseMs);
    },
    toString: () => `${what} (spelling ${spelling}), ${pauseMs} ms`,
  };
}

/** A fault and the pause after its beginning. It does not wait for the fault's end. */
function faultCommand(name: string, breakIt: Break, { ms, replica, pauseMs }: FaultArgs): Command {
  return {
    check: ({ active }) => !active.has(name),
    async run(history, system) {
      history.active.add(name);
      const over = breakIt(system, { ms, replica }).finally(() => history.active.delete(name));
      history.faults.push(over);
      await sleep(pauseMs);
    },
    toString: () => `${name} (${ms} ms, replica ${replica}), ${pauseMs} ms`,
  };
}
