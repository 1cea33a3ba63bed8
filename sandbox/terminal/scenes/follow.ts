import { act, type Scene } from './scene.ts';

/** Lists that follow a query. */
export const follow: Scene[] = [
  {
    says: 'She searches Jira, and could track what she finds. What the channel tracks already says so.',
    acts: [
      act('/maro find sign-in', 'issues for “sign-in”', 'PLAT-2 Sign in with the company account', 'tracked', 'Track'),
    ],
  },
  {
    says: 'A list can follow an epic, a sprint, a filter, or JQL. Maro says what would come before it does.',
    acts: [
      act('/maro follow sprint Sprint 12', 'Sprint 12 has 4 issues now', 'Follow', 'Cancel'),
      act('press Follow', 'This channel now follows Sprint 12', '4 issues on the list'),
    ],
  },
  {
    says: 'She sees what the channel follows, and ends it. What somebody tracked by hand stays.',
    acts: [
      act('/maro follow', 'This channel follows 1 query', '4 issues', 'Stop'),
      act('press Stop', 'no longer follows Sprint 12', 'left the list', 'Undo'),
    ],
  },
];
