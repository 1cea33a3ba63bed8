import type { ErrorObject } from 'ajv';
import type { CallRecord } from '../../../sandbox/slack/record.ts';
import type { Documented, Reference } from './document.ts';
import { isMaros } from './records.ts';

/** What is wrong with a call and its answer, in words; nothing when Slack's reference has both. */
export function complaintsOf(call: CallRecord, reference: Reference): string[] {
  const method = reference.method(call.method);
  const { error } = (call.answer ?? {}) as { error?: string };
  if (method === undefined) {
    if (isMaros(call)) return ['the document has no such method'];
    return error === 'unknown_method' ? [] : [`a method that is not in the document is answered ${error ?? 'well'}`];
  }
  return [...(isMaros(call) ? wrongInRequest(call, method) : []), ...wrongInAnswer(call, method)];
}

function wrongInRequest(call: CallRecord, method: Documented): string[] {
  const token = call.token === 'header' ? [] : ['the token is not in the header'];
  const args = Object.fromEntries(
    Object.entries(call.args).map(([name, value]) => [name, asSent(value, method.arguments[name])]),
  );
  return method.takes(args) ? token : [...token, ...sentences('request', method.takes.errors)];
}

/** An argument as the document describes it: where that wants text, the record has the JSON that the text holds. */
function asSent(value: unknown, schema: unknown): unknown {
  const isJson = typeof value === 'object' && value !== null;
  return isJson && !JSON.stringify(schema ?? {}).includes('"object"') ? JSON.stringify(value) : value;
}

function wrongInAnswer({ status, retryAfter, answer }: CallRecord, method: Documented): string[] {
  // The answer was lost on its way, or Slack was down: no answer of a method.
  if (typeof answer !== 'object' || answer === null) return [];
  const { ok, error, response_metadata: _, ...more } = answer as Record<string, unknown>;
  if (ok === true) {
    if (status !== 200) return [`an answer with status ${status}`];
    return method.answers(answer) ? [] : sentences('answer', method.answers.errors);
  }
  if (ok !== false || typeof error !== 'string') return ['the answer neither is ok nor has an error'];
  const complaints = method.errors.has(error) ? [] : [`the document has no error ${error} here`];
  if (Object.keys(more).length > 0) complaints.push(`an error with ${Object.keys(more).join(', ')}`);
  // https://docs.slack.dev/apis/web-api/rate-limits
  const isLimit = status === 429;
  if (isLimit && !(Number(retryAfter) > 0)) complaints.push('a 429 without Retry-After');
  if (!isLimit && status !== 200) complaints.push(`an error with status ${status}`);
  return complaints;
}

function sentences(what: string, errors: ErrorObject[] | null | undefined): string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => {
    const { additionalProperty = '' } = params as { additionalProperty?: string };
    return `${what}${instancePath}: ${message}${additionalProperty && ` (${additionalProperty})`}`;
  });
}
