import {
  type EncryptedConnectionsRow,
  mysqlEncryptedConnectionsRows,
  postgresEncryptedConnectionsRows,
} from "../probes/encrypted-connections-rows.ts";
import { list, plural } from "../text/wording.ts";
import type { View } from "./view.ts";

/** Whether those who are connected now use TLS; null where it was not seen. */
export interface EncryptedClients {
  readonly source: string;
  readonly plain: number;
  readonly says: string;
}

const named = 3;

export function encryptedClients(view: View): EncryptedClients | null {
  const { id, rows } =
    view.evidence.target.engine === "postgres"
      ? { ...postgresEncryptedConnectionsRows, rows: view.rows(postgresEncryptedConnectionsRows) }
      : { ...mysqlEncryptedConnectionsRows, rows: view.rows(mysqlEncryptedConnectionsRows) };
  if (rows === null) return null;
  const plain = rows.reduce((sum, row) => sum + row.plain, 0);
  const all = plain + rows.reduce((sum, row) => sum + row.encrypted, 0);
  const who = rows.filter((row) => row.plain > 0).map(whoText);
  const more = who.length > named ? ` and ${plural(who.length - named, "other")}` : "";
  return {
    source: id,
    plain,
    says:
      plain === 0
        ? `all ${plural(all, "session")} over the network use TLS just now`
        : `${plain} of ${plural(all, "session")} over the network use no TLS: ${more === "" ? list(who) : who.slice(0, named).join(", ")}${more}`,
  };
}

function whoText({ user, application, plain }: EncryptedConnectionsRow): string {
  return `user ${user ?? "unknown"}${application === null ? "" : ` (${application})`} ${plain}`;
}
