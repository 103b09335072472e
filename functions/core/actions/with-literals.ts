import type { Engine } from "../contract/target.ts";
import type { SqlStatement } from "../ports.ts";
import { sqlLiteral } from "../text/sql-literal.ts";

/** The statement with its values written in, as a person may paste it into a client. Only ever shown, never sent. */
export function withLiterals({ sql, params = [] }: SqlStatement, engine: Engine): string {
  const value = (index: number): string => sqlLiteral(params[index] ?? null, engine);
  if (engine === "postgres") return sql.replace(/\$(\d+)/g, (_, digits: string) => value(Number(digits) - 1));
  let next = 0;
  return sql.replace(/\?/g, () => value(next++));
}
