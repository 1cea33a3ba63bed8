import { type Line, ratioOf, type Unit } from './measurement.ts';
import { median, spread } from './statistics.ts';

/** The lines as a table in Markdown, its columns aligned for a terminal. */
export function table(lines: readonly Line[]): string {
  const rows = [['', 'Maro', 'baseline', 'which is', 'Maro is', 'target'], ...lines.map(row)];
  const widths = (rows[0] as string[]).map((_, column) =>
    Math.max(3, ...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const drawn = rows.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [drawn[0], rule, ...drawn.slice(1)].join('\n');
}

function row(line: Line): string[] {
  const { what, unit, ours, baseline } = line;
  const ratio = ratioOf(line);
  return [
    `${what}, ${unit}`,
    figures(ours, unit),
    figures(baseline.figures, unit),
    baseline.what,
    `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} × as ${unit === 'MB' ? 'much' : 'fast'}`,
    targetOf(line, ratio),
  ];
}

function targetOf({ unit, ours, target, most }: Line, ratio: number): string {
  if (most !== undefined) return `${most} ${unit}, ${median(ours) <= most ? 'met' : 'missed'}`;
  return target === undefined ? '' : `${Number(target.toFixed(3))}, ${ratio >= target ? 'met' : 'missed'}`;
}

/** `9,620 (9,090–9,820)`: the median, and the least and the most. */
function figures(all: readonly number[], unit: Unit): string {
  const { least, most } = spread(all);
  return `${figure(median(all), unit)} (${figure(least, unit)}–${figure(most, unit)})`;
}

function figure(value: number, unit: Unit): string {
  const digits = unit === 's' || (unit === 'ms' && value < 100) ? 2 : 0;
  return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
