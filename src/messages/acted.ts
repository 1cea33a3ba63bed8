import { escapeText, plainMrkdwn } from '../slack/text.ts';
import { unescaped } from '../unescaped.ts';
import { listed } from './several.ts';

type Outputs = Readonly<Record<string, unknown>>;

/** What each function that acts on one issue says in mrkdwn about its success, by callback_id. */
const sentences: Readonly<Record<string, (outputs: Outputs) => string>> = {
  transition_issue: (outputs) => `${issueLink(outputs)} is now ${plainMrkdwn(String(outputs.status))}.`,
  assign_issue: (outputs) =>
    outputs.assignee === ''
      ? `${issueLink(outputs)} is no longer assigned to anybody.`
      : `${issueLink(outputs)} is now assigned to ${plainMrkdwn(String(outputs.assignee))}.`,
  update_issue: (outputs) => `${issueLink(outputs)} was changed: ${plainMrkdwn(String(outputs.changes))}.`,
  untrack: ({ issue_keys, count, skipped, stays_off = '' }) => {
    const keys = listed(String(issue_keys).split(', '));
    const untracked = `${keys} ${count === 1 ? 'is' : 'are'} no longer tracked.`;
    return plainMrkdwn([untracked, skipped, stays_off].filter(Boolean).join(' '));
  },
  change_issues: ({ answer }) => plainMrkdwn(String(answer)),
  comment_issue: (outputs) => `${link(outputs.comment_url, 'Your comment')} was added to ${issueLink(outputs)}.`,
};

/** One short sentence instead, if the one above is too long for a notice, by callback_id. */
const summaries: Readonly<Record<string, (outputs: Outputs) => string>> = {
  untrack: ({ count, stays_off = '' }) =>
    `${count === 1 ? '1 issue is' : `${count} issues are`} no longer tracked. ${stays_off}`.trim(),
  change_issues: ({ summary }) => String(summary),
};

/** Whether a function changes issues that a person chose. */
export function isAct(callbackId: string): boolean {
  return Object.hasOwn(sentences, callbackId);
}

/** Says what a function did to an issue; undefined for a function that does not act on one issue. */
export function actedText(callbackId: string, outputs: Outputs): string | undefined {
  return sentences[callbackId]?.(outputs);
}

/** The same without links, as plain words. */
export function actedWords(callbackId: string, outputs: Outputs): string | undefined {
  const text = actedText(callbackId, { ...outputs, issue_url: '', comment_url: '' });
  return text === undefined ? undefined : unescaped(text);
}

/** One short sentence for a notice. Undefined for a function that changes one issue. */
export function actedSummary(callbackId: string, outputs: Outputs): string | undefined {
  return summaries[callbackId]?.(outputs);
}

function issueLink({ issue_url, issue_key }: Outputs): string {
  return link(issue_url, String(issue_key));
}

function link(url: unknown, words: string): string {
  return typeof url === 'string' && url !== '' ? `<${escapeText(url)}|${words}>` : words;
}
