/**
 * MySQL: seconds since the last statement of session `p` ended, 0 while it runs one, null where none is recorded. Its
 * list counts a sleep from when the statement before it began. Who asks runs a statement, whose timer is the latest;
 * timers count picoseconds. https://dev.mysql.com/doc/refman/8.4/en/performance-schema-events-statements-current-table.html
 */
export const sinceLastStatement = [
  "(SELECT MAX(IF(s.END_EVENT_ID IS NULL, 0,",
  "CAST((SELECT MAX(c.TIMER_END) FROM performance_schema.events_statements_current c) AS SIGNED)",
  "- CAST(s.TIMER_END AS SIGNED))) / 1000000000000",
  "FROM performance_schema.events_statements_current s",
  "JOIN performance_schema.threads h ON h.THREAD_ID = s.THREAD_ID",
  "WHERE h.PROCESSLIST_ID = p.ID AND s.NESTING_EVENT_LEVEL = 0)",
].join(" ");

/**
 * MySQL: the last statement of session `p` is recorded, whole, and takes no lease. Texts end at
 * performance_schema_max_sql_text_length, 1024 bytes by default. MariaDB records none by default.
 */
export const leasesNothing = [
  "EXISTS (SELECT 1 FROM performance_schema.events_statements_current l",
  "JOIN performance_schema.threads k ON k.THREAD_ID = l.THREAD_ID",
  "WHERE k.PROCESSLIST_ID = p.ID AND l.NESTING_EVENT_LEVEL = 0",
  "AND LENGTH(l.SQL_TEXT) < @@performance_schema_max_sql_text_length - 4 AND l.SQL_TEXT NOT REGEXP 'skip[[:space:]]+locked|nowait')",
].join(" ");
