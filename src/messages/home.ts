import type { HomeView, KnownBlock } from '@slack/types';
import type { ChannelCount } from '../tracker/channels.ts';
import { button } from './blocks.ts';
import { words } from './views.ts';

/** The most channels that a Home tab lists. Slack allows 100 blocks. */
export const MOST_CHANNELS = 30;

/** What a Home tab says of the person's channels: their counts, or a sentence about why there are none. */
export type Channels = readonly ChannelCount[] | string;

export const NO_SCOPE =
  'Ask your Slack admin to allow Maro the scopes channels:read and groups:read to see your channels and their issues here.';
export const UNTOLD = 'Slack did not list your channels just now. Open this tab again in a minute.';
const NONE = 'None of your channels tracks an issue yet. Track one above, or type /maro track PLAT-1 in a channel.';

/** The Home tab: what Maro is for, three things to do now, and the person's channels. `checklist`: what an admin does first. */
export function homeView(channels: Channels, { checklist }: { checklist: boolean }): HomeView {
  return {
    type: 'home',
    blocks: [
      ...(checklist ? checklistBlocks() : []),
      { type: 'header', text: { type: 'plain_text', text: 'Welcome to Maro' } },
      words('Maro tracks the Jira issues that each channel cares about. Only you see answers until you share them.'),
      {
        type: 'actions',
        elements: [
          button('open:track', 'Track issues', 'track'),
          button('open:create', 'Create an issue', 'create'),
          button('open:help', 'See all commands', 'help'),
        ],
      },
      { type: 'divider' },
      { type: 'header', text: { type: 'plain_text', text: 'Your channels' } },
      ...channelBlocks(channels),
    ],
  };
}

const CHECKLIST = [
  'Invite Maro to the channels where it should post: type /invite @Maro there. Everything else works without that.',
  'Choose what people can see. They can show any issue that Maro’s Jira account can see, unless JIRA_PROJECTS names the projects.',
  'Try a step in Workflow Builder. The steps are listed under Maro, on paid Slack plans.',
  'Tell your team about /maro.',
];

function checklistBlocks(): KnownBlock[] {
  return [
    { type: 'header', text: { type: 'plain_text', text: 'Set up Maro' } },
    words('You are the first person here, so you get the checklist for admins.'),
    words(CHECKLIST.map((item) => `• ${item}`).join('\n')),
    { type: 'actions', elements: [button('home:checked', 'Done', 'checked')] },
    { type: 'divider' },
  ];
}

function channelBlocks(channels: Channels): KnownBlock[] {
  if (typeof channels === 'string') return [words(channels)];
  if (channels.length === 0) return [words(NONE)];
  return channels.map(({ channel, count }) => ({
    type: 'section',
    text: {
      type: 'mrkdwn',
      text: `<#${channel}>  ${count === 1 ? '1 issue' : `${count.toLocaleString('en')} issues`}`,
    },
  }));
}
