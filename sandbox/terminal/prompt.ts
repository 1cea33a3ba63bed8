import { once } from 'node:events';
import { clearScreenDown, cursorTo, moveCursor } from 'node:readline';
import { createInterface } from 'node:readline/promises';
import type { Sandbox } from '../sandbox.ts';
import { complete } from './complete.ts';
import type { Ink } from './ink.ts';
import { isIdle, isQuit, perform } from './line.ts';
import { indented } from './print.ts';
import { openSession, promptOf, type Session } from './session.ts';

/** Takes lines from a person at a terminal until they quit. What comes late is shown above the line that is being typed. */
export async function prompt(sandbox: Sandbox, ink: Ink): Promise<void> {
  const { stdin: input, stdout: output } = process;
  let isTyping = false;
  const terminal = createInterface({ input, output, completer: (line: string) => complete(session, line) });
  const session: Session = openSession(sandbox, ink, (lines) => {
    if (isTyping) {
      moveCursor(output, 0, -terminal.getCursorPos().rows);
      cursorTo(output, 0);
      clearScreenDown(output);
    }
    output.write(indented(lines, output.columns));
    if (isTyping) terminal.prompt(true);
  });
  const ask = () => {
    terminal.setPrompt(promptOf(session));
    terminal.prompt();
    isTyping = true;
  };
  async function converse(): Promise<void> {
    ask();
    for await (const line of terminal) {
      isTyping = false;
      if (isQuit(line)) return;
      if (!isIdle(line)) await perform(session, line);
      ask();
    }
    output.write('\n');
  }
  await Promise.race([converse(), once(terminal, 'SIGINT').then(() => output.write('\n'))]);
  isTyping = false;
  terminal.close();
}
