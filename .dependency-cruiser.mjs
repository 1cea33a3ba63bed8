/** From the top. A file imports its own room and those below. */
const ROOMS = [
  ['top', '^src/(main|maro|app|manifest|webhook|doctor)\\.ts$|^src/jobs/'],
  ['listeners', '^src/listeners/'],
  ['forms', '^src/forms/'],
  ['runner', '^src/runner/'],
  ['workflows', '^workflows/'],
  ['functions', '^functions/'],
  ['boards', '^src/boards/'],
  ['messages', '^src/messages/'],
  ['issues', '^src/(issues/|doctor/|posting\\.ts$)'],
  ['contract', '^src/(function|services)\\.ts$'],
  ['tracker, ledger, jira and slack', '^src/(tracker|ledger|jira|slack)/'],
  ['database', '^src/database/'],
  [
    'bottom',
    '^src/(config|sdk|parameters|database-url|trouble|log|mend|cache|deliveries|http|issue|change|csv|digest|filter|follow|move|schedule|zone|site|key|defined|together|unescaped|within)\\.ts$',
  ],
];

const upward = ROOMS.slice(1).map(([name, path], index) => ({
  name: `${name} imports nothing above`,
  severity: 'error',
  from: { path },
  to: { path: ROOMS.slice(0, index + 1).map(([, above]) => above) },
}));

/** A package, in the one place that may import it. */
const only = (name, where) => ({
  name: `only ${where} imports ${name}`,
  severity: 'error',
  from: { pathNot: [where, '^(test|sandbox)/'] },
  to: { path: `(^|node_modules/)${name}(/|$)`, dependencyTypesNot: ['type-only'] },
});

const never = (name, from, to) => ({ name, severity: 'error', from, to });

export default {
  forbidden: [
    ...upward,
    never(
      'tracker, ledger, jira and slack do not know each other',
      { path: '^src/(tracker|ledger|jira|slack)/' },
      { path: '^src/(tracker|ledger|jira|slack)/', pathNot: '^src/$1/' },
    ),
    never('functions do not know each other', { path: '^functions/(?!index)' }, { path: '^functions/' }),
    never('every file of src is in a room', {}, { path: '^src/', pathNot: ROOMS.map(([, path]) => path) }),
    never(
      'the program does not see its tests or the sandbox',
      { path: '^(src|functions|workflows)/' },
      { path: '^(test|sandbox)/' },
    ),
    never(
      'the sandbox knows the manifest and nothing else',
      { path: '^sandbox/' },
      { path: '^(src|functions|workflows|test)/', pathNot: '^src/manifest\\.ts$' },
    ),
    never(
      'jobs, main and app are put together in one place',
      { pathNot: '^src/(main|maro)\\.ts$|^test/' },
      { path: '^src/(main|maro|app)\\.ts$|^src/jobs/', pathNot: '^src/jobs/clean\\.ts$' },
    ),
    only('@slack/bolt', '^src/(listeners/|app\\.ts$|maro\\.ts$)'),
    only('@slack/web-api', '^src/(slack/|log\\.ts$)'),
    only('postgres', '^src/database/connection\\.ts$'),
    only('@slack/deno-slack-sdk', '^src/sdk\\.ts$'),
    only('jira\\.js', '^src/jira/api\\.ts$'),
    only('graphile-worker', '^src/(database/migrate\\.ts$|jobs/)'),
    never('nobody imports pg', { pathNot: '^test/' }, { path: 'node_modules/(pg|sql-template-tag)/' }),
    never(
      'production needs nothing that is for development',
      { path: '^(src|functions|workflows)/' },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),
    // Rooms are in an order, so they cannot be in a circle.
    never('no circle of files', { path: '^(src|functions|workflows)/' }, { circular: true }),
  ],
  options: { parser: 'swc', doNotFollow: { path: 'node_modules' } },
};
