import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { Client } from 'pg';

/** The machine, the versions and the settings that decide, in a few lines. */
export async function machine(server: string): Promise<string> {
  const [cpu] = cpus();
  const client = new Client(server);
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string; setting: string }>(
      `select name, current_setting(name) as setting from pg_settings
       where name in ('server_version', 'fsync', 'synchronous_commit', 'shared_buffers')`,
    );
    const postgres = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    return [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${cpu?.model.trim() ?? ''}, ` +
        `${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start`,
      `Node ${process.versions.node}, PostgreSQL ${postgres.server_version} (fsync ${postgres.fsync}, ` +
        `synchronous_commit ${postgres.synchronous_commit}, shared_buffers ${postgres.shared_buffers})`,
    ].join('\n');
  } finally {
    await client.end();
  }
}
