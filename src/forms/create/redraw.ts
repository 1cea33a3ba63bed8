import type { ModalView } from '../../messages/views.ts';
import type { Deps } from '../submission.ts';

/** What somebody did in a form, as Slack tells it: in which view, as it was then, and when. */
export type Act = { viewId: string; hash: string | undefined; actionTs: string };

/**
 * Keeps that somebody did this, so that no process draws the answer to something older.
 * @returns whether this is the newest that is known; `unknown` while the database is away.
 */
export async function note(
  { viewId, actionTs }: Act,
  { tenant, services }: Pick<Deps, 'tenant' | 'services'>,
): Promise<boolean | 'unknown'> {
  return services.tracker.isNewest({ tenant, view: viewId, actionTs }).catch(() => 'unknown' as const);
}

/** Draws the answer to what somebody did in a form, unless they have done something newer in it since. */
export async function redraw(act: Act, view: ModalView, deps: Deps): Promise<void> {
  if ((await note(act, deps)) === false) return;
  const shown = await deps.slack.updateView(act.viewId, view, act.hash);
  if (shown !== 'changed') return;
  // Slack does not tell what it shows instead: the answer to something older, or to something newer.
  if ((await note(act, deps)) === true) await deps.slack.updateView(act.viewId, view);
}
