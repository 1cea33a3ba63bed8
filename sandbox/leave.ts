import { constants } from 'node:os';

/** npm passes no signal on to a program behind a shell; the program finds out by its parent's end. */
const PARENT_CHECK_MS = 200;

/**
 * Gives the way out of this process: `end` runs once, then the process ends with the status of whoever asked first. It is also
 * taken on SIGINT, SIGTERM and SIGHUP, with 128 and the signal's number, and when npm has started this process and is gone.
 */
export function createLeave(end: () => Promise<void>): (status: number) => Promise<never> {
  let leaving: Promise<never> | undefined;
  const leave = (status: number) => {
    leaving ??= (async () => {
      await end();
      process.exit(status);
    })();
    return leaving;
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void leave(128 + constants.signals[signal]));
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    const parent = process.ppid;
    setInterval(() => process.ppid === parent || void leave(128 + constants.signals.SIGTERM), PARENT_CHECK_MS).unref();
  }
  return leave;
}
