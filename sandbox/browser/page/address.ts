import type { Workspace } from '../protocol.ts';

export const PANELS = ['workflows', 'jira', 'clock', 'trouble', 'traffic'] as const;
export type PanelName = (typeof PANELS)[number];
export const HOME = 'home';

/** Who one is, where, and what stands beside it. */
export type Whereabouts = {
  /** The person one is. */
  me: string;
  /** The channel one looks at, or the app's home. */
  place: string;
  thread: string | undefined;
  panel: PanelName | undefined;
  /** The key of the issue that the Jira panel points at. */
  issue: string | undefined;
};

/** As the page's address has it, so that Back and Forward, a reload, and a bookmark find it: `#U0ADA/C1/thread/1764.0001`. */
export function addressOf({ me, place, thread, panel, issue }: Whereabouts): string {
  const beside = panel ? [panel, ...(panel === 'jira' && issue ? [issue] : [])] : thread ? ['thread', thread] : [];
  return `#${[me, place, ...beside].join('/')}`;
}

/** What an address says, as far as it is there for this person; the first person and channel otherwise. */
export function readAddress(address: string, { users, channels }: Workspace): Whereabouts {
  const [me, place, beside, which] = address.slice(1).split('/');
  const user = users.find(({ id }) => id === me) ?? users[0];
  const theirs = channels.filter(({ people }) => user !== undefined && people.includes(user.id));
  const channel = theirs.find(({ id }) => id === place) ?? theirs[0];
  const isHome = place === HOME || channel === undefined;
  return {
    me: user?.id ?? '',
    place: isHome ? HOME : channel.id,
    thread: beside === 'thread' && !isHome && channel.id === place ? which : undefined,
    panel: PANELS.find((name) => name === beside),
    issue: beside === 'jira' ? which : undefined,
  };
}
