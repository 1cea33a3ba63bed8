import { median } from './statistics.ts';

/** How a run measures, and on which PostgreSQL server. */
export type Bench = { server: string; rounds: number; short: boolean; large: boolean };

/** What a figure counts: so much a second, a time, or memory in megabytes of a million bytes. */
export type Unit = 'commands/s' | 'issues/s' | 'steps/s' | 'events/s' | 's' | 'ms' | 'MB';

/** One line of the table: a figure of Maro's for each round, and what it is compared with, in the same rounds. */
export type Line = {
  what: string;
  unit: Unit;
  ours: readonly number[];
  baseline: { what: string; figures: readonly number[] };
  /** How fast Maro should be when the baseline is 1. */
  target?: number;
  /** What Maro's own figure should be at most, where that counts and not the ratio. A run fails above twice as much. */
  most?: number;
  /** Below this no noise of the machine explains it, and the run fails. */
  limit?: number;
};

/** What is measured under one name, and the lines it comes to. */
export type Measurement = (bench: Bench) => Promise<Line[]>;

/** Does each of these in every round, one after the other, so that a noisy minute of the machine hits all of them alike. */
export async function inTurn<Name extends string>(
  rounds: number,
  tasks: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(tasks) as Name[];
  const figures = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) figures[name].push(await tasks[name]());
  }
  return figures;
}

/**
 * How many times as fast as the baseline Maro is, or of memory how many times as much it takes: the median of what each
 * round came to, since the two of a round met the same machine.
 */
export function ratioOf({ unit, ours, baseline }: Line): number {
  return median(
    ours.map((figure, round) => {
      const other = baseline.figures[round] as number;
      return unit === 's' || unit === 'ms' ? other / figure : figure / other;
    }),
  );
}

/** Whether Maro is so far from where it should be that no noise of the machine explains it. */
export function isFar(line: Line): boolean {
  return ratioOf(line) < (line.limit ?? 0) || median(line.ours) > 2 * (line.most ?? Number.POSITIVE_INFINITY);
}
