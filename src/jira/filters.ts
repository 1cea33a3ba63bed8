import { z } from 'zod';
import { getFiltersPaginated } from './api.ts';
import type { Connection } from './connection.ts';
import { line } from './parse.ts';

const MOST_FILTERS = 50;

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-filters/#api-rest-api-3-filter-search-get */
const filtersJson = z.object({ values: z.array(z.unknown()) });
const filterJson = z.object({ name: line });

/** See `filters` in `searches.ts`. @throws {JiraTrouble} */
export async function findFilters(jira: Connection, name: string): Promise<readonly string[]> {
  const request = { filterName: name, isSubstringMatch: true, maxResults: MOST_FILTERS };
  const { status, json } = await jira.ask((client) => getFiltersPaginated(client, request));
  const parsed = status === 200 ? filtersJson.safeParse(json) : undefined;
  if (!parsed?.success) throw jira.unreadable();
  return parsed.data.values.flatMap((item) => filterJson.safeParse(item).data?.name ?? []);
}
