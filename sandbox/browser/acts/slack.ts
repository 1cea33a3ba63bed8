import { InvalidInput } from '../../slack/index.ts';
import type { Played } from '../acts.ts';
import { messageOf, targetOf, viewOf, type World } from '../world.ts';

/** What people do in Slack. */
export function slackActs(
  world: World,
): Played<'post' | 'mark' | 'openHome' | 'command' | 'shortcut' | 'press' | 'suggest' | 'submit' | 'close' | 'pin'> {
  const { slack } = world.sandbox;
  return {
    post: ({ text, ...where }) => void slack.post(text, where),
    openHome: ({ user }) => slack.openHome(user),
    mark: ({ user, channel, ts }) => slack.mark(user, channel, ts),
    async command({ line, ...where }) {
      await slack.command(line, where);
    },
    async shortcut({ callback_id, ts, user, channel }) {
      const message = ts === undefined ? undefined : messageOf(world, channel, ts, user);
      await slack.shortcut(callback_id, message, { user, channel });
    },
    async press({ user, target, action_id, block, value }) {
      await slack.press(targetOf(world, target, user), action_id, { user, block, value });
    },
    suggest: ({ user, target, action_id, value }) =>
      slack.suggest(targetOf(world, target, user), action_id, value, user),
    async submit({ view, values }) {
      try {
        const { errors } = await slack.submit(viewOf(world, view), values);
        world.tellViews();
        return errors;
      } catch (error) {
        if (error instanceof InvalidInput) return error.errors;
        throw error;
      }
    },
    async close({ view, all }) {
      await slack.close(viewOf(world, view), { all });
      world.tellViews();
    },
    pin: ({ ts, on, user, channel }) => slack.pin(messageOf(world, channel, ts, user), on, { user, channel }),
  };
}
