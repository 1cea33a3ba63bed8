import type { Status } from '../status.ts';

/** A line of the tour, words that its answer must have, and how it must end: answered, unless told. */
export type Act = { line: string; told: string[]; status?: Status };
export type Scene = { says: string; acts: Act[] };

export const act = (line: string, ...told: string[]): Act => ({ line, told });
export const refused = (line: string, ...told: string[]): Act => ({ line, told, status: 1 });
