import type { Acts, Refused } from '../protocol.ts';
import { refuse } from './store.ts';

/**
 * Does something in the sandbox. What is refused shows as a toast.
 * @returns what came of it, or undefined when it was refused.
 */
export async function act<Name extends keyof Acts>(
  name: Name,
  args: Parameters<Acts[Name]>[0],
): Promise<{ result: ReturnType<Acts[Name]> } | undefined> {
  const outcome = await send(name, args);
  if ('refused' in outcome) {
    refuse(outcome.refused);
    return undefined;
  }
  return outcome as { result: ReturnType<Acts[Name]> };
}

async function send(name: string, args: object): Promise<{ result: unknown } | { refused: Refused }> {
  try {
    const response = await fetch(`/acts/${name}`, { method: 'POST', body: JSON.stringify(args) });
    return await response.json();
  } catch {
    const why = 'The sandbox does not answer. Look at the terminal in which it was started, and reload this page.';
    return { refused: { error: 'no_sandbox', why } };
  }
}
