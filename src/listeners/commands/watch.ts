import { setWatching, type Watching, watchingWords } from '../../issues/watch.ts';
import { browseUrl } from '../../key.ts';
import { escapeText } from '../../slack/text.ts';
import type { Answers } from './command.ts';
import { guarded } from './guarded.ts';

/** Makes the person's own Jira account watch an issue. */
export const watch: Answers = answersTo('watch');

/** Ends that. */
export const unwatch: Answers = answersTo('unwatch');

function answersTo(watching: Watching): Answers {
  return async (rest, { command, user }, context) => {
    if (rest === '') return { text: `Add an issue key, such as \`${command} ${watching} PLAT-12\`.` };
    return guarded(watching, context, async () => {
      // The site is read first. A failure after the change would be reported as if nothing was done.
      const site = await context.services.jira.site();
      const key = await setWatching(watching, rest, user, context);
      if (typeof key !== 'string') return { text: escapeText(key.because) };
      return { text: watchingWords(watching, `<${browseUrl(site, key)}|${key}>`) };
    });
  };
}
