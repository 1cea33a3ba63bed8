import { migrate } from '../src/database/migrate.ts';
import { type Database, openDatabase } from '../src/database/pool.ts';
import { readDatabaseUrl } from '../src/database-url.ts';
import { createTracker, type Tracker } from '../src/tracker/index.ts';
import { cleanup } from './cleanup.ts';

/** The database of this URL as Maro opens it at its start, closed afterwards. */
export async function openDatabaseAt(text: string): Promise<Database> {
  const url = readDatabaseUrl(text);
  await migrate(url);
  const database = openDatabase(url);
  cleanup(() => database.close());
  return database;
}

/** A tracker on the database of this URL, with connections of its own. */
export async function openTrackerAt(text: string): Promise<Tracker & Pick<Database, 'close'>> {
  const database = await openDatabaseAt(text);
  return { ...createTracker(database), close: database.close };
}
