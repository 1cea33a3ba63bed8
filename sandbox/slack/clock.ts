/** Slack's time: it runs by itself and can be moved ahead, so that no test waits for half an hour. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** The time that the app has as well, in milliseconds since 1970. */
  world(): number;
  /** Runs `run` once, `ms` from now; answers the function that calls it off. */
  after(ms: number, run: () => void): () => void;
  /** Moves time ahead and runs, in order, all that is due by then. By 0, after the world's time has moved. */
  advance(ms: number): void;
  /** Calls off all that is waiting. */
  stop(): void;
}

/** `world`: the time that everybody has, Slack and its apps, in milliseconds since 1970. Slack's is as far ahead of it as it was moved. */
export function createClock(world: () => number = Date.now): Clock {
  let ahead = 0;
  const timers = new Set<{ due: number; fire: () => void; handle?: NodeJS.Timeout }>();
  const now = () => world() + ahead;
  const arm = (timer: { due: number; fire: () => void; handle?: NodeJS.Timeout }) => {
    timer.handle = setTimeout(timer.fire, Math.max(0, timer.due - now())).unref();
  };
  return {
    now,
    world,
    after(ms, run) {
      const off = () => {
        clearTimeout(timer.handle);
        timers.delete(timer);
      };
      const fire = () => {
        off();
        run();
      };
      const timer: { due: number; fire: () => void; handle?: NodeJS.Timeout } = { due: now() + ms, fire };
      timers.add(timer);
      arm(timer);
      return off;
    },
    advance(ms) {
      ahead += ms;
      for (const timer of [...timers].sort((a, b) => a.due - b.due)) {
        clearTimeout(timer.handle);
        if (timer.due <= now()) timer.fire();
        else arm(timer);
      }
    },
    stop() {
      for (const timer of timers) clearTimeout(timer.handle);
      timers.clear();
    },
  };
}
