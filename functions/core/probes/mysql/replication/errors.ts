import { normaliseQuery } from "../../../text/normalise-query.ts";

/** Words before a quoted name in messages of MySQL and MariaDB; what else they quote may be the application's data. */
const naming =
  /(?:(?:key|table|column|field|database|transaction|channel|user|view|procedure|function)(?: name)?\s+|\bdefault database: |\bcan't drop )$/i;
/** Made of names; the values in it are defaults and comments. */
const schemaChange = /^(?:alter|create|drop|rename|truncate)\b/i;
const quoted = /(?<![\p{L}\p{N}'])'(?:[^'\\]|''|\\[\s\S])*(?:'|$)/gu;

/**
 * A server's error message without values of the application: statements and rows are quoted in it ("Duplicate entry
 * 'x' for key 'k'", "Query: '…'", "syntax error near '…'"). Names stay, and of a schema change all but its values: which
 * one it was is all that tells what to do.
 */
export function withoutValues(message: string): string {
  const [, before = message, query = ""] = /^([\s\S]*?\bQuery: )'([\s\S]*)$/.exec(message) ?? [];
  if (!schemaChange.test(query)) return hidden(message);
  // The last quote closes it; where there is none, the server cut it.
  return `${hidden(before)} ${normaliseQuery(query.replace(/'$/, ""), "mysql")}`;
}

function hidden(message: string): string {
  // A quoted statement has quotes of its own, which are not doubled there: nothing after it can be told apart.
  return message
    .replace(/\bError '([\s\S]*)' on query\./i, "Error: $1 on query.")
    .replace(/\bDuplicate entry '[\s\S]*?' for key/gi, "Duplicate entry '?' for key")
    .replace(/\b(Query|near|data):? '[\s\S]*$/i, "$1 '?'")
    .replace(quoted, (text, at: number, whole: string) => (naming.test(whole.slice(0, at)) ? text : "'?'"))
    .trim();
}
