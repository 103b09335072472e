/**
 * It asks for a row or table only if nobody has it: that somebody has is its answer, which the server counts as an error.
 * SKIP LOCKED leaves such rows out and raises none.
 * https://dev.mysql.com/doc/refman/8.4/en/innodb-locking-reads.html
 * https://www.postgresql.org/docs/current/sql-select.html#SQL-FOR-UPDATE-SHARE
 */
export function asksNowait(query: string | null): boolean {
  const text = (query ?? "").replace(/'(?:[^']|'')*'/g, "''").replace(/["`][^"`]*["`]/g, "x");
  return /\b(?:for\s+(?:no\s+key\s+)?update|for\s+(?:key\s+)?share|lock\s+in\s+share\s+mode|lock\b.*\bmode)\b.*\bnowait\b|^\s*(?:lock|alter|create|drop|truncate|rename|optimize)\b.*\bnowait\b/is.test(
    text,
  );
}
