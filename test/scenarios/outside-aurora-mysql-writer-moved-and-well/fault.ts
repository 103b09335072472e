import { calmAurora } from "../support/outside/calm.ts";
import { byHour, type Curve, even, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, clusterOf, instanceOf, loadOf, told } from "../support/outside/described.ts";

const id = "media-b";
const before = "media-a";
const moved = 38;
const gib = 1024 ** 3;
const described = {
  Engine: "aurora-mysql",
  EngineVersion: "8.0.mysql_aurora.3.08.2",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "media",
};

export const scenario = defineOutside({
  engine: "mysql",
  title:
    "The writer was moved by hand 38 minutes ago: the new one does what the old one did, has it in memory, and its alarm is OK again",
  world: (dice) => {
    const cpu = dice.number(38, 41);
    /** A reader's day until it moved, then a peak that passes in a quarter of an hour, then what the writer does every day. */
    const becomes =
      (asReader: number, peak: number, asWriter: number): Curve =>
      (past) => {
        if (past > moved) return byHour(asReader)(past);
        const level = byHour(asWriter)(past) ?? asWriter;
        return past < moved - 15 ? level : level + ((peak - level) * (past - (moved - 15))) / 15;
      };
    return {
      instances: [instanceOf(id, described), instanceOf(before, described)],
      cluster: clusterOf("media", [id, before], {
        Engine: "aurora-mysql",
        EngineVersion: "8.0.mysql_aurora.3.08.2",
      }),
      metrics: {
        ...withDays(
          calmAurora({ engine: "mysql", vcpus: 4, memoryGib: 32, connections: 174, cpu, iops: 610 }),
        ),
        CPUUtilization: becomes(12, 74, cpu),
        DatabaseConnections: becomes(36, 150, 174),
        Queries: becomes(310, 1500, 1900),
        CommitThroughput: becomes(0, 190, 210),
        DMLLatency: becomes(0, 2.1, 1.4),
        ReadIOPS: becomes(90, 2100, 260),
        WriteIOPS: becomes(0, 380, 360),
        WriteThroughput: becomes(0, 7.9e6, 7.6e6),
        NetworkReceiveThroughput: becomes(0.3e6, 1.5e6, 1.6e6),
        NetworkTransmitThroughput: becomes(1.1e6, 5.2e6, 5.4e6),
        DBLoad: even(becomes(0.6, 6.2, 1.6)),
        DBLoadCPU: even(becomes(0.5, 2.9, 1.2)),
        DBLoadNonCPU: even(becomes(0.1, 3.3, 0.4)),
        FreeableMemory: (past) => (past > moved ? 9.1 : 7.2) * gib,
        BufferCacheHitRatio: (past) =>
          past > moved || past < moved - 15 ? 99.8 : 99.8 - (past - (moved - 15)) * 0.3,
        EngineUptime: (past) => (past > moved ? 41 * 86_400 - past * 60 : (moved - past) * 60),
        [`${before}/CPUUtilization`]: (past) => (past > moved ? byHour(cpu)(past) : 12),
        [`${before}/DatabaseConnections`]: (past) => (past > moved ? byHour(172)(past) : 37),
        [`${before}/FreeableMemory`]: () => 8.8 * gib,
        [`${before}/DBLoad`]: (past) => (past > moved ? byHour(1.6)(past) : 0.6),
        [`${before}/AuroraReplicaLag`]: (past) => (past > moved ? null : 18),
      },
      events: [
        told("media", moved - 0.6, "failover", "Completed failover to DB instance: media-b", "cluster"),
        told("media", moved, "failover", "Started cross AZ failover to DB instance: media-b", "cluster"),
        told(before, moved - 0.5, "availability", "DB instance restarted"),
        told(id, moved - 0.4, "availability", "DB instance restarted"),
      ],
      changes: [
        {
          at: ago(moved + 0.2).toISOString(),
          source: "cloudtrail",
          subject: "media",
          what: "FailoverDBCluster",
          by: "k.lindqvist",
          detail: "targetDBInstanceIdentifier=media-b",
          error: null,
        },
      ],
      load: loadOf(
        { CPU: 1.2, "io/aurora_redo_log_flush": 0.2, "wait/io/table/sql/handler": 0.2 },
        [
          {
            sql: "SELECT * FROM `assets` WHERE `library_id` = ? AND `deleted_at` IS NULL ORDER BY `created_at` DESC LIMIT ?",
            waits: { CPU: 0.5, "wait/io/table/sql/handler": 0.1 },
          },
          {
            sql: "UPDATE `assets` SET `views` = `views` + ? WHERE `id` = ?",
            waits: { CPU: 0.2, "io/aurora_redo_log_flush": 0.1 },
          },
        ],
        { media_web: 1.3, media_jobs: 0.3 },
      ),
      alarm: { ...above("CPUUtilization", 70, [73.8, 74.6, 72.9], moved - 4), state: "OK" },
      way: "probe-failed",
    };
  },
});
