import { type BigIntStats, statSync } from 'node:fs';
import { open, readFile, rename, rm } from 'node:fs/promises';
import type { KeptJira } from './jira/index.ts';
import type { KeptSlack } from './slack/index.ts';

/** Raised when a file of an earlier version could not be read as one of this version. */
const VERSION = 1;
/** After a crash, what happened in the last second is missing. */
const EVERY_MS = 1_000;

/** What Slack and Jira keep from run to run, beside the data that Maro has in PostgreSQL. */
export type Kept = { slack: KeptSlack; jira: KeptJira };

export type Keeper = {
  /** Keeps what is the case now, and no more from then on. */
  stop(): Promise<void>;
};

/** What an earlier run kept in `file`; undefined when there was none. @throws a sentence when it cannot be read. */
export async function readKept(file: string): Promise<Kept | undefined> {
  try {
    const { version, ...kept } = JSON.parse(await readFile(file, 'utf8')) as Kept & { version: unknown };
    if (version !== VERSION) throw new Error(`it has version ${version}, and this sandbox reads version ${VERSION}`);
    return kept;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, error as Error);
  }
}

export function unreadable(file: string, { message }: Error): Error {
  return new Error(
    `The Slack and Jira data of earlier runs in ${file} cannot be read: ${message.replace(/\.$/, '')}. ` +
      'The sandbox did not start, and nothing was changed. To delete that data and the database, and start over, use --fresh.',
  );
}

/**
 * Keeps what `take` gives in `file` whenever it has changed, until `stop`. The file is always whole, also after a crash. When another
 * sandbox has written it meanwhile, or it cannot be written, `warn` gets a sentence, and nothing more is kept.
 */
export function keep(file: string, take: () => Kept, warn: (sentence: string) => void): Keeper {
  let written: string | undefined;
  let stamp = stampOf(file);
  let isGivenUp = false;

  async function save(): Promise<void> {
    const text = JSON.stringify({ version: VERSION, ...take() });
    if (isGivenUp || text === written) return;
    if (stampOf(file) !== stamp) {
      isGivenUp = true;
      warn(`Another sandbox is using ${file}. The Slack and Jira data of this sandbox is no longer saved.`);
      return;
    }
    await write(file, text);
    written = text;
    stamp = stampOf(file);
  }

  let saving = Promise.resolve();
  const next = () => {
    saving = saving.then(save).catch((error: Error) => {
      isGivenUp = true;
      warn(`Slack and Jira data is no longer saved in ${file}: ${error.message}`);
    });
    return saving;
  };
  const timer = setInterval(next, EVERY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await next();
    },
  };
}

/** Tells apart what different sandboxes wrote: each one's file is a new one. */
function stampOf(file: string): string {
  const stats: BigIntStats | undefined = statSync(file, { bigint: true, throwIfNoEntry: false });
  return stats === undefined ? 'none' : `${stats.ino} ${stats.mtimeNs}`;
}

async function write(file: string, text: string): Promise<void> {
  const draft = `${file}.${process.pid}`;
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
