import type { InputBlock } from '@slack/types';
import { MOST_STORIES, storiesIn } from '../../functions/create_stories.ts';
import type { Project } from '../jira/projects.ts';
import { inputView, loadingView, type ModalView, words } from '../messages/views.ts';
import type { Deps } from '../services.ts';
import { projectInput } from './create/form.ts';
import { lastTicket } from './create/open.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, type Values } from './create/values.ts';
import { type Opening, openView, showView, UNSHOWN } from './opening.ts';
import { type Submitted, submitRequest } from './submission.ts';

export const STORIES_FORM = 'create_stories';
export const STORIES_TITLE = 'Create Jira stories';

/** Opens a loading view at once, then replaces it with the form, which preselects the project of the channel's last ticket. */
export async function openStoriesForm(opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  const viewId = await openView(opening, loadingView(STORIES_TITLE), deps);
  if (viewId === undefined) return;
  const last = await lastTicket(origin.channel, deps);
  const found = last && (await deps.services.jira.project(last.project));
  const project = found?.state === 'known' ? found.value : undefined;
  const sentence = found?.state === 'trouble' ? found.trouble.message : undefined;
  const view = storiesView(origin, {}, project, sentence);
  await showView(viewId, view, { asker: opening, title: STORIES_TITLE, sentence: UNSHOWN }, deps);
}

function storiesView(origin: Origin, values: Values, project?: Project, sentence?: string): ModalView {
  const { selected_option } = stateOf(values, 'project');
  const chosen = projectInput(project, false);
  const initial = selected_option ? { initial_option: selected_option } : {};
  const form = { callback: STORIES_FORM, title: STORIES_TITLE, submit: 'Create', metadata: encodeOrigin(origin) };
  return inputView(form, [
    ...(sentence === undefined ? [] : [words(sentence)]),
    { ...chosen, element: { ...chosen.element, ...initial } } as InputBlock,
    text('stories', 'Stories', values, { multiline: true, hint: `One summary per line, up to ${MOST_STORIES}` }),
    text('epic', 'New epic', values, { optional: true, hint: 'The summary of an epic to create for the stories' }),
    text('in', 'Or an existing epic', values, { optional: true, hint: 'A key such as PLAT-12, or a link' }),
  ]);
}

function text(
  block_id: string,
  label: string,
  values: Values,
  { multiline = false, optional = false, hint }: { multiline?: boolean; optional?: boolean; hint: string },
): InputBlock {
  const { value } = stateOf(values, block_id);
  const element = { type: 'plain_text_input' as const, action_id: block_id, multiline };
  return {
    type: 'input',
    block_id,
    label: { type: 'plain_text', text: label },
    hint: { type: 'plain_text', text: hint },
    optional,
    element: { ...element, ...(value ? { initial_value: value } : {}) },
  };
}

/**
 * Handles the stories form: creates the stories, and the epic if it is new, and tracks the stories and the epic in the channel.
 */
export async function submitStories(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const stories = stateOf(values, 'stories').value ?? '';
  const epic = stateOf(values, 'epic').value?.trim() ?? '';
  const epicKey = stateOf(values, 'in').value?.trim() ?? '';
  const { length } = storiesIn(stories);
  const errors = {
    ...(length === 0 ? { stories: 'Add at least one story.' } : {}),
    ...(length > MOST_STORIES
      ? { stories: `That’s ${length} stories, and the limit is ${MOST_STORIES}. Split them up.` }
      : {}),
    ...(epic !== '' && epicKey !== '' ? { in: 'Choose a new epic or an existing one, not both.' } : {}),
  };
  if (Object.keys(errors).length > 0) return submitted.respond({ response_action: 'errors', errors });
  const { request, user, channel = '' } = origin;
  const inputs = {
    project: stateOf(values, 'project').selected_option?.value ?? '',
    stories,
    ...(epic === '' ? {} : { epic_summary: epic }),
    ...(epicKey === '' ? {} : { epic_key: epicKey }),
    channel_id: channel,
    user_id: user,
  };
  const again = async (sentence: string) => storiesView(origin, values, undefined, sentence);
  const form = { ...submitted, title: STORIES_TITLE, submit: 'Create', again, errorsOf: () => ({}) };
  await submitRequest(
    { id: request, workflow: 'stories_and_track', inputs, door: 'form', responseUrl: origin.responseUrl },
    form,
    deps,
  );
}
