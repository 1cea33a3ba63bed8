import { readDatabaseUrl } from '../src/database-url.ts';
import { openTracker, type Tracker } from '../src/tracker/index.ts';

/** A tracker on the database of this URL, as Maro opens it at its start. */
export function openTrackerAt(text: string): Promise<Tracker> {
  const url = readDatabaseUrl(text);
  return openTracker({ url, directUrl: url });
}
