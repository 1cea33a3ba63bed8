import { act, type Scene } from './scene.ts';

/** Jira is down, slow, and back. */
export const trouble: Scene[] = [
  {
    says: 'When Jira is down, Maro says so, and the list is still there.',
    acts: [
      act('in #checkout', '#checkout'),
      act('jira down', 'Jira is down'),
      act('/maro track PLAT-8', 'PLAT-8: not checked. Jira isn’t answering'),
      act('step track {"issue_keys": "PLAT-8"}', 'failed: Nothing was tracked', 'Jira isn’t answering'),
      act('/maro tracked done', 'PLAT-22 '),
      act('press Refresh', 'Jira isn’t answering', 'The list is unchanged'),
    ],
  },
  {
    says: 'When Jira is slow, Maro answers Slack within three seconds, and the result follows.',
    acts: [
      act('jira slow', '1.5 seconds'),
      act('/maro track LEGACY-7', 'The answer will appear here in a moment', 'PLAT-12 (was LEGACY-7): now tracked'),
    ],
  },
  {
    says: 'When Jira is back, Maro works as before.',
    acts: [act('jira up', 'Jira is up'), act('/maro track PLAT-8', 'PLAT-8: now tracked')],
  },
];
