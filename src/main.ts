import { ConfigError, readConfig } from './config.ts';
import { createLog, framesOf, kindOf, type Log } from './log.ts';
import { openMaro } from './maro.ts';

type Reason = NodeJS.Signals | 'defect';

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  // Before there is anything to finish, a signal ends the process at once.
  let stop = async () => {};
  void reasonToStop(log).then(async (reason) => {
    log.info({ reason }, 'stopping');
    await stop();
    process.exit(reason === 'defect' ? 1 : 0);
  });
  const maro = await openMaro(config, log);
  stop = maro.stop;
  await maro.start();
}

/**
 * Resolves when the process is told to go, or when an error that nobody caught has left a state that nobody knows: then a
 * supervisor starts it anew. Further signals are ignored, since Ctrl-C reaches a program twice when npm runs it.
 */
function reasonToStop(log: Log): Promise<Reason> {
  const { promise, resolve } = Promise.withResolvers<Reason>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (isOfJobs(error)) {
        return log.error(
          { event, error: kindOf(error), stack: framesOf(error) },
          'jobs failed where nobody waits for it',
        );
      }
      log.fatal({ event, error: kindOf(error), stack: framesOf(error) }, 'a defect in Maro');
      resolve('defect');
    });
  }
  return promise;
}

/**
 * Graphile Worker leaves promises behind that fail when its connections die, and takes the listeners for errors from its pool
 * before it ends the connections. It is started anew, and nothing else uses its driver.
 */
function isOfJobs(error: unknown): boolean {
  return framesOf(error).some((frame) => /node_modules\/(graphile-worker|pg|pg-pool|pg-protocol)\//.test(frame));
}

start().catch((error: unknown) => {
  // A sentence for the person who starts Maro; the configuration's problems are a list, which a JSON line would make unreadable.
  const cause = error instanceof Error && error.cause !== undefined ? ` (${kindOf(error.cause)})` : '';
  console.error(
    error instanceof ConfigError ? error.message : `${error instanceof Error ? error.message : error}${cause}`,
  );
  process.exit(1);
});
