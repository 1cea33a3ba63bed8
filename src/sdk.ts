import type * as Sdk from '@slack/deno-slack-sdk';

/**
 * The part of `@slack/deno-slack-sdk` that defines functions and workflows. The package's own entry also loads a shim of Deno, an API
 * client, and test tools: 360 more files, which took a quarter of Maro's start and 20 MB.
 */
const entry = import.meta.resolve('@slack/deno-slack-sdk');
const [functions, workflows, schema] = await Promise.all([
  part<Pick<typeof Sdk, 'DefineFunction'>>('functions/definitions/slack-function.js'),
  part<Pick<typeof Sdk, 'DefineWorkflow'>>('workflows/mod.js'),
  part<{ default: typeof Sdk.Schema }>('schema/mod.js'),
]);

export const { DefineFunction } = functions;
export const { DefineWorkflow } = workflows;
export const Schema = schema.default;

/** A file of the package. Its address, because the package exports its entry only. */
function part<T>(path: string): Promise<T> {
  return import(new URL(path, entry).href);
}
