import type { Query } from '../../follow.ts';
import { resolve, unreadAnswer } from '../../issues/answer.ts';
import { filterNames } from '../../issues/filter-names.ts';
import { conditionOf } from '../../jira/jql.ts';
import { parseKeys } from '../../key.ts';
import type { Context } from '../../services.ts';
import { unescaped } from '../../unescaped.ts';

/** The most UTF-16 code units of a sprint's or a filter's name. */
const LONGEST_NAME = 255;

/** The query that a person named, or what is wrong with it, as a sentence. `does` is what the command does, such as `follow`. */
export async function parseQuery(
  typed: string,
  { command, does }: { command: string; does: string },
  { services: { jira } }: Context,
): Promise<Query | { error: string }> {
  const [, first = '', rest = ''] = /^(\S*)(.*)$/s.exec(typed.trim()) ?? [];
  const kind = first.toLowerCase();
  const words = unescaped(rest).trim();
  if (kind === 'jql') {
    const parsed = conditionOf(words);
    return 'error' in parsed ? parsed : { kind, words: parsed.condition };
  }
  if (kind === 'sprint' || kind === 'filter') {
    const name = unquoted(words);
    if (name === '') {
      const missing = `Add the name of the ${kind}, such as \`${command} ${does} ${kind} ${EXAMPLES[kind]}\`.`;
      return { error: kind === 'filter' ? `${missing} ${await filterNames('', { jira })}`.trim() : missing };
    }
    if (name.length > LONGEST_NAME) return { error: `The name of a ${kind} has at most ${LONGEST_NAME} characters.` };
    return { kind, words: name };
  }
  // An epic's key says enough.
  const keys = parseKeys(kind === 'epic' ? rest : typed);
  const [key, ...others] = await resolve(keys, jira);
  if (kind !== 'epic' && (typeof key !== 'string' || others.length > 0)) {
    return {
      error: `Maro can ${does} an epic, a sprint, a filter, or JQL: \`${command} ${does} epic PLAT-7\`, \`${command} ${does} sprint Sprint 12\`, \`${command} ${does} filter Team bugs\`, \`${command} ${does} jql project = PLAT\`.`,
    };
  }
  if (key === undefined || others.length > 0)
    return { error: `Add one epic’s key, such as \`${command} ${does} epic PLAT-7\`.` };
  if (typeof key !== 'string') return { error: `${key.name}: ${key.phrase}. ${key.because ?? ''}`.trim() };
  if (!jira.allows(key)) {
    const { name, phrase, because } = unreadAnswer(key, { state: 'not allowed' });
    return { error: `${name}: ${phrase}. ${because}` };
  }
  return { kind: 'epic', words: key };
}

const EXAMPLES = { sprint: 'Sprint 12', filter: 'Team bugs' } as const;

/** A name without the quotes around it. */
function unquoted(name: string): string {
  const [, inside] = /^["“](.*)["”]$/s.exec(name) ?? [];
  return (inside ?? name).replace(/\s+/g, ' ').trim();
}
