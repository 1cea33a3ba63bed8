import type { ModalView } from '../../messages/views.ts';
import type { Deps } from '../../services.ts';

/** An action in a form: the view, the hash of the view at that time, and Slack's action_ts. */
export type FormAction = { viewId: string; hash: string | undefined; actionTs: string };

/**
 * Records an action, so that no process shows the answer to an older action.
 * @returns whether this is the newest known action; `unknown` when the database fails.
 */
export async function note({ viewId, actionTs }: FormAction, { tenant, services }: Deps): Promise<boolean | 'unknown'> {
  return services.tracker.recordAction({ tenant, view: viewId, actionTs }).catch(() => 'unknown' as const);
}

/** Shows the answer to an action in a form, unless the person has taken a newer action. */
export async function redraw(act: FormAction, view: ModalView, deps: Deps): Promise<void> {
  if ((await note(act, deps)) === false) return;
  const shown = await deps.slack.updateView(act.viewId, view, act.hash);
  if (shown !== 'changed') return;
  // Slack does not say whether the view now shows the answer to an older action or to a newer one.
  if ((await note(act, deps)) === true) await deps.slack.updateView(act.viewId, view);
}
