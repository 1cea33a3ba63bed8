import { setTimeout as sleep } from 'node:timers/promises';

/** What this process is doing right now, so that it can finish it before it goes. */
export type Work = {
  /** True once the process is about to go: nothing new is begun. */
  readonly stopping: boolean;
  /** Counts `task` as under way until it settles. */
  during<T>(task: () => Promise<T>): Promise<T>;
  /** Takes no more, and waits for what is under way. @returns whether all of it ended within `deadlineMs`. */
  stop(deadlineMs: number): Promise<boolean>;
};

export function createWork(): Work {
  const tasks = new Set<Promise<unknown>>();
  let stopping = false;
  return {
    get stopping() {
      return stopping;
    },
    async during(task) {
      const running = task();
      tasks.add(running);
      try {
        return await running;
      } finally {
        tasks.delete(running);
      }
    },
    async stop(deadlineMs) {
      stopping = true;
      const deadline = sleep(deadlineMs, 'late' as const, { ref: false });
      while (tasks.size > 0) {
        if ((await Promise.race([Promise.allSettled(tasks), deadline])) === 'late') return false;
      }
      return true;
    },
  };
}
