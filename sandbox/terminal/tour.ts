import { setTimeout as sleep } from 'node:timers/promises';
import { stripVTControlCharacters as stripped } from 'node:util';
import type { Sandbox } from '../sandbox.ts';
import { stillness } from './answer.ts';
import type { Ink } from './ink.ts';
import { perform } from './line.ts';
import { indented } from './print.ts';
import { scenes } from './scenes/index.ts';
import { openSession, promptOf } from './session.ts';

/** Whatever Maro has to say comes sooner, on any machine. */
const PATIENCE_MS = 10_000;

/** Plays every scene and says of each that did not go as told. Settles with whether all did. */
export async function tour(
  sandbox: Sandbox,
  ink: Ink,
  write: (text: string) => void,
  width?: number,
): Promise<boolean> {
  let drawn: string[] = [];
  const session = openSession(sandbox, ink, (lines) => {
    drawn.push(...lines);
    write(indented(lines, width));
  });
  let astray = 0;
  for (const { says, acts } of scenes) {
    write(`\n${ink.paint(says, 'italic')}\n`);
    for (const { line, told, status = 0 } of acts) {
      drawn = [];
      write(`${promptOf(session)}${line}\n`);
      const ended = await perform(session, line);
      const isMissing = (words: string) => !stripped(drawn.join('\n')).includes(words);
      // What a busy machine takes its time for still comes.
      for (const until = Date.now() + PATIENCE_MS; told.some(isMissing) && Date.now() < until; ) await sleep(10);
      // Maro may still be at work on what it has just shown.
      await stillness(session);
      const missing = told.filter(isMissing);
      if (missing.length === 0 && ended === status) continue;
      astray += 1;
      const what = [
        ...missing.map((words) => `"${words}" is missing`),
        ...(ended === status ? [] : [`status ${ended}`]),
      ];
      write(indented([`${ink.paint('✗ Not as expected:', 'red')} ${what.join(', ')}.`]));
    }
  }
  const count = scenes.flatMap(({ acts }) => acts).length;
  const all = `That was everything: ${count} lines, and all did what they should. Try it yourself: npm run sandbox`;
  write(`\n${astray === 0 ? all : `That was everything: ${astray} of ${count} lines did not do what they should.`}\n`);
  return astray === 0;
}
