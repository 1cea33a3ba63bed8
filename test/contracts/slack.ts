import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Manifest } from '../../sandbox/slack/index.ts';
import { readManifest } from '../../src/manifest.ts';
import { coverageOf } from './slack/coverage.ts';
import { type RawDocument, referenceOf } from './slack/document.ts';
import { complaintsOf } from './slack/judge.ts';
import { checkScopes, checkVariants, type Finding } from './slack/manifest.ts';
import { isMaros, readRecords } from './slack/records.ts';
import { recordAll } from './slack/run.ts';
import { checkMethods } from './slack/stand-in.ts';

// Holds manifest.json, every call of Maro's, and every answer of the Slack stand-in to Slack's own reference.

const [folder, given] = process.argv.slice(2);
if (folder === undefined) {
  console.error(
    [
      'Usage: npm run check:slack -- <folder> [<records>]',
      'The folder has Slack’s reference: slack-web-api.json and slack-manifest.schema.2.0.0.json. The records are what',
      '"SLACK_RECORDS=<records> npm test" wrote. Without records, the tests and the tour run now.',
    ].join('\n'),
  );
  process.exit(2);
}
const read = async (name: string): Promise<unknown> => JSON.parse(await readFile(join(folder, name), 'utf8'));
const [schema, document] = await Promise.all([read('slack-manifest.schema.2.0.0.json'), read('slack-web-api.json')]);
const reference = referenceOf(document as RawDocument);
const manifest = await readManifest();
const records = given ?? (await mkdtemp(join(tmpdir(), 'slack-records-')));
if (given === undefined) await recordAll(records);

const results = { passed: 0, failed: 0 };
for (const finding of checkVariants(schema as Parameters<typeof checkVariants>[0], manifest)) tell(finding);
for (const finding of checkMethods(reference)) tell(finding);

const calls = await readRecords(records);
const wrong = calls.flatMap((call) => {
  const what = `${call.method} in ${call.file}: ${JSON.stringify(call.args)} got ${JSON.stringify(call.answer)}`;
  const complaints = complaintsOf(call, reference);
  return complaints.length > 0 ? [{ what, complaints }] : [];
});
for (const finding of wrong) tell(finding);
const maros = calls.filter(isMaros);
tell({
  what: `${maros.length} different calls of Maro and ${calls.length} different answers of the stand-in`,
  complaints: maros.length === 0 ? [`${records} has no records of a test`] : [],
});
for (const finding of checkScopes(manifest as Manifest, [...new Set(maros.map(({ method }) => method))], reference)) {
  tell(finding);
}
const { lines, findings } = coverageOf(maros, reference);
console.log(lines.join('\n'));
for (const finding of findings) tell(finding);
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed > 0 ? 1 : 0;

function tell({ what, complaints }: Finding): void {
  results[complaints.length > 0 ? 'failed' : 'passed'] += 1;
  console.log(`${complaints.length > 0 ? 'FAILED' : 'passed'} ${what}`);
  for (const complaint of complaints) console.log(`       ${complaint}`);
}
