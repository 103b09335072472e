const afterWords =
  /\b(?:table|tables|from|into|update|join|on|truncate)\s+(?:if\s+(?:not\s+)?exists\s+)?((?:[\p{L}\p{N}_$]+|"[^"]+"|`[^`]+`)(?:\s*\.\s*(?:[\p{L}\p{N}_$]+|"[^"]+"|`[^`]+`))*)/iu;

/** The first table that a statement names; null when it names none. */
export function tableIn(query: string | null): string | null {
  const name = afterWords.exec(query ?? "")?.[1];
  return name?.replaceAll(/["`]|\s/g, "") ?? null;
}

/** Whether a statement mentions a table, as a word, by its name without the schema. */
export function mentions(query: string | null, table: string): boolean {
  const words: readonly string[] = (query ?? "").toLowerCase().match(/[\p{L}\p{N}_$]+/gu) ?? [];
  return words.includes(table.toLowerCase());
}
