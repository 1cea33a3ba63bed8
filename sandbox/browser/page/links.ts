import { addressOf } from './address.ts';
import { get, set } from './store.ts';

/**
 * Jira's site is not on the network, so its links open the Jira panel: in this tab or, with the middle button or a modifier key, in
 * another one. The links keep their addresses, as Slack shows them.
 */
export function followJiraLinks(): () => void {
  document.addEventListener('click', follow);
  document.addEventListener('auxclick', follow);
  return () => {
    document.removeEventListener('click', follow);
    document.removeEventListener('auxclick', follow);
  };
}

function follow(event: MouseEvent): void {
  const { target, type, button, ctrlKey, metaKey, shiftKey } = event;
  const link = target instanceof Element ? target.closest<HTMLAnchorElement>('a[href]') : null;
  const site = get().jira?.site;
  if (link === null || site === undefined || !link.href.startsWith(`${site}/`)) return;
  if (type === 'auxclick' && button !== 1) return;
  event.preventDefault();
  const [, issue] = /^\/browse\/([^/?#]+)/.exec(link.href.slice(site.length)) ?? [];
  const there = { panel: 'jira', thread: undefined, issue } as const;
  if (type === 'auxclick' || ctrlKey || metaKey || shiftKey) open(addressOf({ ...get(), ...there }));
  else {
    set(there);
    pointAt(issue);
  }
}

/** Moves the focus to an issue that the panel shows already. Otherwise its card takes the focus when it is drawn. */
function pointAt(issue: string | undefined): void {
  if (issue !== undefined) document.getElementById(cardId(issue))?.focus();
}

export function cardId(key: string): string {
  return `issue-${key}`;
}
