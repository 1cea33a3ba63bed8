/** The answer to a person who uses a button, form, or shortcut of an older version or of another manifest. */
export const OTHER_VERSION =
  'This belongs to another version of Maro than the one that is running, so nothing was done. Ask for it anew with `/maro help`.';
