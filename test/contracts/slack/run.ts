import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Runs the tests and the tour, and has the stand-in record what it is asked and what it answers. */
export async function recordAll(folder: string): Promise<void> {
  await run(['run', '--silent', 'test'], { SLACK_RECORDS: folder });
  await run(['run', '--silent', 'sandbox', '--', '--tour'], { SLACK_RECORDS: folder, SLACK_RECORDS_FILE: 'tour' });
}

/** @throws {Error} if the program fails, since its records are then not whole. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const program = spawn('npm', args, { stdio: 'inherit', env: { ...process.env, ...env } });
  const [code] = await once(program, 'close');
  if (code !== 0) throw new Error(`npm ${args.join(' ')} failed, so there is nothing to judge.`);
}
