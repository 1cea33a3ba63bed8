import { methods } from '../../../sandbox/slack/methods.ts';
import type { Reference } from './document.ts';
import type { Finding } from './manifest.ts';

const SPECIAL = 5;

/** Checks the scopes and tiers of the stand-in's methods against the document. */
export function checkMethods(reference: Reference): Finding[] {
  return Object.entries(methods).map(([name, { scope, tier }]) => {
    const method = reference.method(name);
    const what = `${name} of the stand-in`;
    if (method === undefined) return { what, complaints: ['the document has no such method'] };
    const complaints: string[] = [];
    const played = tier === 'special' ? SPECIAL : tier;
    if (played !== method.tier) complaints.push(`it has tier ${played}, the document ${method.tier}`);
    // Where there are several, one is for each kind of conversation, and `run` asks for it.
    const [documented, ...more] = method.scopes;
    if (more.length === 0 && scope !== documented) complaints.push(`it has scope ${scope}, the document ${documented}`);
    return { what, complaints };
  });
}
