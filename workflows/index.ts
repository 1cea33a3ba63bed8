import type { DefineWorkflow } from '@slack/deno-slack-sdk';

/** Chains of Maro's functions. There are none yet: each function works alone as a step in Workflow Builder. */
export const workflows: ReturnType<typeof DefineWorkflow>[] = [];
