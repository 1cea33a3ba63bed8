import { isHandled } from './handled.ts';

/** The types of envelopes with a payload. https://docs.slack.dev/apis/events-api/using-socket-mode#events */
const ENVELOPES = new Set<unknown>(['events_api', 'interactive', 'slash_commands']);
/** Messages about the connection itself, which the SDK handles. */
const OF_CONNECTION = new Set<unknown>(['disconnect', 'hello']);

/**
 * A message of Socket Mode as the SDK can read it. The SDK fails on an event without an inner event, and takes the type of an
 * unknown message for an event of its own, such as `close`. So what Maro does not handle gets the type `unknown`, and is
 * acknowledged like any other. Undefined for what nobody can acknowledge: a message without an envelope_id.
 */
export function readableFrame(data: unknown): string | undefined {
  const frame = parse(data);
  if (typeof frame !== 'object' || frame === null || Array.isArray(frame)) return undefined;
  const { type, envelope_id, payload } = frame as Readonly<Record<string, unknown>>;
  if (OF_CONNECTION.has(type)) return String(data);
  if (typeof envelope_id !== 'string') return undefined;
  if (ENVELOPES.has(type) && isHandled(payload)) return String(data);
  const isObject = typeof payload === 'object' && payload !== null;
  return JSON.stringify({ ...frame, type: 'unknown', payload: isObject ? payload : {} });
}

function parse(data: unknown): unknown {
  try {
    return typeof data === 'string' ? JSON.parse(data) : undefined;
  } catch {
    return undefined;
  }
}
