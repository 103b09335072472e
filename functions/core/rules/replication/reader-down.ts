import type { Member } from "../../contract/topology.ts";
import { troubleOf } from "../../facts/instance-status.ts";
import { fromOutside, isStillThere, othersOf, selfOf } from "../../facts/rds-facts.ts";
import type { View } from "../../facts/view.ts";
import { mysqlReplicationAuroraRows } from "../../probes/mysql/replication/aurora-rows.ts";
import { postgresReplicationAuroraRows } from "../../probes/postgres/replication-aurora-rows.ts";
import { addReader } from "../../remedies/aws/reader-remedies.ts";
import { duration } from "../../text/wording.ts";
import { defineRule, type FindingDraft } from "../define.ts";

/**
 * Statuses in which an instance answers nobody. `storage-optimization`, `backing-up`, `modifying` and the like serve.
 * https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/accessing-monitoring.html
 */
const down =
  /^(failed|stopped|stopping|starting|rebooting|storage-full|inaccessible-encryption-credentials.*|incompatible-.*|insufficient-capacity|restore-error|upgrade[-_]failed)$/;
/** Somebody wanted it so, and it comes back by itself or by them. */
const wanted = /^(stopped|stopping|starting|rebooting)$/;

export const readerDown = defineRule({
  id: "reader-down",
  spec: ["D4", "M2"],
  category: "replication",
  title: "A reader is down",
  needs: ["DescribeDBInstances", "postgres-replication-aurora", "mysql-replication-aurora"],
  evaluate: (view) => {
    const described = readersOf(view).filter(({ status }) => down.test(status ?? ""));
    const known = new Set(described.map(({ id }) => id));
    return [
      ...described.map((reader) => describedDraft(view, reader)),
      ...silentDrafts(view).filter(({ subject }) => !known.has(subject)),
    ];
  },
});

function readersOf(view: View): readonly Member[] {
  const self = selfOf(view);
  const all = [...(self === null ? [] : [self]), ...othersOf(view)];
  // The database itself is judged by whether it can be reached.
  return all.filter(({ role, id }) => role !== "writer" && role !== "unknown" && id !== self?.id);
}

function describedDraft(view: View, { id, status }: Member): FindingDraft {
  const says = troubleOf(status)?.says;
  const left = readersOf(view).filter((reader) => !down.test(reader.status ?? "")).length;
  const serves = troubleOf(status)?.down === false;
  const alone = serves
    ? "it may go on serving, and can be neither changed nor restarted"
    : left === 0
      ? "no reader is left, its work falls on the writer"
      : `${left} other readers serve`;
  return {
    subject: id,
    severity: wanted.test(status ?? "") ? "P3" : "P2",
    confidence: fromOutside(view, 0.9),
    summary: `Reader ${id} is ${status ?? "in an unknown state"}: ${says === undefined ? "" : `${says}; `}${alone}`,
    evidence: [{ source: "DescribeDBInstances", says: `${id}: ${status ?? "no status"}` }],
    explains: [
      { cause: "replication-stopped", subject: id, because: "it is down" },
      { cause: "replication-lag", subject: id, because: "it is down" },
    ],
    actions: serves || wanted.test(status ?? "") ? [] : addReader(view),
  };
}

/** An Aurora instance reports several times a second; one that has not for so long is gone. */
const silentSeconds = 30;

function silentDrafts(view: View): readonly FindingDraft[] {
  const mysql = (view.rows(mysqlReplicationAuroraRows) ?? []).filter(
    ({ writer, current }) => !writer && !current,
  );
  const postgres = (view.rows(postgresReplicationAuroraRows) ?? []).filter(
    ({ writer, lastUpdateSeconds }) => !writer && (lastUpdateSeconds ?? 0) >= silentSeconds,
  );
  return [...mysql, ...postgres]
    .filter(({ server }) => isStillThere(view, server))
    .map(({ server, lastUpdateSeconds }) => ({
      subject: server,
      severity: "P2",
      confidence: 0.7,
      summary: `Reader ${server} has not reported for ${duration(lastUpdateSeconds)}: it is down or cut off`,
      evidence: [{ source: "aurora_replica_status", says: `last update ${duration(lastUpdateSeconds)} ago` }],
      explains: [{ cause: "replication-lag", subject: server, because: "it does not report" }],
      actions: [],
    }));
}
