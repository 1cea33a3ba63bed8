import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Carries out many small tasks by few calls. A task waits up to `waitMs` milliseconds for others, and then `act` gets all that
 * have come. Each task settles as the call that it was part of. Calls may overlap.
 */
export function together<T>(waitMs: number, act: (tasks: readonly T[]) => Promise<void>): (task: T) => Promise<void> {
  let next: { tasks: T[]; done: Promise<void> } | undefined;
  return (task) => {
    if (next !== undefined) {
      next.tasks.push(task);
      return next.done;
    }
    const tasks = [task];
    const done = sleep(waitMs).then(() => {
      next = undefined;
      return act(tasks);
    });
    next = { tasks, done };
    return done;
  };
}
