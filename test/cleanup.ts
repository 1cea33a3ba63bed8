/** What the file that runs now has made, and how each of it is given back. */
const made: (() => unknown)[] = [];

/**
 * Has something given back when the tests of this file are over. For what is made in one hook and used by the tests after it:
 * an `after` in a hook would run at the end of that hook.
 */
export function cleanup(giveBack: () => unknown): void {
  made.push(giveBack);
}

/** Gives back everything that the file has made, the newest first. */
export async function cleanUp(): Promise<void> {
  // To give back may need something that has to be given back in turn.
  for (let giveBack = made.pop(); giveBack !== undefined; giveBack = made.pop()) await giveBack();
}
