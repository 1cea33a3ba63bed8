import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CallRecord } from '../../../sandbox/slack/record.ts';

/** Reads the calls that `sandbox/slack/record.ts` wrote into a folder. */
export async function readRecords(folder: string): Promise<CallRecord[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.jsonl'));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return texts.flatMap((text) =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as CallRecord),
  );
}

/** The stand-in's own tests. They ask it wrong things on purpose, by themselves and through small apps of theirs. */
const OF_OTHER_APPS: readonly string[] = ['test/sandbox/slack/', 'test/sandbox/terminal/acts.test.ts'];

/** Whether a call is Maro's. */
export function isMaros({ file, agent }: CallRecord): boolean {
  return agent.includes('@slack:web-api/') && !OF_OTHER_APPS.some((path) => file.startsWith(path));
}
