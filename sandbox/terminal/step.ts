import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../slack/index.ts';
import type { Parameters } from '../slack/manifest.ts';
import { drawOutcome } from './outcome.ts';
import type { Session } from './session.ts';
import { NotUnderstood, type Status } from './status.ts';

/** Slack knows no limit for a step; nothing that Maro does takes longer. */
const FINISHED_WITHIN_MS = 15_000;

/** A workflow that somebody made comes to one of Maro's steps. */
export async function step(session: Session, rest: string): Promise<Status> {
  const { slack, manifest, print, drawing } = session;
  const { id, inputs } = parse(session, rest, 'step', (name) => manifest.functions?.[name]?.input_parameters);
  const execution = slack.step(id, inputs, { user: session.user.id, channel: session.channel.id });
  await Promise.race([execution.finished, sleep(FINISHED_WITHIN_MS, undefined, { ref: false })]);
  print(drawOutcome(`step ${id}`, execution, outputsOf(session, id), drawing));
  if (execution.state === 'in_progress') return 1;
  const acks = await execution.delivered;
  if (acks.every(({ ok }) => ok)) return 0;
  print([`${drawing.ink.paint('✗', 'red')} Maro did not acknowledge it within 3 seconds.`]);
  return 1;
}

/** A workflow of Maro's own runs from its first step to its last, or to the first that fails. */
export async function workflow(session: Session, rest: string): Promise<Status> {
  const { slack, manifest, print, drawing } = session;
  const { id, inputs } = parse(session, rest, 'workflow', (name) => manifest.workflows?.[name]?.input_parameters);
  const run = await slack.workflow(id, inputs, { user: session.user.id, channel: session.channel.id });
  for (const each of run.steps) {
    const { id: stepId, callback_id } = each;
    print(drawOutcome(`step ${stepId} (${callback_id})`, each, outputsOf(session, callback_id), drawing));
  }
  print([`workflow ${id} ${run.state}`]);
  return 0;
}

function outputsOf({ manifest }: Session, callbackId: string): string[] {
  return Object.keys(manifest.functions?.[callbackId]?.output_parameters.properties ?? {});
}

/** `track {"issue_keys": "PLAT-1"}`. The current channel and person stand in where they are declared and left out. */
function parse(
  { user, channel }: Session,
  rest: string,
  verb: string,
  declared: (id: string) => Parameters | undefined,
): { id: string; inputs: Json } {
  const [, id = '', json = ''] = /^(\S+)\s*(.*)$/s.exec(rest) ?? [];
  if (id === '') throw new NotUnderstood(`Which ${verb}? Like this: ${verb} callback_id {"input": "value"}`);
  const { properties = {} } = declared(id) ?? {};
  const current = { channel_id: channel.id, user_id: user.id };
  const filled = Object.entries(current).filter(([name]) => Object.hasOwn(properties, name));
  return { id, inputs: { ...Object.fromEntries(filled), ...parseObject(json === '' ? '{}' : json, `${verb} ${id}`) } };
}

/** @throws {NotUnderstood} unless the text is a JSON object. */
export function parseObject(text: string, before: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  } catch {
    // Said below.
  }
  throw new NotUnderstood(`What follows "${before}" is no JSON object. Like this: ${before} {"name": "value"}`);
}
