import { failingCalls } from "../../facts/failing-calls.ts";
import { followingProbes } from "../../facts/known-replica.ts";
import { selfOf } from "../../facts/rds-facts.ts";
import { ownReplication } from "../../facts/replica-facts.ts";
import { writesRefused } from "../../facts/server-limits.ts";
import type { View } from "../../facts/view.ts";
import { postgresSettingsRows } from "../../probes/postgres/settings-rows.ts";
import { countText, duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/** A reader is meant to be read only; a writer that is makes every write of the application fail. */
export const databaseReadOnly = defineRule({
  id: "database-read-only",
  spec: ["D4", "P1", "P21"],
  category: "availability",
  title: "The writer takes no writes",
  needs: ["postgres-server", "mysql-server", "mysql-limits", "postgres-settings"],
  evaluate: (view) => [...serverDraft(view), ...settingDraft(view)].slice(0, 1),
});

function serverDraft(view: View): readonly FindingDraft[] {
  const { server } = view;
  if (server === null || server.writable) return [];
  const role = roleOf(view);
  const standby = /standby/.test(server.readOnlyBecause ?? "");
  if (role === "reader" || (role === "unknown" && (standby || isReplica(view)))) return [];
  const said = server.readOnlyBecause ?? "it says so";
  const reason =
    role === "writer" && followsNobody(view)
      ? said.replace(/^(read_only is on): a replica, or.*/, `$1${setByHand}`)
      : said;
  return [
    {
      subject: "",
      severity: "P1",
      confidence: role === "writer" ? 0.9 : 0.6,
      summary: `The database takes no writes: ${reason}${standby || follows(view) ? "; who connects here expects the writer, so after a failover a name still points to the old one" : ""}`,
      evidence: [
        { source: "server", says: reason },
        { source: "target", says: `expected role: ${role}` },
        ...refusedText(view),
      ],
      explains: failingCalls(view)
        .filter(({ statements }) => statements.every(({ query }) => writes.test(query ?? "")))
        .map(({ schema }) => ({ cause: "error-storm", subject: schema, because: "writes fail" })),
      actions: [],
    },
  ];
}

const writes = /^\s*(?:insert|update|delete|replace)\b/i;

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.MySQL.Parameters.html: {TrueIfReplica} by default. */
const setByHand =
  ", and it follows no other server: somebody set it, or a tool that keeps an old writer from writes; before it is set back (on RDS in its parameter group, where {TrueIfReplica} is the default), make sure that no other server is the writer now";

function followsNobody({ evidence }: View): boolean {
  return evidence.probes.some(
    ({ id, status, rows }) => followingProbes.includes(id) && status === "ok" && rows.length === 0,
  );
}

function roleOf(view: View): "writer" | "reader" | "unknown" {
  const self = selfOf(view);
  if (self === null) return view.evidence.target.role;
  // A replica of RDS is a writer of nothing.
  return self.role === "replica" ? "reader" : self.role;
}

/** MySQL and MariaDB: it follows another server, or is an Aurora reader, and neither is a writer that was set so. */
function follows(view: View): boolean {
  return isReplica(view) || /innodb_read_only/.test(view.server?.readOnlyBecause ?? "");
}

/** Names are kept by pools and by Java longer than the 5 s that RDS gives them. */
function refusedText(view: View): FindingDraft["evidence"] {
  const refused = writesRefused(view);
  const cure =
    "clients that look the name up again, by new connections, reach the new writer: recycle their pools";
  const counted = (count: number, secondsAgo: number): string =>
    `${countText(count, "statement")} refused as read only (1290) since the start, the last ${secondsAgo < 1 ? "just now" : `${duration(secondsAgo)} ago`}`;
  return [
    ...(refused === null
      ? []
      : [{ source: "mysql-limits", says: counted(refused.count, refused.secondsAgo) }]),
    ...(follows(view) ? [{ source: "engine", says: cure }] : []),
  ];
}

function isReplica(view: View): boolean {
  return ownReplication(view).length > 0;
}

/** Only for some: ALTER ROLE or ALTER DATABASE … SET, which the responder's own sessions need not have. */
function settingDraft(view: View): readonly FindingDraft[] {
  const setting = view
    .rows(postgresSettingsRows)
    ?.find(({ name }) => name === "default_transaction_read_only");
  const on = (setting?.overrides ?? []).filter((text) => /=(on|true|1|yes)$/i.test(text)).toSorted();
  // A role that is meant to read only, for reports, is no fault; a whole database is.
  const databases = on.filter((text) => text.startsWith("*@") && !text.startsWith("*@*"));
  if (databases.length === 0 || roleOf(view) === "reader") return [];
  const names = databases.map((text) => text.slice(2, text.indexOf("=")));
  return [
    {
      subject: "",
      severity: "P1",
      confidence: 0.8,
      summary: `New sessions on database ${names.join(", ")} are read only: ALTER DATABASE … SET default_transaction_read_only is on`,
      evidence: [{ source: postgresSettingsRows.id, says: databases.join(", ") }],
      explains: [],
      actions: [],
    },
  ];
}
