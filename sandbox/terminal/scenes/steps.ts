import { act, type Scene } from './scene.ts';

/** Steps, and workflows of them. */
export const steps: Scene[] = [
  {
    says: 'In Workflow Builder, the same functions are steps. Here, a workflow tracks the issues that somebody filled in.',
    acts: [act('step track {"issue_keys": "PLAT-5 PLAT-7"}', 'completed', 'PLAT-5, PLAT-7')],
  },
  {
    says: 'A step that does only part of its work completes, and its outputs say what is missing.',
    acts: [act('step track {"issue_keys": "PLAT-9 PLAT-999"}', 'completed', 'false', 'PLAT-999: not found')],
  },
  {
    says: 'A step that achieves nothing fails and says why, and the workflow stops there.',
    acts: [act('step track {"issue_keys": "PLAT-999"}', 'failed: Nothing was tracked')],
  },
  {
    says: 'With “Continue if this step fails”, the workflow goes on.',
    acts: [act('step track {"issue_keys": "PLAT-999", "continue_on_error": true}', 'completed', 'Nothing was tracked')],
  },
  {
    says: 'Other steps untrack issues and list them.',
    acts: [
      act('step untrack {"issue_keys": "PLAT-7"}', 'completed', 'untracked   true'),
      act('step list {"status": "done"}', 'completed', 'PLAT-22 · Let people download their own data · Done'),
    ],
  },
  {
    says: 'A step finds issues in Jira, by words or by JQL.',
    acts: [
      act('step find_issues {"search": "company account"}', 'completed', 'PLAT-2 · Sign in with the company account'),
      act('step find_issues {"search": "sprint =", "search_by": "jql"}', 'failed: Maro didn’t search. Jira refused'),
    ],
  },
  {
    says: 'A step asks a person to choose one of the tracked issues, and waits for the answer. The first choice counts.',
    acts: [
      act('step pick_issue {"question": "Which issue is this about?"}', 'Which issue is this about?', 'Choose'),
      act('press pick:menu PLAT-22', '@ada chose PLAT-22'),
    ],
  },
  {
    says: "Steps can create an issue and link an issue to a message. Without a type, the issue gets the project's first one.",
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
    says: 'A step can create many stories at once, in an epic. If Jira refuses one, the step says why and keeps the others.',
    acts: [
      act(
        `step create_stories {"project": "PLAT", "epic_summary": "Fewer mails", "stories": "Ask before mailing\\n${'Mail less. '.repeat(25)}"}`,
        'completed',
        'PLAT-98',
        'PLAT-99',
        'Jira’s limit is 255',
      ),
    ],
  },
  {
    says: 'A step can post issues for everybody to see. If one could not be tracked, a button tries again.',
    acts: [
      act(
        'step post_ticket {"issue_keys": "PLAT-97 PLAT-99"}',
        'completed',
        'Mails arrive twice',
        'posted        true',
      ),
      act(
        'step post_ticket {"issue_keys": "PLAT-97", "note": "Nothing was tracked. Jira was away."}',
        'PLAT-97 isn’t tracked in this channel.',
      ),
      act('press Try again', 'Tracked in this channel by @ada'),
    ],
  },
  {
    says: "Maro's own workflows do all of this in a row. Slack can run them, and Maro can run them itself.",
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
];
