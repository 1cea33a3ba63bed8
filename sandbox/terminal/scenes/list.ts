import { act, type Scene } from './scene.ts';

/** The list of a channel. */
export const list: Scene[] = [
  {
    says: 'Ada is in a channel where people talk about Jira issues. She asks Maro what it can do.',
    acts: [act('/maro help', 'Track up to 100 issues, by key or link')],
  },
  {
    says: 'She tracks an issue by its key, in upper or lower case.',
    acts: [act('/maro track plat-3', 'PLAT-3: now tracked · Stay signed in')],
  },
  {
    says: 'Links work too, and several at once. An issue that is typed twice counts once.',
    acts: [
      act(
        '/maro track https://acme.example/browse/SHOP-5, SHOP-11 PLAT-2 plat-2',
        'SHOP-5: now',
        'PLAT-2: now tracked',
      ),
    ],
  },
  {
    says: 'Everything she types gets exactly one answer, even if it is not an issue.',
    acts: [
      act(
        '/maro track PLAT-3 PLAT-999 hello https://jira.other.example/browse/PLAT-1',
        'PLAT-3: tracked already',
        'PLAT-999: not found',
        'hello: not an issue key',
        'another Jira site',
      ),
    ],
  },
  {
    says: "An issue that Maro's Jira account cannot see looks like one that does not exist. Jira does not tell them apart.",
    acts: [act('/maro track PLAT-80', 'PLAT-80: not found')],
  },
  {
    says: 'An issue that moved to another project is tracked under its new key.',
    acts: [act('/maro track PLAT-34', 'SHOP-17 (was PLAT-34): now tracked')],
  },
  {
    says: 'Text from Jira is only text here. It mentions nobody and makes no links.',
    acts: [act('/maro track PLAT-90 PLAT-91', '<!channel> everybody', '<https://evil.example|PLAT-1> is fixed')],
  },
  {
    says: 'The list is sorted by status category, then newest first, even where statuses have German names. Done issues are folded.',
    acts: [act('/maro tracked', '6 open issues of 7', 'All (7)', 'In Prüfung', 'Done · 1 issue', 'Tracked by @ada')],
  },
  {
    says: 'She can also show part of the list.',
    acts: [
      act('/maro tracked in progress', '3 in-progress issues of 7', 'SHOP-17'),
      act('/maro tracked done', '1 done issue of 7', 'PLAT-2 '),
    ],
  },
  {
    says: 'Filters narrow the list down further. A word that Maro does not know is named.',
    acts: [
      act('/maro tracked open bugs', 'Maro doesn’t know “open” here', 'my stale bugs'),
      act('/maro tracked bugs to do', '2 to-do bugs, of 7', 'Clear filter'),
      act('press Clear filter', '3 to-do issues of 7'),
      act('/maro untrack text signed in', 'Untrack 1 issue with “signed” and “in”', 'Cancel'),
      act('press Cancel', 'Nothing was untracked'),
    ],
  },
  {
    says: 'She stops tracking some of them.',
    acts: [act('/maro untrack PLAT-90 PLAT-91 PLAT-4', 'PLAT-90: no longer tracked', 'PLAT-4: was not tracked')],
  },
  {
    says: 'That was too many. Undo brings them back, with who tracked them and when.',
    acts: [act('press Undo', '2 issues are tracked again')],
  },
  {
    says: 'She takes the list with her as a file, for a spreadsheet. It comes to her direct messages with Maro.',
    acts: [
      act('/maro export bugs', '2 bugs, of 7: Maro sent you a CSV file'),
      act('/maro tracked done', '1 done issue of 7', 'Export'),
      act('press Export', '1 done issue of 7: Maro sent you a CSV file'),
    ],
  },
  {
    says: 'Meanwhile, people work in Jira. The list knows within seconds, and tells what changed since she last looked.',
    acts: [
      act('jira PLAT-3 Done', 'PLAT-3 is now Done'),
      act('jira SHOP-5 comment The printer is fixed.', 'SHOP-5 now has the comment'),
      act('/maro changes', 'moved it from In Review to Done', 'commented'),
      act('press Show the list', '5 open issues of 7'),
      act('press Refresh', 'Up to date'),
    ],
  },
  {
    says: 'The menu above the list shows part of it, then all of it again.',
    acts: [act('press Done (2)', '2 done issues of 7', 'PLAT-2'), act('press All (7)', '5 open issues of 7')],
  },
  {
    says: 'Each issue has its own menu.',
    acts: [act('press Untrack SHOP-11', 'SHOP-11 is no longer tracked', '4 open issues of 6')],
  },
  {
    says: 'So far, only Ada has seen any of this. Share shows the list to everybody in the channel.',
    acts: [act('press Share', '@ada shared 6 tracked issues', 'In Prüfung')],
  },
  {
    says: 'She clears the done issues. Before it untracks many at once, Maro says how many and asks.',
    acts: [
      act('/maro untrack done', 'Untrack 2 done issues in this channel?', 'Cancel'),
      act('press Untrack 2 issues', '2 issues are no longer tracked', 'Undo'),
    ],
  },
];
