import { parsers, texts } from '../faults/hostile.ts';
import { type Bench, inTurn, type Line } from './measurement.ts';

/** In UTF-16 units. */
const LENGTH = 1_000_000;

type Case = { parser: string; text: string; ms: number; ratio: number };

/**
 * The text of 1 MB on which a parser is slowest, beside a pass over the characters of that text: for the parser for which the
 * ratio is worst. Every parser of `test/faults/hostile.ts` gets every text there, and those above the target are listed on stderr.
 */
export async function hostile({ rounds }: Bench): Promise<Line[]> {
  const given = Object.entries(texts).map(([name, make]) => ({ name, text: flat(make(LENGTH)) }));
  const worst: Case[] = [];
  for (const [parser, parse] of Object.entries(parsers)) {
    const cases = given.map(({ name, text }) => {
      const ms = best(() => parse(text));
      return { parser, text: name, ms, ratio: ms / best(() => pass(text)) };
    });
    worst.push(cases.reduce((one, other) => (other.ratio > one.ratio ? other : one)));
  }
  worst.sort((a, b) => b.ratio - a.ratio);
  for (const { parser, text, ms, ratio } of worst.filter(({ ratio }) => ratio > 1 / TARGET)) {
    console.error(`hostile: ${parser} takes ${ms.toFixed(1)} ms, ${ratio.toFixed(0)} passes, for ${text}`);
  }
  const slowest = worst[0] as Case;
  const text = flat((texts[slowest.text] as (length: number) => string)(LENGTH));
  const parse = parsers[slowest.parser] as (text: string) => unknown;
  const figures = await inTurn(rounds, {
    ours: async () => best(() => parse(text)),
    pass: async () => best(() => pass(text)),
  });
  const baseline = { what: 'a pass over it', figures: figures.pass };
  const what = `hostile input of 1 MB, the slowest parser (${slowest.parser})`;
  return [{ what, unit: 'ms', ours: figures.ours, baseline, target: TARGET, limit: TARGET / 8 }];
}

/** Thirty passes. */
const TARGET = 1 / 30;
const TRIES = 3;

/** The least of some tries, in milliseconds of this thread's processor time: the first ones compile. */
function best(run: () => unknown): number {
  return Math.min(
    ...Array.from({ length: TRIES }, () => {
      const before = process.threadCpuUsage();
      run();
      const { user, system } = process.threadCpuUsage(before);
      return (user + system) / 1000;
    }),
  );
}

/** Looks at every character, as a parser must. */
function pass(text: string): number {
  let sum = 0;
  for (const character of text) sum += character.codePointAt(0) ?? 0;
  return sum;
}

/** The text in one piece, as JSON brings it: V8 keeps what was put together as a tree until somebody reads it. */
function flat(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
