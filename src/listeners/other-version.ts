/** The answer to a person who uses a button, form, or shortcut of an older version or of another manifest. */
export const OTHER_VERSION =
  'This is from another version of Maro, so nothing was done. Type `/maro help` to start over.';
