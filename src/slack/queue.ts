/** Queues for tasks. Tasks with the same key run one after another; tasks with different keys run at the same time. */
export type Queues = { inTurn<T>(key: string, task: () => Promise<T>): Promise<T> };

/** Creates queues. A queue is deleted when its last task is done, so keys do not pile up. */
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
