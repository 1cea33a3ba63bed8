/** Seeds that once found something wrong: they are run again before any new one. */
export const KNOWN: readonly number[] = [282876, 726229, 726235];
