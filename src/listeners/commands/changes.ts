import { changesShown } from '../../issues/visible.ts';
import { changesMessage, MOST_CHANGES } from '../../messages/changes.ts';
import { parsePeriod } from '../period.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';

/** The periods that people can type, for the end of a sentence. */
export const PERIODS = 'with `today`, `yesterday`, `this week`, `since Monday`, or a date like `2026-11-20`.';

/** Shows what changed in the channel's issues since the person's last visit, or in the period that the person typed. */
export const changes: Answers = async (rest, { channel, user, command }, context, { slack }) => {
  const { tenant, services } = context;
  const zone = rest === '' ? undefined : await slack.zone(user);
  const period = rest === '' ? undefined : parsePeriod(rest, zone ?? 'UTC', new Date());
  if (rest !== '' && period === undefined) {
    return { text: `Maro knows \`${command} changes\` ${PERIODS}` };
  }
  const since = period === undefined ? { kind: 'visit' as const, user } : { kind: 'time' as const, at: period.since };
  return guarded('changes', context, async () =>
    changesMessage(await changesShown({ tenant, channel, since, limit: MOST_CHANGES }, services), period),
  );
};
