import { act, type Scene } from './scene.ts';

/** Forms that create and link issues. */
export const forms: Scene[] = [
  {
    says: "People create issues in a form, here from a message's menu. The card appears in the thread, and the issue on the list.",
    acts: [
      act('The *cart* forgets what was in it', 'posted as m'),
      act('shortcut create_from_message m9', 'Create Jira issue', 'The cart forgets'),
      act('press create:project PLAT', 'Platform (PLAT)', 'Story'),
      act('press Create {"summary": "Cart forgets its items"}', 'Cart forgets its items', '@ada created', 'Untrack'),
      act('/maro tracked to do', 'Cart forgets its items'),
    ],
  },
  {
    says: 'The next form starts with the same project. If the issue may exist already, Maro offers to link to it instead.',
    acts: [
      act('/maro create Renew certificates before January', 'Platform (PLAT)'),
      act('press Create', 'This issue may already exist', 'Link to this instead'),
      act('press Link to this instead', 'PLAT-15 Renew', '@ada linked PLAT-15 to this channel'),
    ],
  },
  {
    says: 'Existing issues can be linked: to a message from its menu, and to a channel with a command.',
    acts: [
      act('Is that PLAT-18?', 'posted as m'),
      act('shortcut link_from_message m12', 'Link to Jira issue', 'PLAT-18'),
      act('press Link', '@ada linked PLAT-18 to this message'),
      act('/maro link PLAT-19', '@ada linked PLAT-19 to this channel'),
    ],
  },
  {
    says: 'A form creates many stories at once.',
    acts: [
      act('/maro stories', 'Create Jira stories', 'One summary per line'),
      act(
        'press Create {"stories": "Keep the cart\\nShare the cart", "epic": "Carts"}',
        'Keep the cart',
        'Share the cart',
      ),
    ],
  },
];
