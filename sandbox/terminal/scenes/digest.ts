import { act, type Scene } from './scene.ts';

/** What a channel gets by itself. */
export const digest: Scene[] = [
  {
    says: 'A channel gets a digest if somebody wants one: here, every day at nine.',
    acts: [
      act('/maro notify', 'A digest every day', 'Time of a digest'),
      act('press Save {"kind": "daily", "time": "09:00"}', 'Saved. The next digest comes on', '9:00'),
      act('press Close', 'The view closes'),
      act('jira PLAT-8 Done', 'PLAT-8 is now Done'),
    ],
  },
  {
    says: 'The clock of the sandbox can be moved ahead, so the digest of tomorrow morning comes now.',
    acts: [act('clock morning', 'It is', '9:00', 'Done', 'PLAT-8'), act('/maro changes', 'moved it from')],
  },
];
