/** Why the database could not be used. Its message is a sentence for people. */
export class DatabaseTrouble extends Error {
  override name = 'DatabaseTrouble';
}

/** Nothing was sent, so nothing was changed. */
export function unreachable(cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble('Maro cannot reach its database, so nothing was changed. Try again in a minute.', {
    cause,
  });
}

/** Something was sent and no answer came, so nobody can say what was changed; repeating any operation is safe. */
export function silent(cause: unknown): DatabaseTrouble {
  return new DatabaseTrouble(
    "Maro's database did not answer in time, so this may or may not have been done. Try again in a minute: repeating it does no harm.",
    { cause },
  );
}
