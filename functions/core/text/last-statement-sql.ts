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
