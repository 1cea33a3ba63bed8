import type { Ink } from './ink.ts';

/** What drawing needs to know of the world. */
export type Drawing = {
  ink: Ink;
  /** `@ada` for a user's id. */
  user(id: string): string;
  /** `#checkout` for a channel's id. */
  channel(id: string): string;
  /** Slack's time, in milliseconds since 1970. */
  now(): number;
};
