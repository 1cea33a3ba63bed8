import type { StatusCategory } from '../../issue.ts';

/** The words that people type for each part of a list, with the status category of that part. */
const CATEGORIES: ReadonlyMap<string, { category: StatusCategory | undefined }> = new Map([
  ['all', { category: undefined }],
  ['to do', { category: 'new' as const }],
  ['in progress', { category: 'indeterminate' as const }],
  ['done', { category: 'done' as const }],
]);

/** How a name in the table begins. Most words do not, and are not looked at further. */
const BEGINS = /^(?:all|to|in|done)/i;

/** The part of a list that `text` names, such as `in_progress`. Undefined if `text` names none. */
export function categoryNamed(text: string): { category: StatusCategory | undefined } | undefined {
  if (!BEGINS.test(text)) return undefined;
  return CATEGORIES.get(text.toLowerCase().replace(/[\s_-]+/g, ' '));
}
