/** The middle figure: of an even number of them the mean of the two in the middle. */
export function median(figures: readonly number[]): number {
  return percentile(figures, 50);
}

/** The figure below which `percent` of a hundred lie, between two of them in proportion. */
export function percentile(figures: readonly number[], percent: number): number {
  if (figures.length === 0) throw new Error('There are no figures.');
  const sorted = figures.toSorted((a, b) => a - b);
  const position = ((sorted.length - 1) * percent) / 100;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

/** The smallest and the largest. */
export function spread(figures: readonly number[]): { least: number; most: number } {
  return { least: percentile(figures, 0), most: percentile(figures, 100) };
}
