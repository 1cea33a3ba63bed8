import { typedView } from '../../messages/typed.ts';
import { loadingView } from '../../messages/views.ts';
import type { Deps } from '../../services.ts';
import type { LastTicket } from '../../tracker/channel.ts';
import { type Opening, openView, showView, UNSHOWN } from '../opening.ts';
import { CREATE_TITLE, formView } from './form.ts';
import { loadForm } from './load.ts';
import type { Origin } from './origin.ts';
import type { Values } from './values.ts';

/**
 * Opens a loading view at once, before Slack's trigger_id expires. Then replaces
 * the view with the form, which preselects the channel's last project and type.
 * `values` returns what the form is filled in with, and is called once the loading view is open.
 */
export async function openCreateForm(
  opening: Opening,
  origin: Origin,
  values: () => Promise<Values>,
  deps: Deps,
): Promise<void> {
  const viewId = await openView(opening, loadingView(CREATE_TITLE), deps);
  if (viewId === undefined) return;
  const { jira } = deps.services;
  const [last, projects, filled] = await Promise.all([lastTicket(origin.channel, deps), jira.projects(), values()]);
  const title = CREATE_TITLE;
  if (projects.state === 'trouble') {
    const sentence = projects.trouble.with('Nothing was created.');
    return showView(viewId, typedView(title, sentence, opening.typed), { asker: opening, title, sentence }, deps);
  }
  const [only, ...others] = projects.value.projects;
  const project = last?.project ?? (others.length === 0 ? only?.key : undefined);
  const form = await loadForm({ project, type: undefined }, origin, filled, jira, { typeName: last?.type });
  await showView(viewId, formView(form), { asker: opening, title, sentence: UNSHOWN }, deps);
}

/**
 * The defaults from the channel's last ticket. Undefined if there
 * are none or the database fails, since the form can do without.
 */
export async function lastTicket(
  channel: string | undefined,
  { tenant, services }: Deps,
): Promise<LastTicket | undefined> {
  if (channel === undefined) return undefined;
  return services.tracker.lastTicket({ tenant, channel }).catch(() => undefined);
}
