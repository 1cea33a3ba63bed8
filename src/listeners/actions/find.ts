import { inWords } from '../../issues/answer.ts';
import { search } from '../../issues/search.ts';
import { answersMessage } from '../../messages/blocks.ts';
import { foundMessage, MOST_FOUND } from '../../messages/found.ts';
import type { Pressed, Shown } from './pressed.ts';
import { track } from './track.ts';

/** Tracks an issue that a search found, and shows the search again. The value is the key, the kind of search, and what was typed. */
export async function trackFound({ value, channel, user, context }: Pressed): Promise<Shown> {
  const [, key = '', kind = '', typed = ''] = /^(\S+) (words|jql) (.*)$/s.exec(value) ?? [];
  if (key === '') return 'nothing';
  const { tenant, services } = context;
  const result = await track(key, { channel, user, context });
  if ('error' in result) return { error: result.error };
  const asked = { kind: kind === 'jql' ? ('jql' as const) : ('words' as const), typed };
  const found = await search({ ...asked, most: MOST_FOUND }, services.jira);
  // The issue is tracked, so this answers though Jira does not search again.
  if ('because' in found) return { replace: answersMessage(result.detail) };
  const keys = found.issues.map((issue) => issue.key);
  const tracked = await services.tracker.tracked({ tenant, channel, keys });
  return { replace: foundMessage(asked, found, tracked, inWords(result.detail)) };
}
