import type { Sandbox } from '../sandbox.ts';
import type { Ink } from './ink.ts';
import { isIdle, isQuit, perform } from './line.ts';
import { indented } from './print.ts';
import { openSession, promptOf } from './session.ts';
import type { Status } from './status.ts';

/** Takes lines until they end, and writes each behind a prompt with what came of it. Settles with the worst status. */
export async function transcript(
  sandbox: Sandbox,
  ink: Ink,
  lines: AsyncIterable<string>,
  write: (text: string) => void,
): Promise<Status> {
  const session = openSession(sandbox, ink, (drawn) => write(indented(drawn)));
  let worst: Status = 0;
  for await (const line of lines) {
    if (isIdle(line)) continue;
    write(`${promptOf(session)}${line}\n`);
    if (isQuit(line)) break;
    const status = await perform(session, line);
    if (status > worst) worst = status;
  }
  return worst;
}
