import { act, type Scene } from './scene.ts';

/** The board of a channel. */
export const board: Scene[] = [
  {
    says: 'A board stays in the channel for everybody, pinned. It follows what happens in Jira and in the list, and has a menu in each row.',
    acts: [
      act('/maro board', 'pinned', 'Open list', 'Updated from Jira', 'is in this channel'),
      act('jira SHOP-5 assign yuki', 'SHOP-5', 'today'),
      act('press board:row issue:move PLAT-18', 'Move PLAT-18 to'),
      act(
        'press Move {"Move PLAT-18 to": "In Progress"}',
        'PLAT-18 is now In Progress.',
        'edited',
        'Show opening hours',
      ),
      act('/maro board hide', 'The board is gone'),
    ],
  },
];
