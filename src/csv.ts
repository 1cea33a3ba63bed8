/** The mark by which Excel knows that a file is UTF-8. https://www.unicode.org/faq/utf_bom.html */
const BYTE_ORDER_MARK = '\uFEFF';

/**
 * With these, spreadsheets begin a formula, also where they stand in full width.
 * https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * Rows as a file that spreadsheets open: UTF-8 with a byte order mark, and as in RFC 4180 otherwise. A cell that a spreadsheet
 * would take for a formula gets an apostrophe before it.
 * https://www.rfc-editor.org/rfc/rfc4180
 */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return `${BYTE_ORDER_MARK}${rows.map((row) => `${csvLine(row)}\r\n`).join('')}`;
}

/** A row of such a file, without the end of its line. */
export function csvLine(row: readonly string[]): string {
  return row.map(cell).join(',');
}

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
