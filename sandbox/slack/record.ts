import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './log.ts';

/** A call of the Web API and its answer, for `npm run check:slack` to judge. Deep parts and long texts are cut. */
export interface CallRecord {
  /** The test file that ran, or what else drove the app. */
  file: string;
  method: string;
  /** The client's User-Agent header. */
  agent: string;
  /** Whether the arguments came as a form, in which every value is text. */
  isForm: boolean;
  /** Where the token was sent. */
  token: 'header' | 'arguments' | 'none';
  args: Json;
  status: number;
  /** Seconds, as the Retry-After header says them; empty without one. */
  retryAfter: string;
  answer: unknown;
}

const DEEPEST = 4;
const LONGEST = 60;
/** The calls that this process has written, without the texts in them. */
const written = new Set<string>();

/**
 * Writes a call into the folder that SLACK_RECORDS names, a JSON line in a file of this process. Calls that differ in nothing
 * but their texts are written once for each test file, whose name is in SLACK_RECORDS_FILE.
 */
export function record(call: Omit<CallRecord, 'file'>): void {
  const { SLACK_RECORDS: folder, SLACK_RECORDS_FILE: file = 'sandbox' } = process.env;
  if (!folder) return;
  const whole: CallRecord = { file, ...call, args: cut(call.args) as Json, answer: cut(call.answer) };
  const key = JSON.stringify({ ...whole, args: shapeOf(whole.args), answer: answerShape(whole.answer) });
  if (written.has(key)) return;
  written.add(key);
  appendFileSync(join(folder, `${process.pid}.jsonl`), `${JSON.stringify(whole)}\n`);
}

function cut(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value;
  if (Array.isArray(value)) return depth < DEEPEST ? value.slice(0, DEEPEST).map((each) => cut(each, depth + 1)) : [];
  if (typeof value !== 'object' || value === null) return value;
  if (depth === DEEPEST) return {};
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, cut(each, depth + 1)]));
}

function answerShape(answer: unknown): unknown {
  return [(answer as { error?: unknown } | undefined)?.error, shapeOf(answer)];
}

/** The names in there and the types of their values; words that are all digits, `true`, or `false` stay as they are. */
function shapeOf(value: unknown): unknown {
  if (typeof value === 'string') return /^(\d{1,4}|true|false|)$/.test(value) ? value : 'text';
  if (Array.isArray(value)) return [...new Set(value.map((each) => JSON.stringify(shapeOf(each))))];
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]));
}
