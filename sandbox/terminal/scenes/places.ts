import { act, refused, type Scene } from './scene.ts';

/** What Slack refuses, and where Maro works. */
export const places: Scene[] = [
  {
    says: 'The stand-in for Slack refuses what Slack would refuse, and names the page that says so.',
    acts: [
      refused('step track {"issue_keys": ""}', 'parameter_validation_failed', 'https://docs.slack.dev/'),
      refused('/marooned', 'invalid_command', 'https://docs.slack.dev/'),
    ],
  },
  {
    says: 'Every channel has its own list. Ben looks at the one in another channel.',
    acts: [
      act('as ben', '@ben'),
      act('in #platform', '#platform'),
      act('/maro tracked', 'No issues tracked in this channel yet', 'Track issues'),
      act('/maro track PLAT-11', 'PLAT-11: now tracked'),
    ],
  },
  {
    says: 'Maro does not have to be a member. It works in private channels that it was not invited to,',
    acts: [
      act('in #incident-room', 'without Maro in it'),
      act('/maro track PLAT-21', 'PLAT-21: now tracked'),
      act('/maro tracked', '1 tracked issue', 'Tracked by @ben'),
      act('press Refresh', 'Nothing changed in Jira'),
      act('press Share', '@ben shared 1 tracked issue'),
    ],
  },
  {
    says: 'and in a direct message.',
    acts: [
      act('as ada', '@ada'),
      act('in D1', 'a direct message'),
      act('/maro track PLAT-15', 'PLAT-15: now tracked'),
      act('/maro export', '1 tracked issue', 'issues-', '│ Key,Summary,Status'),
    ],
  },
  {
    says: 'In a channel that two companies share, both see and change the same list.',
    acts: [
      act('as noa', 'of Northwind'),
      act('in #shared-with-northwind', 'shared with another company'),
      act('/maro track SHOP-14', 'SHOP-14: now tracked'),
      act('as ada', 'of Acme'),
      act('/maro tracked', '1 tracked issue', 'Tracked by @noa'),
    ],
  },
];
