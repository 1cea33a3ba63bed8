import { Ajv } from 'ajv';
import type { Manifest } from '../../../sandbox/slack/index.ts';
import { type Variant, variantOf } from '../../../src/manifest.ts';
import type { Reference } from './document.ts';

/** A thing that was checked, and what is wrong with it. */
export type Finding = { what: string; complaints: string[] };

const VARIANTS: Record<string, Variant> = {
  'manifest.json': {},
  'manifest.json with coded workflows': { workflows: true },
  'manifest.json with dynamic options': { dynamic: true },
  'manifest.json with dynamic options and coded workflows, over HTTP': {
    dynamic: true,
    workflows: true,
    url: 'https://maro.example.com',
  },
  'manifest.json over HTTP': { url: 'https://maro.example.com' },
  'manifest.json without functions': { noFunctions: true },
  'manifest.json without functions, over HTTP': { noFunctions: true, url: 'https://maro.example.com' },
};

/** Types that Slack documents and that its published schema does not list. */
const UNLISTED = [
  // https://docs.slack.dev/reference/types/options_select-type
  'slack#/types/options_select',
  // https://docs.slack.dev/reference/types/options_field-type
  'slack#/types/options_field',
];

/** Scopes of a method or an event that Maro does not need: one for each kind of conversation that Maro does not ask for. */
const NOT_ASKED_FOR: Readonly<Record<string, readonly string[]>> = {
  'conversations.info': ['im:read', 'mpim:read'],
  'users.conversations': ['im:read', 'mpim:read'],
  // Maro does not post by itself in group direct messages.
  member_joined_channel: ['mpim:read'],
};

/** Scopes for a part of a method's answer, which the document does not have. */
const FOR_A_FIELD: Readonly<Record<string, readonly string[]>> = {
  // https://docs.slack.dev/reference/scopes/users.read.email: the email address in a profile.
  'users.info': ['users:read.email'],
};

type ManifestSchema = {
  definitions: { 'app-manifests.v1.hermes.types.type': { properties: { type: { enum: string[] } } } };
};

/** Checks manifest.json and its variants against Slack's schema. */
export function checkVariants(schema: ManifestSchema, manifest: Parameters<typeof variantOf>[0]): Finding[] {
  const { type } = schema.definitions['app-manifests.v1.hermes.types.type'].properties;
  type.enum.push(...UNLISTED.filter((each) => !type.enum.includes(each)));
  const validate = new Ajv({ strict: false, allErrors: true, logger: false }).compile(schema);
  return Object.entries(VARIANTS).map(([what, variant]) => {
    validate(variantOf(manifest, variant));
    return {
      what,
      complaints: (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`),
    };
  });
}

/** Checks that the scopes of manifest.json are those that Maro's calls, its events, and its commands need. */
export function checkScopes(manifest: Manifest, methods: readonly string[], reference: Reference): Finding[] {
  const given = manifest.oauth_config?.scopes?.bot ?? [];
  const needed = new Map<string, string>();
  const findings: Finding[] = [];
  const need = (what: string, scopes: readonly string[] | undefined) => {
    for (const scope of scopes ?? []) needed.set(scope, what);
    const missing = (scopes ?? []).filter((scope) => !given.includes(scope));
    const complaints = missing.map((scope) => `manifest.json lacks the scope ${scope}`);
    findings.push({ what, complaints: scopes === undefined ? ['the document has no such event'] : complaints });
  };
  for (const name of methods) {
    const scopes = reference.method(name)?.scopes ?? [];
    const asked = scopes.filter((scope) => !NOT_ASKED_FOR[name]?.includes(scope));
    need(`the scopes of ${name}`, [...asked, ...(FOR_A_FIELD[name] ?? [])]);
  }
  for (const event of manifest.settings?.event_subscriptions?.bot_events ?? []) {
    need(
      `the event ${event}`,
      reference.event(event)?.filter((scope) => !NOT_ASKED_FOR[event]?.includes(scope)),
    );
  }
  // https://docs.slack.dev/reference/scopes/commands: for slash commands and shortcuts.
  const { slash_commands = [], shortcuts = [] } = manifest.features ?? {};
  if (slash_commands.length + shortcuts.length > 0) need('slash commands and shortcuts', ['commands']);
  const idle = given.filter((scope) => !needed.has(scope));
  findings.push({
    what: 'each scope of manifest.json is needed',
    complaints: idle.map((scope) => `nothing needs ${scope}`),
  });
  return findings;
}
