/** Work that has to go one after the other where it has the same key, and at once where it has not. */
export type Queues = { inTurn<T>(key: string, task: () => Promise<T>): Promise<T> };

/** Queues that are gone when they are empty. */
export function createQueues(): Queues {
  const last = new Map<string, Promise<unknown>>();
  return {
    inTurn(key, task) {
      const turn = (last.get(key) ?? Promise.resolve()).then(task, task);
      last.set(key, turn);
      const over = () => {
        if (last.get(key) === turn) last.delete(key);
      };
      turn.then(over, over);
      return turn;
    },
  };
}
