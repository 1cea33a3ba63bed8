import { type Answer, json, unsupportedMediaType } from './answer.ts';
import type { Call } from './endpoint.ts';

/** The JSON object in the body, or the answer with which Jira Cloud refuses anything else. */
export function objectIn(call: Call): { object: Record<string, unknown> } | { refusal: Answer } {
  if (call.contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    return { refusal: unsupportedMediaType(call.path, call.contentType) };
  }
  const refuse = (message: string) => ({ refusal: json(400, { errorMessages: [message] }) });
  if (call.body === '') return refuse('No content to map to Object due to end of input');
  let parsed: unknown;
  try {
    parsed = JSON.parse(call.body);
  } catch {
    return refuse('There was an error parsing JSON. Check that your request body is valid.');
  }
  return isObject(parsed) ? { object: parsed } : invalidPayload();
}

export function invalidPayload(): { refusal: Answer } {
  const message = 'Invalid request payload. Refer to the REST API documentation and try again.';
  return { refusal: json(400, { errorMessages: [message] }) };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number of the query, from `least` on; what is none is taken as if it were not there, as Jira does. */
export function numberIn(query: URLSearchParams, name: string, byDefault: number, least = 0): number {
  const text = query.get(name) ?? '';
  return /^\d{1,9}$/.test(text) && Number(text) >= least ? Number(text) : byDefault;
}
