import { Refusal } from '../slack/index.ts';
import { acts, command, post } from './acts.ts';
import { drawRefusal } from './refusal.ts';
import type { Session } from './session.ts';
import { NotUnderstood, type Status } from './status.ts';

/** Lines that are no act: empty ones and comments. */
export function isIdle(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

export function isQuit(line: string): boolean {
  return /^\s*(quit|exit)\s*$/.test(line);
}

/** Does what a line says, as the current person in the current channel, and prints what comes of it. */
export async function perform(session: Session, line: string): Promise<Status> {
  const { slack, drawing, print } = session;
  const before = slack.refusals.length;
  let refused: unknown;
  let status: Status;
  try {
    status = await act(session, line.trim());
  } catch (error) {
    if (error instanceof Refusal) {
      print(drawRefusal(error, 'the act', drawing));
      status = 1;
    } else if (error instanceof NotUnderstood) {
      print([`${drawing.ink.paint('?', 'red')} ${error.message}`]);
      return 2;
    } else throw error;
    refused = error;
  }
  for (const refusal of slack.refusals.slice(before)) {
    if (refusal === refused) continue;
    print(drawRefusal(refusal, "Maro's", drawing));
    status = 1;
  }
  return status;
}

async function act(session: Session, line: string): Promise<Status> {
  if (line.startsWith('/')) return command(session, line);
  const [, verb = '', rest = ''] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
  const known = Object.hasOwn(acts, verb) ? acts[verb] : undefined;
  return known?.fits.test(rest) ? known.act(session, rest) : post(session, line);
}
