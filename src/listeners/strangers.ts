/** For a person who uses what an older Maro left behind, or another manifest declares. */
export const STRANGER =
  'This belongs to another version of Maro than the one that is running, so nothing was done. Ask for it anew with `/maro help`.';
