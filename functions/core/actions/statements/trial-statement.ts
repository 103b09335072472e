import * as z from "zod";
import { lexSql, type SqlDialect } from "../../text/lex-sql.ts";
import { namesIn } from "../../text/server-names.ts";

/** One SELECT with its values: what has parameters instead cannot be tried. Nothing after it, nothing hidden in it. */
export const trialStatementSchema = z
  .string()
  .min(8)
  .max(20_000)
  .refine(isOneSelect, "is not one SELECT with its values, without comments and without an end sign");

function isOneSelect(statement: string): boolean {
  return (["postgres", "mysql"] as const).every((dialect) => readsOnly(statement, dialect));
}

/** Words by which a SELECT does more than read: it locks, or writes. The server is asked to refuse the rest. */
const doesMore = /^(into|update|share|delete|insert|merge|truncate|drop|alter|create|call|grant|lock)$/i;
/**
 * What works outside any transaction, read only or not, as far as a name tells; PostgreSQL is asked for the others. An
 * operator by its schema may be anybody's.
 */
const worksElsewhere =
  /^(pg_(terminate|cancel)_backend|pg_sleep.*|pg_(try_)?advisory_.*|dblink.*|lo_.*|nextval|setval|set_config|get_lock|release_lock|operator|load_file|sleep|benchmark|release_all_locks|lambda_a?sync|(master|source)_(pos|gtid)_wait|wait_.*)$/i;

function readsOnly(statement: string, dialect: SqlDialect): boolean {
  if (!/^\s*(select|with)\b/i.test(statement)) return false;
  // A name whose letters are written as numbers, which its own letters do not tell.
  if (/u&"/i.test(statement)) return false;
  for (const { kind, text } of lexSql(statement, dialect)) {
    if (kind === "comment" || /^(\$\d+|\?)$/.test(text)) return false;
    if (kind !== "code") continue;
    if (text === ";" || doesMore.test(text)) return false;
    if (namesIn(text, dialect).some((name) => worksElsewhere.test(name))) return false;
  }
  return true;
}
