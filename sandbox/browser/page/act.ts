import type { Acts, Refused } from '../protocol.ts';
import { forget, refuse } from './store.ts';

/**
 * Does something in the sandbox. A refusal shows as a toast, in place of the toasts of earlier tries.
 * @returns the result, or undefined when it was refused.
 */
export async function act<Name extends keyof Acts>(
  name: Name,
  args: Parameters<Acts[Name]>[0],
): Promise<{ result: ReturnType<Acts[Name]> } | undefined> {
  forget(name);
  const outcome = await send(name, args);
  if ('refused' in outcome) {
    refuse(outcome.refused, name);
    return undefined;
  }
  return outcome as { result: ReturnType<Acts[Name]> };
}

async function send(name: string, args: object): Promise<{ result: unknown } | { refused: Refused }> {
  try {
    const response = await fetch(`/acts/${name}`, { method: 'POST', body: JSON.stringify(args) });
    return await response.json();
  } catch {
    const why = 'The sandbox is not responding. Check the terminal you started it in, then reload this page.';
    return { refused: { why } };
  }
}
