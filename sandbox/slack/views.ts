import { type Block, checkHome, checkView, withIds } from './blocks.ts';
import type { Json } from './log.ts';
import { type Values, valuesOf } from './picks.ts';
import { Refusal } from './refusal.ts';
import type { Sights } from './seen.ts';
import { bot, type User, type Workspace } from './workspace.ts';

/** A modal or a Home tab as it stands; what people type is in `state`. The rest is what the app gave. */
export interface View extends Json {
  id: string;
  callback_id: string;
  title: { type: string; text: string };
  blocks: Block[];
  private_metadata: string;
  external_id: string;
  hash: string;
  state: { values: Values };
  notify_on_close?: boolean;
}

/** Slack: no more than three views on top of each other. */
const maxStack = 3;

export interface Views {
  /** What is open in front of this user, the root view first. */
  stack(user: User): View[];
  /** Opens a new stack. */
  open(user: User, definition: unknown, act?: string): View;
  push(user: User, definition: unknown, act?: string): View;
  /** `key` is a view_id or an external_id. With a hash, only a view that nothing has replaced since Slack told that hash. */
  update(key: { view_id?: unknown; external_id?: unknown; hash?: unknown }, definition: unknown, act?: string): View;
  /** What the app has published in this user's Home tab. */
  home(user: User): View | undefined;
  /** With a hash, only if nothing has been published since Slack told that hash. */
  publish(user: User, definition: unknown, hash: unknown): View;
  /** Takes away the top view, or all. */
  close(user: User, all?: boolean): View[];
}

export function createViews(workspace: Workspace, sights: Sights): Views {
  const stacks = new Map<string, View[]>();
  const homes = new Map<string, View>();
  const stack = (user: User) => stacks.get(user.id) ?? [];
  let count = 0;

  function make(definition: unknown, user: User, replaced?: View): View {
    checkView(definition);
    const given = definition as Partial<View> & Pick<View, 'title' | 'blocks'>;
    const others = [...stacks.values()].flat().filter((view) => view !== replaced);
    const taken = given.external_id && others.some((view) => view.external_id === given.external_id);
    if (taken) {
      const why = `A view with the external_id "${given.external_id}" is already open.`;
      throw new Refusal('duplicate_external_id', why, 'reference/methods/views.open');
    }
    return complete({ submit: null, close: null, ...given }, user);
  }

  function complete(given: Partial<View> & Pick<View, 'title' | 'blocks'>, user: User): View {
    const blocks = withIds(given.blocks);
    const id = `V${String(++count).padStart(8, '0')}`;
    return {
      private_metadata: '',
      callback_id: '',
      external_id: '',
      clear_on_close: false,
      notify_on_close: false,
      ...given,
      id,
      blocks,
      hash: `${count}.${id}`,
      state: { values: valuesOf(blocks) },
      team_id: user.team_id,
      app_id: bot.app_id,
      app_installed_team_id: workspace.isEnterpriseInstall ? workspace.team.enterprise_id : workspace.team.id,
      bot_id: bot.bot_id,
      root_view_id: id,
      previous_view_id: null,
    };
  }

  const show = (view: View, owner: string, act?: string) => {
    sights.show({ view, act, seenBy: (user) => user === owner });
    return view;
  };

  return {
    stack,
    open(user, definition, act) {
      const view = make(definition, user);
      stacks.set(user.id, [view]);
      return show(view, user.id, act);
    },
    push(user, definition, act) {
      const below = stack(user);
      const [root] = below;
      if (!root) throw new Refusal('not_found', 'No view is open to push onto.', 'reference/methods/views.push');
      if (below.length >= maxStack) {
        const why = `${maxStack} views are already open.`;
        throw new Refusal('push_limit_reached', why, 'reference/methods/views.push');
      }
      const view = { ...make(definition, user), root_view_id: root.id, previous_view_id: below.at(-1)?.id };
      stacks.set(user.id, [...below, view]);
      return show(view, user.id, act);
    },
    update({ view_id, external_id, hash }, definition, act) {
      if (!view_id === !external_id) {
        const why = 'Name the view by its view_id or its external_id, but not both.';
        throw new Refusal('invalid_arguments', why, 'reference/methods/views.update');
      }
      for (const [owner, views] of stacks) {
        const view = views.find((each) =>
          view_id ? each.id === view_id : external_id && each.external_id === external_id,
        );
        if (!view) continue;
        if (hash !== undefined && hash !== view.hash) {
          throw new Refusal('hash_conflict', 'The view has changed since this hash.', 'reference/methods/views.update');
        }
        const { id, root_view_id, previous_view_id, state } = view;
        const next = make(definition, workspace.user(owner), view);
        const values = valuesOf(next.blocks, state.values);
        return show(Object.assign(view, next, { id, root_view_id, previous_view_id, state: { values } }), owner, act);
      }
      throw new Refusal('not_found', 'This view is not open.', 'reference/methods/views.update');
    },
    home: (user) => homes.get(user.id),
    publish(user, definition, hash) {
      checkHome(definition);
      const before = homes.get(user.id);
      if (hash !== undefined && before !== undefined && hash !== before.hash) {
        throw new Refusal('hash_conflict', 'The view has changed since this hash.', 'reference/methods/views.publish');
      }
      const { blocks, ...given } = definition as Pick<View, 'blocks'>;
      // Slack gives a Home tab the app's name as its title, and one id for as long as the person has it.
      const next = complete({ title: { type: 'plain_text', text: 'View Title' }, blocks, ...given }, user);
      const view = { ...next, ...(before ? { id: before.id, root_view_id: before.id } : {}) };
      homes.set(user.id, view);
      return show(view, user.id);
    },
    close(user, all = false) {
      const open = stack(user);
      stacks.set(user.id, all ? [] : open.slice(0, -1));
      return all ? open : open.slice(-1);
    },
  };
}
