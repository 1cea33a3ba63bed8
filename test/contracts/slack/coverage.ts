import type { CallRecord } from '../../../sandbox/slack/record.ts';
import type { Reference } from './document.ts';
import { reasonToLeaveOut } from './left-out.ts';
import type { Finding } from './manifest.ts';

/** The least part of the errors that are not left out which the tests must play. */
const LEAST = 0.8;

/**
 * Tells which tests play each method that Maro calls, which of its errors they play, and why the others are left out.
 * `calls` are Maro's.
 */
export function coverageOf(
  calls: readonly CallRecord[],
  reference: Reference,
): { lines: string[]; findings: Finding[] } {
  const lines: string[] = [];
  const complaints: string[] = [];
  const reasons = new Map<string, Map<string, string[]>>();
  const total = { documented: 0, leftOut: 0, played: 0 };
  const names = [...new Set(calls.map(({ method }) => method))].sort();
  for (const name of names) {
    const documented = [...(reference.method(name)?.errors ?? [])].sort();
    const ofMethod = calls.filter(({ method }) => method === name);
    const files = [...new Set(ofMethod.map(({ file }) => file.replace(/^test\/|\.test\.ts$/g, '')))].sort();
    const answered = new Set(ofMethod.map(({ answer }) => (answer as { error?: string } | undefined)?.error));
    const played = documented.filter((error) => answered.has(error));
    const leftOut = documented.filter((error) => reasonToLeaveOut(name, error) !== undefined);
    const missing = documented.filter((error) => !played.includes(error) && !leftOut.includes(error));
    for (const error of leftOut) {
      if (played.includes(error)) complaints.push(`${name} ${error} is left out, and played all the same`);
      const reason = reasonToLeaveOut(name, error) ?? '';
      const errors = reasons.get(reason) ?? new Map<string, string[]>();
      reasons.set(reason, errors.set(error, [...(errors.get(error) ?? []), name]));
    }
    total.documented += documented.length;
    total.leftOut += leftOut.length;
    total.played += played.length;
    lines.push(
      `${name}: ${played.length} errors played of ${documented.length} documented, ${leftOut.length} left out`,
      ...(missing.length > 0 ? [`  neither: ${missing.join(', ')}`] : []),
      `  in ${files.join(', ')}`,
    );
  }
  lines.push('Left out:');
  for (const [reason, errors] of reasons) {
    lines.push(`  since ${reason}:`);
    for (const [error, methods] of errors) lines.push(`    ${error} of ${whichOf(methods, names)}`);
  }
  const rest = total.documented - total.leftOut;
  const what = `${total.played} errors are played of ${rest} that can come: ${total.documented} documented, ${total.leftOut} left out`;
  if (total.played < LEAST * rest) complaints.push(`that is less than ${LEAST * 100} %`);
  return { lines, findings: [{ what, complaints }] };
}

function whichOf(methods: readonly string[], all: readonly string[]): string {
  return methods.length === all.length ? 'each method' : methods.join(', ');
}
