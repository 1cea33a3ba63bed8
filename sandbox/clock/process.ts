/**
 * Loaded before Maro's own code (`node --import`), gives its process a time that the sandbox can move. The address says how far
 * it is ahead at first (`?ahead=` milliseconds), and later messages of the parent process do.
 */
let aheadMs = Number(new URL(import.meta.url).searchParams.get('ahead'));

/**
 * Slack's client takes a socket for lost when its last pong seems to be old, which a move of the clock would make of every
 * socket. So its watch over the socket sees the former time for so long, in which pongs with the new time come.
 */
const PONGS_COME_MS = 5_000;
const WATCH = /socket-mode\/dist\/src\/SlackWebSocket\./;
let former = { aheadMs, untilMs: 0 };
let isWatching = false;

const machineNow = Date.now;
const now = () => machineNow() + (isWatching && machineNow() < former.untilMs ? former.aheadMs : aheadMs);
Date.now = now;
globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: (target) => new target(now()).toString(),
});

/**
 * Timers of the scheduler's, which sleep until the next minute. Others watch over calls to Slack, Jira, and the database,
 * whose answers take the time that they take.
 */
const SCHEDULER = /graphile-worker\/dist\/(?:cron|worker)\./;
const sleeping = new Map<NodeJS.Timeout, () => void>();

globalThis.setTimeout = new Proxy(setTimeout, {
  apply(target, self, [run, ms, ...args]: [(...args: unknown[]) => void, number?, ...unknown[]]) {
    if (!SCHEDULER.test(new Error().stack ?? '')) return Reflect.apply(target, self, [run, ms, ...args]);
    const wake = () => {
      sleeping.delete(timer);
      run(...args);
    };
    const timer: NodeJS.Timeout = Reflect.apply(target, self, [wake, ms]);
    sleeping.set(timer, wake);
    return timer;
  },
});
globalThis.clearTimeout = new Proxy(clearTimeout, {
  apply(target, self, [timer]) {
    sleeping.delete(timer);
    return Reflect.apply(target, self, [timer]);
  },
});

globalThis.setInterval = new Proxy(setInterval, {
  apply(target, self, [run, ...rest]: [(...args: unknown[]) => void, ...unknown[]]) {
    if (!WATCH.test(new Error().stack ?? '')) return Reflect.apply(target, self, [run, ...rest]);
    const watch = (...args: unknown[]) => {
      isWatching = true;
      try {
        run(...args);
      } finally {
        isWatching = false;
      }
    };
    return Reflect.apply(target, self, [watch, ...rest]);
  },
});

process.on('message', (message: { aheadMs: number }) => {
  // After several moves, the time before the first of them, in which the last pong may have come.
  const before = machineNow() < former.untilMs ? former.aheadMs : aheadMs;
  former = { aheadMs: before, untilMs: machineNow() + PONGS_COME_MS };
  ({ aheadMs } = message);
  for (const [timer, wake] of [...sleeping]) {
    clearTimeout(timer);
    wake();
  }
  process.send?.(message);
});
// The sandbox may be waiting for Maro to end.
process.channel?.unref();
