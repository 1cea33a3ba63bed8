import { readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { readManifest, type Variant, variantOf } from '../../src/manifest.ts';

// Checks manifest.json and its variants against the manifest schema that Slack publishes, which the project does not carry:
// npm run check:slack -- <path to manifest.schema.2.0.0.json>

const VARIANTS: Record<string, Variant> = {
  'manifest.json': {},
  'with coded workflows': { workflows: true },
  'with dynamic options': { dynamic: true },
  'with dynamic options and coded workflows, over HTTP': {
    dynamic: true,
    workflows: true,
    url: 'https://maro.example.com',
  },
  'over HTTP': { url: 'https://maro.example.com' },
  'without functions': { noFunctions: true },
  'without functions, over HTTP': { noFunctions: true, url: 'https://maro.example.com' },
};

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error(
    'Which schema? npm run check:slack -- <path to manifest.schema.2.0.0.json of github.com/slackapi/manifest-schema>',
  );
  process.exit(2);
}
/** Types that Slack documents and that its published schema does not list. */
const UNLISTED = [
  // https://docs.slack.dev/reference/types/options_select-type
  'slack#/types/options_select',
  // https://docs.slack.dev/reference/types/options_field-type
  'slack#/types/options_field',
];
const schema = JSON.parse(await readFile(path, 'utf8'));
const types: string[] = schema.definitions['app-manifests.v1.hermes.types.type'].properties.type.enum;
types.push(...UNLISTED.filter((type) => !types.includes(type)));
const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
const manifest = await readManifest();
let failed = 0;
for (const [name, variant] of Object.entries(VARIANTS)) {
  const fits = validate(variantOf(manifest, variant));
  if (!fits) failed++;
  console.log(`${fits ? 'fits' : 'does not fit'}: ${name}`);
  for (const error of validate.errors ?? []) console.log(`  ${error.instancePath} ${error.message}`);
}
console.log(`${Object.keys(VARIANTS).length - failed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
