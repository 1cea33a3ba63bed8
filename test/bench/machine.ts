import { cpus, loadavg, release, totalmem, type } from 'node:os';
import postgres from 'postgres';

/** The machine, the versions and the settings that decide, in a few lines. */
export async function machine(server: string): Promise<string> {
  const [cpu] = cpus();
  const sql = postgres(server, { max: 1 });
  try {
    const rows = await sql<{ name: string; setting: string }[]>`
      select name, current_setting(name) as setting from pg_settings
      where name in ('server_version', 'fsync', 'synchronous_commit', 'shared_buffers')`;
    const settings = Object.fromEntries(rows.map(({ name, setting }) => [name, setting]));
    return [
      `${new Date().toISOString().slice(0, 10)}, ${cpus().length} cores ${cpu?.model.trim() ?? ''}, ` +
        `${Math.round(totalmem() / 2 ** 30)} GiB, ${type()} ${release()}, load ${(loadavg()[0] ?? 0).toFixed(1)} at the start`,
      `Node ${process.versions.node}, PostgreSQL ${settings.server_version} (fsync ${settings.fsync}, ` +
        `synchronous_commit ${settings.synchronous_commit}, shared_buffers ${settings.shared_buffers})`,
    ].join('\n');
  } finally {
    await sql.end();
  }
}
