import { randomUUID } from 'node:crypto';
import { sentenceOf } from '../function.ts';
import type { StatusCategory } from '../issue.ts';
import { accountOf } from '../issues/account.ts';
import { homeShown } from '../issues/visible.ts';
import { errorName } from '../log.ts';
import { type HomeContent, homeView, MOST_AT_HOME, NO_SCOPE, UNTOLD } from '../messages/home.ts';
import type { Notice } from '../messages/notice.ts';
import { type Services, unclaimed } from '../services.ts';
import { within } from '../within.ts';

/**
 * Whose Home tab is drawn, and the status category of the issues that it shows. `isOpened`: the person has opened it, or did
 * something in it. `notice`: what the person did there.
 */
type Visitor = {
  user: string;
  team: string | undefined;
  category?: StatusCategory | undefined;
  isOpened: boolean;
  notice?: Notice;
};
/** What drawing a Home tab needs. */
export type HomeDeps = { tenant: string; services: Services };

/** How long the search for a person's Jira account may delay the Home tab. */
const ACCOUNT_WITHIN_MS = 1_500;

/** Draws a person's Home tab. Slack is asked each time which channels the person is in. @returns whether Slack took it. */
export async function drawHome({ notice, ...visitor }: Visitor, deps: HomeDeps): Promise<boolean> {
  const { tenant, services } = deps;
  const { user } = visitor;
  const [content, checklist] = await Promise.all([
    contentOf(visitor, deps),
    services.tracker.showsChecklist({ tenant, user }).catch(logged(deps)),
  ]);
  return services.slack.publishHome(user, homeView(content, { checklist: checklist ?? false, notice }));
}

/** Logs that the checklist for admins could not be read or written. */
export function logged({ services }: HomeDeps) {
  return (error: unknown): undefined => {
    services.log.warn({ error: errorName(error) }, 'the checklist for admins could not be read or written');
  };
}

async function contentOf({ category, ...opening }: Omit<Visitor, 'notice'>, deps: HomeDeps): Promise<HomeContent> {
  const { tenant, services } = deps;
  const [channels, account] = await Promise.all([
    services.slack.channelsOf(opening.user, opening.team),
    within(ACCOUNT_WITHIN_MS, knownAccount(opening.user, deps)),
  ]);
  if (channels === 'no_scope') return NO_SCOPE;
  if (channels === 'untold') return UNTOLD;
  try {
    const home = await homeShown({ tenant, opening, channels, account, category, most: MOST_AT_HOME }, services);
    return { ...home, category, isKnown: account !== undefined };
  } catch (error) {
    const context = unclaimed({ tenant, door: 'button', operation: randomUUID(), services });
    return sentenceOf(error, 'home', context);
  }
}

/** The person's Jira account; undefined if Slack or Jira does not tell. */
async function knownAccount(user: string, { services }: HomeDeps): Promise<string | undefined> {
  const account = await accountOf(user, services);
  return account.state === 'known' ? (account.value ?? undefined) : undefined;
}
