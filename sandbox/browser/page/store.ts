import { useSyncExternalStore } from 'react';
import type { Marks, Message, View } from '../../slack/index.ts';
import type { Board, Refused, Run, Switches, Told, Traffic, Workflow, Workspace } from '../protocol.ts';
import { addressOf, readAddress, type Whereabouts } from './address.ts';

/** A refusal on the screen. `act` is the act that was refused; without one, it is something that the app sent. */
export type Toast = Refused & { id: number; act: string | undefined };

/** What the server told, and what this tab looks at. */
export type State = Whereabouts & {
  workspace: Workspace | undefined;
  /** By channel, oldest first. */
  messages: Readonly<Record<string, readonly Message[]>>;
  /** What is open in front of each person, the top view last. */
  views: Readonly<Record<string, readonly View[]>>;
  /** What the app has published in each person's Home tab. */
  homes: Readonly<Record<string, View | null>>;
  jira: Board | undefined;
  workflows: readonly Workflow[];
  runs: readonly Run[];
  /** The newest message that each person has read, by user and channel. */
  marks: Marks;
  traffic: readonly Traffic[];
  switches: Switches | undefined;
  isConnected: boolean;
  refused: readonly Toast[];
};

let state: State = {
  workspace: undefined,
  messages: {},
  views: {},
  homes: {},
  jira: undefined,
  workflows: [],
  runs: [],
  marks: {},
  traffic: [],
  switches: undefined,
  isConnected: false,
  refused: [],
  me: '',
  place: '',
  thread: undefined,
  panel: undefined,
  issue: undefined,
};
const listeners = new Set<() => void>();

/** Shows something else, or keeps what was told. */
export function set(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of listeners) listener();
}

export function get(): State {
  return state;
}

/** The sandbox's time, in milliseconds since 1970. */
export function now(): number {
  return Date.now() + (state.switches?.aheadMs ?? 0);
}

/** A part of the state; the component is drawn anew when that part changes. */
export function useStore<T>(part: (state: State) => T): T {
  return useSyncExternalStore(subscribe, () => part(state));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

let toasts = 0;

/** Shows what was refused, and why, for a while. */
export function refuse(refused: Refused, act?: string): void {
  set({ refused: [...state.refused, { ...refused, act, id: ++toasts }] });
}

/** Takes away the toasts of an act that is tried again. */
export function forget(act: string): void {
  const others = state.refused.filter((each) => each.act !== act);
  if (others.length < state.refused.length) set({ refused: others });
}

/** Takes in what the server tells, for as long as the page is open; the browser connects again by itself. */
export function listen(): void {
  const events = new EventSource('/events');
  events.onopen = () => set({ isConnected: true, messages: {} });
  events.onerror = () => set({ isConnected: false });
  events.onmessage = ({ data }) => take(JSON.parse(data));
}

/** Thousands of messages may come at once; they are drawn together, a frame's time after the first. */
const FRAME_MS = 16;
let arriving: Message[] = [];

function take(told: Told): void {
  if (told.type === 'messages') {
    if (arriving.length === 0) setTimeout(arrive, FRAME_MS);
    arriving.push(...told.messages);
    return;
  }
  if (told.type !== 'refused') {
    set(changeOf(told));
    return;
  }
  const { refusal } = told;
  refuse({ ...refusal, why: `Slack refuses what ${state.workspace?.app.name ?? 'the app'} sent. ${refusal.why}` });
}

function arrive(): void {
  set({ messages: withMessages(arriving) });
  arriving = [];
}

function changeOf(told: Exclude<Told, { type: 'refused' | 'messages' }>): Partial<State> {
  switch (told.type) {
    case 'workspace':
      return {
        workspace: told.workspace,
        ...readAddress(state.me === '' ? location.hash : addressOf(state), told.workspace),
      };
    case 'views':
      return {
        views: { ...state.views, [told.user]: told.views },
        homes: { ...state.homes, [told.user]: told.home },
      };
    case 'jira':
      return { jira: told.jira };
    case 'workflows':
      return { workflows: told.workflows };
    case 'runs':
      return { runs: told.runs };
    case 'marks':
      return { marks: told.marks };
    case 'traffic':
      return { traffic: told.traffic };
    case 'switches':
      return { switches: told.switches };
  }
}

/** A message that was there already stays where it is, as it is now. */
function withMessages(told: readonly Message[]): State['messages'] {
  const messages: Record<string, readonly Message[]> = { ...state.messages };
  for (const [channel, more = []] of Object.entries(Object.groupBy(told, (message) => message.channel))) {
    const all = [...(messages[channel] ?? []), ...more];
    messages[channel] = [...new Map(all.map((message) => [message.ts, message])).values()];
  }
  return messages;
}
