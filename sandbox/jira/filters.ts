import { type Answer, errorCollection, json } from './answer.ts';
import { numberIn } from './body.ts';
import { type Call, notPlayed, type Site } from './endpoint.ts';

/** REST API v3, "Search for filters": 50 a page. */
const pageByDefault = 50;
const largestPage = 100;
const expandable = ['jql'];

/** GET filter/search: those that are shared with Maro's account, by name. */
export function searchFilters(call: Call, { rest, filters, seesIssues, mostAPage }: Site): Answer {
  const { query } = call;
  const unplayed = [...query.keys()].find(
    (name) => !['filterName', 'isSubstringMatch', 'expand', 'startAt', 'maxResults', 'orderBy'].includes(name),
  );
  if (unplayed !== undefined) return notPlayed(unplayed);
  const expand = (query.get('expand') ?? '').split(',').filter((name) => name !== '');
  const wrong = expand.find((name) => !expandable.includes(name));
  if (wrong !== undefined) return errorCollection(400, `The value '${wrong}' of expand is invalid.`);
  if ((query.get('orderBy') ?? 'name') !== 'name') return notPlayed('orderBy');

  const wanted = (query.get('filterName') ?? '').toLowerCase();
  const words = wanted.split(/\s+/).filter((word) => word !== '');
  const fits = (name: string) =>
    query.get('isSubstringMatch') === 'true'
      ? name.includes(wanted)
      : words.every((word) => name.split(/\s+/).includes(word));
  const found = filters
    .filter(({ name }) => seesIssues && fits(name.toLowerCase()))
    .toSorted((a, b) => a.name.localeCompare(b.name));
  const startAt = numberIn(query, 'startAt', 0);
  const maxResults = Math.min(numberIn(query, 'maxResults', pageByDefault, 1), largestPage, mostAPage);
  const end = startAt + maxResults;
  return json(200, {
    self: `${rest}/filter/search?${query}`,
    maxResults,
    startAt,
    total: found.length,
    isLast: end >= found.length,
    values: found.slice(startAt, end).map(({ id, name, jql }) => ({
      expand: expandable.join(),
      self: `${rest}/filter/${id}`,
      id,
      name,
      ...(expand.includes('jql') && { jql }),
    })),
  });
}
