import { act, type Scene } from './scene.ts';

/** What people do to issues in Jira from Slack. */
export const acts: Scene[] = [
  {
    says: 'People change issues from Slack. Ada moves one, assigns it, sets its priority, and comments on it. Jira shows Maro as the author, so the comment names her.',
    acts: [
      act('/maro move PLAT-5 in progress', 'PLAT-5 is now In Progress.'),
      act('/maro assign PLAT-5 Yuki', 'PLAT-5 is now assigned to Yuki Tanaka.'),
      act('/maro priority PLAT-5 High', 'PLAT-5 was changed: priority High.'),
      act('/maro comment PLAT-5 The fix is out', 'was added to PLAT-5.'),
    ],
  },
  {
    says: 'Without a status, a form lists the statuses that Jira offers for the issue now. It asks for the fields that Jira requires.',
    acts: [
      act('/maro move PLAT-5', 'Move issue', 'Move PLAT-5 to'),
      act('press move:status Parked', 'Due date'),
      act('press Move {"Due date": "2026-12-24"}', 'PLAT-5 is now Parked.'),
    ],
  },
  {
    says: "More… in a row's menu shows the issue as Jira has it now, with a button for each change. The list then says what was done.",
    acts: [
      act('/maro tracked "clock"', 'PLAT-5'),
      act('press list:row More…', 'Sign-in loops when the clock', 'Assign…', 'Comment…', 'Priority…'),
      act('press Priority…', 'Priority of PLAT-5'),
      act('press Save {"Priority of PLAT-5": "Low"}', 'PLAT-5 was changed: priority Low.'),
    ],
  },
  {
    says: 'Change several… changes up to 50 issues at once, with one request to Jira, and says what became of each.',
    acts: [
      act('/maro track PLAT-4 PLAT-5 PLAT-9', 'PLAT-4'),
      act('/maro tracked', 'Change several…'),
      act('press Change several…', 'Change several issues', 'What to do'),
      act(
        'press Next {"Issues": ["PLAT-4", "PLAT-5", "PLAT-9"], "What to do": "Move to…"}',
        '3 issues: PLAT-4, PLAT-5, and PLAT-9',
        'Status',
      ),
      act('press Move {"Status": "In Progress"}', 'are now In Progress.'),
    ],
  },
  {
    says: 'Until Jira confirms a change, the row says what Maro is doing.',
    acts: [
      act('/maro tracked "clock"', 'PLAT-5'),
      act('jira slow', '1.5 seconds'),
      act('press list:row Move to…', 'Move PLAT-5 to'),
      act('press Move {"Move PLAT-5 to": "In Review"}', 'moving to In Review…', 'PLAT-5 is now In Review.'),
      act('press Close'),
      act('jira up', 'Jira is up'),
    ],
  },
  {
    says: 'A change that somebody makes on a card shows on the card, for everybody.',
    acts: [
      act('/maro link PLAT-5', 'linked PLAT-5 to this channel', 'In Review'),
      act('press Move to…', 'Move PLAT-5 to'),
      act('press Move {"Move PLAT-5 to": "In Progress"}', 'Bug · In Progress', 'PLAT-5 is now In Progress.'),
    ],
  },
  {
    says: 'Nobody has to know a key. A command without a key asks for the issue, and finds it while Ada types.',
    acts: [
      act('/maro watch', 'Which issue do you want to watch?'),
      act('press issues:find sign-in loops', 'You now watch PLAT-5.', 'Unwatch'),
      act('press Close'),
    ],
  },
  {
    says: 'If a change fails, Maro says why, and gives back what was typed.',
    acts: [act('/maro comment PLAT-999 Lost?', 'Nothing was added.', 'You typed:')],
  },
];
