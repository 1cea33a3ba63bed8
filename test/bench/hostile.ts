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
      const ms = best(() => parse(text), TRIES.search);
      return { parser, text: name, ms, ratio: ms / best(() => pass(text), TRIES.search) };
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
    ours: async () => best(() => parse(text), TRIES.measure),
    pass: async () => best(() => pass(text), TRIES.measure),
  });
  const baseline = { what: 'a pass over it', figures: figures.pass };
  const what = `hostile input of 1 MB, the slowest parser (${slowest.parser})`;
  return [{ what, unit: 'ms', ours: figures.ours, baseline, target: TARGET, limit: TARGET / 8 }];
}

/** Thirty passes. */
const TARGET = 1 / 30;
/** How often each pair is tried to find the slowest one, and how often that one is measured. */
const TRIES = { search: 2, measure: 5 };

/** The least of some tries, in milliseconds: the first ones compile, and others of the machine can only add to it. */
function best(run: () => unknown, tries: number): number {
  return Math.min(
    ...Array.from({ length: tries }, () => {
      const from = performance.now();
      run();
      return performance.now() - from;
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
