import { act, type Scene } from './scene.ts';

/** Issues that people mention in messages. */
export const messages: Scene[] = [
  {
    says: "Maro does not read messages in a channel until somebody picks it from a message's menu.",
    acts: [
      act('SHOP-5 goes out at noon, and PLAT-13 as well. Mind the UTF-8!', 'posted as m2'),
      act('shortcut track_mentioned m2', 'PLAT-13: now tracked', 'SHOP-5: tracked already', 'find them in Jira: UTF-8'),
      act('press Close', 'The view closes'),
    ],
  },
  {
    says: 'This works in a thread, too.',
    acts: [
      act('reply m2 Also PLAT-22', 'posted as m3'),
      act('shortcut track_mentioned m3', 'PLAT-22: now tracked'),
      act('press Close', 'The view closes'),
      act('/maro tracked done', '2 done issues of ', 'View message'),
    ],
  },
];
