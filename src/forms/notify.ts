import type { InputBlock, KnownBlock, PlainTextOption } from '@slack/types';
import { DatabaseTrouble } from '../database/trouble.ts';
import { DIGEST_EVENTS } from '../digest.ts';
import { EVENT_TITLES } from '../messages/digest.ts';
import { context } from '../messages/list.ts';
import { inputView, type ModalView, sentencesView, sentenceView, words } from '../messages/views.ts';
import { MOVES } from '../move.ts';
import { nextTime, WEEKDAYS } from '../schedule.ts';
import type { Deps } from '../services.ts';
import type { Granted } from '../slack/client.ts';
import { type Notifications, scheduleOf } from '../tracker/notifications.ts';
import { within } from '../within.ts';
import { isZone, timeWords } from '../zone.ts';
import { encodeOrigin, type Origin } from './create/origin.ts';
import { stateOf, type Values } from './create/values.ts';
import { type Opening, openView } from './opening.ts';
import { type Submitted, update } from './submission.ts';

/** The callback_id of the form that sets what a channel gets by itself. */
export const NOTIFY_FORM = 'notify';
const TITLE = 'Notifications';

const KINDS = {
  off: 'Nothing',
  daily: 'A digest every day',
  weekly: 'A digest every week',
  threads: 'Replies in the threads from which issues came',
} as const satisfies Record<Notifications['kind'] | 'off', string>;

type Event = Notifications['events'][number];
const EVENTS: readonly Event[] = [...DIGEST_EVENTS, 'moved'];
const TITLES: Readonly<Record<Event, string>> = { ...EVENT_TITLES, moved: 'Started, or back to do (in threads only)' };

/** How long the form waits for Slack and the database. The trigger_id that opens it expires after 3,000 ms. */
const OPEN_WITHIN_MS = 1_500;
/** How long the answer to a form waits for Slack to say whether Maro is in the channel. */
const MEMBER_WITHIN_MS = 800;
const DEFAULT_MINUTES = 9 * 60;
const MONDAY = 1;

const UNREAD =
  'Maro’s database isn’t answering, so Maro can’t say what is set here. Nothing was changed. Try again in a minute.';
const NO_CHANNEL = 'Type /maro notify in the channel that you want to set.';
const OUTSIDE = 'Maro isn’t in this channel, so it can’t post here. Invite it with /invite @Maro.';
const PERHAPS_OUTSIDE =
  'Maro posts only in channels that it is in. If it isn’t in this one, invite it with /invite @Maro.';

const SAVED_THREADS =
  'Saved. When the status of an issue changes that was tracked from a message, Maro replies in its thread within about a minute.';
const NO_REACTIONS =
  'Maro lacks the scope reactions:write, so it can’t mark messages with ✅. Ask your Maro admin to install the current manifest.';
const NOTHING_CHOSEN = {
  digest: 'Choose what the digest tells.',
  threads: 'Choose “Done”, “Reopened”, or “Started, or back to do”. Threads tell nothing else.',
};

/** Opens the form, which shows what is set for the channel. */
export async function openNotifyForm(opening: Opening, origin: Origin, deps: Deps): Promise<void> {
  const { tenant, slack, services } = deps;
  const { channel } = origin;
  if (channel === undefined) return void (await openView(opening, sentenceView(TITLE, NO_CHANNEL), deps));
  const reading = services.tracker.notifications({ tenant, channel }).then((set) => ({ set }));
  const asked = Promise.all([
    within(OPEN_WITHIN_MS, reading).catch(() => undefined),
    within(MEMBER_WITHIN_MS, slack.zone(origin.user)),
    within(MEMBER_WITHIN_MS, slack.isMember(channel)),
  ]);
  const [read, zone, isMember] = await asked;
  const view =
    read === undefined
      ? sentenceView(TITLE, UNREAD)
      : notifyView(origin, valuesOf(read.set, zone ?? 'UTC'), memberSentence(isMember));
  await openView(opening, view, deps);
}

/** What the channel has to know of Maro's membership. `isMember` is undefined if Slack does not tell. */
function memberSentence(isMember: boolean | undefined): string {
  return isMember === undefined ? PERHAPS_OUTSIDE : isMember ? '' : OUTSIDE;
}

function valuesOf(set: Notifications | undefined, zone: string): Values {
  const kind = set?.kind ?? 'off';
  const events = set?.events ?? EVENTS;
  return {
    kind: { kind: { selected_option: option(kind, KINDS[kind]) } },
    events: { events: { selected_options: events.map((event) => option(event, TITLES[event])) } },
    weekday: { weekday: { selected_option: weekdayOption(set?.weekday ?? MONDAY) } },
    time: { time: { selected_time: clockOf(set?.minutes ?? DEFAULT_MINUTES) } },
    zone: { zone: { value: set?.zone ?? zone } },
  };
}

function notifyView(origin: Origin, values: Values, sentence: string): ModalView {
  const kind = stateOf(values, 'kind').selected_option;
  const events = stateOf(values, 'events').selected_options ?? [];
  const weekday = stateOf(values, 'weekday').selected_option;
  const time = stateOf(values, 'time').selected_time;
  const { value: zone } = stateOf(values, 'zone');
  const form = { callback: NOTIFY_FORM, title: TITLE, submit: 'Save', metadata: encodeOrigin(origin) };
  const blocks: KnownBlock[] = [
    ...(sentence === '' ? [] : [words(sentence)]),
    input('kind', 'What Maro posts in this channel by itself', {
      type: 'radio_buttons',
      action_id: 'kind',
      options: Object.entries(KINDS).map(([value, title]) => option(value, title)),
      ...(kind ? { initial_option: kind } : {}),
    }),
    {
      ...input('events', 'What Maro tells', {
        type: 'checkboxes',
        action_id: 'events',
        options: EVENTS.map((event) => option(event, TITLES[event])),
        ...(events.length === 0 ? {} : { initial_options: events }),
      }),
      optional: true,
    },
    input('weekday', 'Day of a weekly digest', {
      type: 'static_select',
      action_id: 'weekday',
      options: WEEKDAYS.map((_, day) => weekdayOption(day)),
      ...(weekday ? { initial_option: weekday } : {}),
    }),
    input('time', 'Time of a digest', {
      type: 'timepicker',
      action_id: 'time',
      ...(time ? { initial_time: time } : {}),
    }),
    input(
      'zone',
      'Time zone',
      { type: 'plain_text_input', action_id: 'zone', ...(zone ? { initial_value: zone } : {}) },
      'Such as Europe/Berlin',
    ),
    context(
      'A digest is one message. In threads, Maro tells what is done, reopened, started, or back to do, and marks messages whose ' +
        'issues are done with ✅. If there is nothing to tell, Maro posts nothing.',
    ),
  ];
  return inputView(form, blocks);
}

function input(block_id: string, label: string, element: InputBlock['element'], hint?: string): InputBlock {
  return {
    type: 'input',
    block_id,
    label: { type: 'plain_text', text: label },
    ...(hint === undefined ? {} : { hint: { type: 'plain_text', text: hint } }),
    element,
  };
}

function option(value: string, title: string): PlainTextOption {
  return { text: { type: 'plain_text', text: title }, value };
}

function weekdayOption(day: number): PlainTextOption {
  return option(String(day), WEEKDAYS[day] ?? '');
}

/** Minutes after midnight as `09:00`, as Slack's time picker has it. */
function clockOf(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** Handles the form: stores what the channel gets from now on, and says what that is. */
export async function submitNotify(origin: Origin, values: Values, submitted: Submitted, deps: Deps): Promise<void> {
  const { tenant, slack, services } = deps;
  const { channel = '', user: by } = origin;
  const chosen = stateOf(values, 'kind').selected_option?.value;
  const events = EVENTS.filter((event) => isChosen(event, values));
  const [hours = 0, minutes = 0] = (stateOf(values, 'time').selected_time ?? '').split(':').map(Number);
  const zone = stateOf(values, 'zone').value?.trim() ?? '';
  const weekday = Number(stateOf(values, 'weekday').selected_option?.value ?? MONDAY);
  try {
    if (chosen !== 'daily' && chosen !== 'weekly' && chosen !== 'threads') {
      await services.tracker.endNotifications({ tenant, channel });
      return submitted.respond(update(sentenceView(TITLE, 'Saved. Maro posts nothing in this channel by itself.')));
    }
    const errors = {
      ...(tellsNothing(chosen, events) ? { events: NOTHING_CHOSEN[chosen === 'threads' ? 'threads' : 'digest'] } : {}),
      ...(isZone(zone) ? {} : { zone: 'Maro doesn’t know this time zone. Type one such as Europe/Berlin.' }),
    };
    if (Object.keys(errors).length > 0) return submitted.respond({ response_action: 'errors', errors });
    const settings: Notifications = { kind: chosen, events, zone, weekday, minutes: hours * 60 + minutes };
    const isThreads = chosen === 'threads';
    const nextAt = isThreads ? new Date() : nextTime(scheduleOf(settings), new Date());
    const [isMember, granted] = await Promise.all([
      within(MEMBER_WITHIN_MS, slack.isMember(channel)),
      isThreads ? within(MEMBER_WITHIN_MS, slack.granted()) : undefined,
      services.tracker.setNotifications({ tenant, channel, by, nextAt, ...settings }),
    ]);
    const saved = isThreads
      ? SAVED_THREADS
      : `Saved. The next digest comes on ${timeWords(zone, nextAt)} (${zone}), if there is anything to tell.`;
    const sentences = [saved, memberSentence(isMember), reactionSentence(granted)].filter(
      (sentence) => sentence !== '',
    );
    await submitted.respond(update(sentencesView(TITLE, sentences)));
  } catch (error) {
    if (!(error instanceof DatabaseTrouble)) throw error;
    await submitted.respond(update(notifyView(origin, values, error.message)));
  }
}

/** Whether none of the events is told that way. */
function tellsNothing(kind: Notifications['kind'], events: readonly Event[]): boolean {
  const told: readonly Event[] = kind === 'threads' ? MOVES : DIGEST_EVENTS;
  return !events.some((event) => told.includes(event));
}

/** What the person has to know if Maro may not add reactions. Empty if it may, or Slack does not tell. */
function reactionSentence(granted: Granted | undefined): string {
  if (granted === undefined || 'refusal' in granted || granted.scopes === undefined) return '';
  return granted.scopes.includes('reactions:write') ? '' : NO_REACTIONS;
}

function isChosen(event: Event, values: Values): boolean {
  return (stateOf(values, 'events').selected_options ?? []).some(({ value }) => value === event);
}
