import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../slack/index.ts';
import type { Parameters } from '../slack/manifest.ts';
import { stillness } from './answer.ts';
import { drawOutcome } from './outcome.ts';
import type { Session } from './session.ts';
import { NotUnderstood, type Status } from './status.ts';

/** Slack knows no limit for a step; nothing that Maro does takes longer, unless it waits. */
const FINISHED_WITHIN_MS = 15_000;
const LOOK_EVERY_MS = 50;

/** A workflow that somebody made comes to one of Maro's steps. */
export async function step(session: Session, rest: string): Promise<Status> {
  const { slack, manifest, print, drawing } = session;
  const { id, inputs } = parse(session, rest, 'step', (name) => manifest.functions?.[name]?.input_parameters);
  const execution = slack.step(id, inputs, { user: session.user.id, channel: session.channel.id });
  const until = performance.now() + FINISHED_WITHIN_MS;
  while (execution.state === 'in_progress' && !asks(session, execution.id) && performance.now() < until) {
    await Promise.race([execution.finished, sleep(LOOK_EVERY_MS)]);
  }
  if (execution.state === 'in_progress' && asks(session, execution.id)) {
    await stillness(session);
    print([`step ${id} waits for a person`]);
    return 0;
  }
  print(drawOutcome(`step ${id}`, execution, outputsOf(session, id), drawing));
  if (execution.state === 'in_progress') return 1;
  const acks = await execution.delivered;
  if (acks.every(({ ok }) => ok)) return 0;
  print([`${drawing.ink.paint('✗', 'red')} Maro did not acknowledge the step within 3 seconds.`]);
  return 1;
}

/** Whether a message has buttons or menus that carry the step's id: the step then waits until somebody uses them. */
function asks({ slack, channel, user }: Session, id: string): boolean {
  return slack.messages(channel.id, user.id).some(({ blocks }) => JSON.stringify(blocks).includes(id));
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
  throw new NotUnderstood(`What follows "${before}" is not a JSON object. Like this: ${before} {"name": "value"}`);
}
