import type { SqlStatement } from "../../ports.ts";

/**
 * Where statements are not recorded: the command began in the second that was seen. The server counts in whole
 * seconds since, so that the difference may be one off.
 */
export const sameSecond = "ABS(CAST(UNIX_TIMESTAMP() AS SIGNED) - p.TIME - ?) <= 1";

/**
 * Weaker than a key, for where nothing else is known: a newer transaction that has become as old as the one that was
 * seen would pass. InnoDB tells its times in the operating system's time zone.
 */
export const transactionAsOld = `EXISTS (SELECT 1 FROM information_schema.INNODB_TRX o
    WHERE o.trx_mysql_thread_id = p.ID
      AND CONVERT_TZ(o.trx_started, 'SYSTEM', '+00:00') <= UTC_TIMESTAMP() - INTERVAL ? SECOND)`;

/**
 * The same in a client: the statement is made from the row, and without a row it is one that kills nobody. KILL may be
 * prepared. https://dev.mysql.com/doc/refman/8.4/en/sql-prepared-statements.html
 */
export function killByHand(kill: string, column: string, from: SqlStatement): readonly SqlStatement[] {
  return [
    {
      sql: `SET @statement = COALESCE((SELECT CONCAT('${kill} ', ${column}) ${from.sql}),
  'SELECT ''Nothing was done: the session is not what it was'' AS result')`,
      ...(from.params === undefined ? {} : { params: from.params }),
    },
    { sql: "PREPARE responder FROM @statement" },
    { sql: "EXECUTE responder" },
    { sql: "DEALLOCATE PREPARE responder" },
  ];
}
