import type { HeldLock } from "../../../contract/locks.ts";

export interface InnodbObject {
  readonly table: string;
  /** Null for a lock of the whole table. */
  readonly record: { readonly index: string; readonly page: string; readonly heap: string } | null;
}

/**
 * By page and heap number, and not by its key's values: those are the application's data, and reading them makes
 * InnoDB look for the page.
 */
export function innodbObjectName({ table, record }: InnodbObject): {
  object: string;
  objectKind: HeldLock["objectKind"];
} {
  if (record === null) return { object: table, objectKind: "table" };
  const { index, page, heap } = record;
  // Heap 1 is the page's supremum: a lock on it is one on the gap behind the last row.
  const place = heap === "1" ? `end of page ${page}` : `row ${heap} on page ${page}`;
  return { object: `${place} of ${table} (${index})`, objectKind: "row" };
}
