import type { Status } from './status.ts';

/** A line of the tour, words that its answer must have, and how it must end: answered, unless told. */
type Act = { line: string; told: string[]; status?: Status };
type Scene = { says: string; acts: Act[] };

const act = (line: string, ...told: string[]): Act => ({ line, told });
const refused = (line: string, ...told: string[]): Act => ({ line, told, status: 1 });

/** Everything that Maro does today. */
export const scenes: Scene[] = [
  {
    says: 'Ada is in a channel where people talk about Jira issues. She asks Maro what it can do.',
    acts: [act('/maro help', 'Track up to 100 issues, by key or link')],
  },
  {
    says: 'She tracks an issue by its key, in whatever case she types it.',
    acts: [act('/maro track plat-3', 'PLAT-3: now tracked · Stay signed in')],
  },
  {
    says: 'Links do as well, and several at once; what is typed twice counts once.',
    acts: [
      act(
        '/maro track https://acme.example/browse/SHOP-5, SHOP-11 PLAT-2 plat-2',
        'SHOP-5: now',
        'PLAT-2: now tracked',
      ),
    ],
  },
  {
    says: 'Each thing that she types gets exactly one answer, also what is no issue.',
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
    says: "An issue that Maro's login may not see reads like one that does not exist: Jira does not tell them apart.",
    acts: [act('/maro track PLAT-80', 'PLAT-80: not found')],
  },
  {
    says: 'An issue that has moved to another project is tracked under the key it has now.',
    acts: [act('/maro track PLAT-34', 'SHOP-17 (was PLAT-34): now tracked')],
  },
  {
    says: "Jira's words are only words here: they ping nobody and forge no link.",
    acts: [act('/maro track PLAT-90 PLAT-91', '<!channel> everybody', '<https://evil.example|PLAT-1> is fixed')],
  },
  {
    says: 'The list: by status category, also where statuses have German names, and newest first. What is done is folded.',
    acts: [act('/maro tracked', '6 open issues of 7', 'All (7)', 'In Prüfung', 'Done · 1 issue', 'Tracked by @ada')],
  },
  {
    says: 'Or a part of it.',
    acts: [
      act('/maro tracked in progress', '3 in-progress issues of 7', 'SHOP-17'),
      act('/maro tracked done', '1 done issue of 7', 'PLAT-2 '),
    ],
  },
  {
    says: 'She takes some off the list again.',
    acts: [act('/maro untrack PLAT-90 PLAT-91 PLAT-4', 'PLAT-90: no longer tracked', 'PLAT-4: was not tracked')],
  },
  {
    says: 'That was too much. Undo brings them back, with who had tracked them and when.',
    acts: [act('press Undo', '2 issues are tracked again')],
  },
  {
    says: 'Meanwhile somebody closes an issue in Jira. Refresh reads Jira anew, and says what changed.',
    acts: [
      act('jira PLAT-3 Done', 'PLAT-3 is now Done'),
      act('/maro tracked', '6 open issues of 7'),
      act('press Refresh', 'PLAT-3 moved from In Review to Done'),
    ],
  },
  {
    says: 'A part of the list, then all of it again, by the menu above it.',
    acts: [act('press Done (2)', '2 done issues of 7', 'PLAT-2'), act('press All (7)', '5 open issues of 7')],
  },
  {
    says: 'Each issue has a menu of its own.',
    acts: [act('press Untrack SHOP-11', 'SHOP-11 is no longer tracked', '4 open issues of 6')],
  },
  {
    says: 'So far only Ada has seen any of this. Share shows the list to everybody in the channel.',
    acts: [act('press Share', '@ada shared 6 tracked issues', 'In Prüfung')],
  },
  {
    says: 'What is done can go. Many at once go only after a question with their number.',
    acts: [
      act('/maro untrack done', 'Untrack 2 done issues in this channel?', 'Cancel'),
      act('press Untrack 2 issues', '2 issues are no longer tracked', 'Undo'),
    ],
  },
  {
    says: 'What people write is none of its business, until somebody picks Maro in the menu of a message.',
    acts: [
      act('SHOP-5 goes out at noon, and PLAT-13 as well. Mind the UTF-8!', 'posted as m2'),
      act('shortcut track_mentioned m2', 'PLAT-13: now tracked', 'SHOP-5: tracked already', 'find them in Jira: UTF-8'),
      act('press Close', 'The view closes'),
    ],
  },
  {
    says: 'In a thread, too.',
    acts: [
      act('reply m2 Also PLAT-22', 'posted as m3'),
      act('shortcut track_mentioned m3', 'PLAT-22: now tracked'),
      act('press Close', 'The view closes'),
      act('/maro tracked done', '2 done issues of ', 'Where it was mentioned'),
    ],
  },
  {
    says: 'In Workflow Builder, the same functions are steps. Here a workflow tracks what somebody filled in.',
    acts: [act('step track {"issue_keys": "PLAT-5 PLAT-7"}', 'completed', 'PLAT-5, PLAT-7')],
  },
  {
    says: 'A step that could do a part of its work completes, and its outputs say what is missing.',
    acts: [act('step track {"issue_keys": "PLAT-9 PLAT-999"}', 'completed', 'false', 'PLAT-999: not found')],
  },
  {
    says: 'One that achieved nothing fails, with a sentence for people, and its workflow ends there,',
    acts: [act('step track {"issue_keys": "PLAT-999"}', 'failed: Nothing was tracked')],
  },
  {
    says: 'unless it was told to go on.',
    acts: [act('step track {"issue_keys": "PLAT-999", "continue_on_error": true}', 'completed', 'Nothing was tracked')],
  },
  {
    says: 'There are steps for the rest of what Maro does, too.',
    acts: [
      act('step untrack {"issue_keys": "PLAT-7"}', 'completed', 'untracked   true'),
      act('step list {"status": "done"}', 'completed', 'PLAT-22 · Let people download their own data · Done'),
    ],
  },
  {
    says: 'A step can create a ticket, of the type that comes first unless one is named, and link a ticket to a message.',
    acts: [
      act(
        'step create_ticket {"project": "PLAT", "summary": "Mails arrive twice", "issue_type": "bug"}',
        'completed',
        'PLAT-97',
        'https://acme.example/browse/PLAT-97',
      ),
      act(
        'step create_ticket {"project": "GONE", "summary": "Nowhere"}',
        'failed: Nothing was created',
        'create issues in GONE',
      ),
      act(
        'step link_ticket {"issue_key": "PLAT-97", "message_link": "https://acme.slack.com/archives/C1/p1"}',
        'completed',
        'linked     true',
      ),
    ],
  },
  {
    says: 'Stories come many at once, in an epic. One that Jira refuses is named, with its reason; the others stand.',
    acts: [
      act(
        `step create_stories {"project": "PLAT", "epic_summary": "Fewer mails", "stories": "Ask before mailing\\n${'Mail less. '.repeat(25)}"}`,
        'completed',
        'PLAT-98',
        'PLAT-99',
        'Jira takes summaries of 255 characters',
      ),
    ],
  },
  {
    says: 'Tickets can be shown to everybody. Where something kept them from being tracked, a button tries again.',
    acts: [
      act(
        'step post_ticket {"issue_keys": "PLAT-97 PLAT-99"}',
        'completed',
        'Mails arrive twice',
        'posted        true',
      ),
      act(
        'step post_ticket {"issue_keys": "PLAT-97", "note": "Nothing was tracked. Jira was away."}',
        'PLAT-97 is not tracked in this channel.',
      ),
      act('press Try again', 'Tracked in this channel now, by @ada'),
    ],
  },
  {
    says: 'Workflows of its own do all of it in a row. Slack may run them; Maro runs the same ones where it may not.',
    acts: [
      act(
        'workflow create_and_track {"project": "PLAT", "summary": "Mails arrive late"}',
        'PLAT-100',
        'tracked     true',
        'posted        true',
        'workflow create_and_track completed',
      ),
      act(
        'workflow stories_and_track {"project": "SHOP", "stories": "Gutschein prüfen", "epic_key": "SHOP-1"}',
        'SHOP-81',
        'workflow stories_and_track completed',
      ),
    ],
  },
  {
    says: 'People create tickets in a form, here from the menu of a message. The card stands in its thread, and the issue on the list.',
    acts: [
      act('The *cart* forgets what was in it', 'posted as m'),
      act('shortcut create_from_message m8', 'Create Jira ticket', 'The cart forgets'),
      act('press create:project PLAT', 'Platform (PLAT)', 'Story'),
      act('press Create {"summary": "Cart forgets its items"}', 'Cart forgets its items', '@ada created', 'Untrack'),
      act('/maro tracked to do', 'Cart forgets its items'),
    ],
  },
  {
    says: 'The next form begins with the same project. What is likely a duplicate is shown first, to be linked to instead.',
    acts: [
      act('/maro create Renew certificates before January', 'Platform (PLAT)'),
      act('press Create', 'This issue may exist already', 'Link to this instead'),
      act('press Link to this instead', 'PLAT-15 Renew', '@ada linked PLAT-15 to this channel'),
    ],
  },
  {
    says: 'A message is linked to an issue in the same way, and a channel by a command.',
    acts: [
      act('Is that PLAT-18?', 'posted as m'),
      act('shortcut link_from_message m11', 'Link to Jira ticket', 'PLAT-18'),
      act('press Link', '@ada linked PLAT-18 to this message'),
      act('/maro link PLAT-19', '@ada linked PLAT-19 to this channel'),
    ],
  },
  {
    says: 'Stories, many at once.',
    acts: [
      act('/maro stories', 'Create Jira stories', 'One summary on each line'),
      act(
        'press Create {"stories": "Keep the cart\\nShare the cart", "epic": "Carts"}',
        'Keep the cart',
        'Share the cart',
      ),
    ],
  },
  {
    says: 'What Slack would refuse, its stand-in refuses, and names the document that this rests on.',
    acts: [
      refused('step track {"issue_keys": ""}', 'parameter_validation_failed', 'https://docs.slack.dev/'),
      refused('/marooned', 'invalid_command', 'https://docs.slack.dev/'),
    ],
  },
  {
    says: 'Every channel has a list of its own. Ben looks at that of another channel.',
    acts: [
      act('as ben', '@ben'),
      act('in #platform', '#platform'),
      act('/maro tracked', 'No issues tracked in this channel yet', 'Track issues'),
      act('/maro track PLAT-11', 'PLAT-11: now tracked'),
    ],
  },
  {
    says: 'Maro need not be a member: it works in private channels where nobody has invited it,',
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
    acts: [act('as ada', '@ada'), act('in D1', 'a direct message'), act('/maro track PLAT-15', 'PLAT-15: now tracked')],
  },
  {
    says: 'In a channel that is shared with another company, its people see and change the same list.',
    acts: [
      act('as noa', 'of Northwind'),
      act('in #shared-with-northwind', 'shared with another company'),
      act('/maro track SHOP-14', 'SHOP-14: now tracked'),
      act('as ada', 'of Acme'),
      act('/maro tracked', '1 tracked issue', 'Tracked by @noa'),
    ],
  },
  {
    says: 'When Jira is down, Maro says so, and the list is still there.',
    acts: [
      act('in #checkout', '#checkout'),
      act('jira down', 'no calls'),
      act('/maro track PLAT-8', 'PLAT-8: not checked: Jira is not answering'),
      act('step track {"issue_keys": "PLAT-8"}', 'failed: Nothing was tracked', 'Jira is not answering'),
      act('/maro tracked done', 'PLAT-22 '),
      act('press Refresh', 'Jira is not answering', 'The list is unchanged'),
    ],
  },
  {
    says: 'When Jira is slow, Slack gets its answer within three seconds, and what it came to follows.',
    acts: [
      act('jira slow', '1.5 seconds'),
      act('/maro track LEGACY-7', 'The answer comes here in a moment', 'PLAT-12 (was LEGACY-7): now tracked'),
    ],
  },
  {
    says: 'And when it is well again, so is Maro.',
    acts: [act('jira up', 'Jira answers'), act('/maro track PLAT-8', 'PLAT-8: now tracked')],
  },
];
