import { flushCompileCache } from 'node:module';
import { ConfigError, readConfig } from './config.ts';
import { createLog, errorName, framesOf, type Log } from './log.ts';
import { openMaro } from './maro.ts';

type Reason = NodeJS.Signals | 'defect' | 'token refused';

async function start(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  // Until Maro is open there is nothing to finish, so a signal ends the process at once.
  let stop = async () => {};
  const { reason, resolve } = reasonToStop(log);
  void reason.then(async (reason) => {
    log.info({ reason }, 'stopping');
    await stop();
    process.exit(reason === 'defect' || reason === 'token refused' ? 1 : 0);
  });
  const maro = await openMaro(config, log);
  stop = maro.stop;
  void maro.refused.then(() => resolve('token refused'));
  await maro.start();
  // A process that is killed would leave its successor nothing of what it compiled.
  flushCompileCache();
}

/**
 * `reason` resolves when a signal tells the process to stop, or when an uncaught error may have
 * left it in an invalid state, or with what `resolve` is given. After an error, a supervisor starts the process again.
 * Further signals are ignored, since Ctrl-C reaches a program twice when npm runs it.
 */
function reasonToStop(log: Log): { reason: Promise<Reason>; resolve(reason: Reason): void } {
  const { promise: reason, resolve } = Promise.withResolvers<Reason>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, resolve);
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      if (isOfJobs(error)) {
        return log.error({ event, error: errorName(error), stack: framesOf(error) }, 'an unhandled error in the jobs');
      }
      log.fatal({ event, error: errorName(error), stack: framesOf(error) }, 'a defect in Maro');
      resolve('defect');
    });
  }
  return { reason, resolve };
}

/**
 * Whether an error comes from Graphile Worker or from its driver. When its connections fail, Graphile Worker
 * leaves rejected promises that nothing awaits, and it removes its pool's error listeners before it ends the
 * connections. Maro starts Graphile Worker again, and nothing else uses its driver, so the process can go on.
 */
function isOfJobs(error: unknown): boolean {
  return framesOf(error).some((frame) => /node_modules\/(graphile-worker|pg|pg-pool|pg-protocol)\//.test(frame));
}

start().catch((error: unknown) => {
  // This is plain text for the person who starts Maro. A JSON log
  // line would make the list of configuration problems unreadable.
  const cause = error instanceof Error && error.cause !== undefined ? ` (${errorName(error.cause)})` : '';
  console.error(
    error instanceof ConfigError ? error.message : `${error instanceof Error ? error.message : error}${cause}`,
  );
  process.exit(1);
});
