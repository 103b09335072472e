import type { View } from "../facts/view.ts";

/**
 * Who has to run it. A master user of RDS is no superuser: DDL takes the owner of the table, on every version.
 * https://www.postgresql.org/docs/current/ddl-priv.html
 */
export function asOwner(owner: string | null): string {
  return owner === null ? "run it as the table's owner" : `run it as ${owner}, the table's owner`;
}

/** PostgreSQL's major version; null when it was not seen. */
export function majorOf({ server }: View): number | null {
  const major = Number.parseInt(server?.version ?? "", 10);
  return Number.isNaN(major) ? null : major;
}

/**
 * Who may VACUUM and ANALYZE, and what anybody else gets: a warning, success, and nothing done. MAINTAIN came with 17.
 * https://www.postgresql.org/docs/17/sql-vacuum.html, https://www.postgresql.org/docs/16/sql-vacuum.html
 */
export function asMaintainer(
  view: View,
  owner: string | null,
): { readonly who: string; readonly else: string } {
  const major = majorOf(view);
  const role = owner === null ? "the table's owner" : `${owner}, the table's owner`;
  const maintain = major !== null && major >= 17 ? ", or with pg_maintain" : "";
  return {
    who: `run it as ${role}, as the owner of the database${maintain}`,
    else: "Anybody else gets a warning that it is being skipped, and nothing is done.",
  };
}
