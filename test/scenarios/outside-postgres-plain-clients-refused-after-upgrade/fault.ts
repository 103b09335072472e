import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, below, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "billing-pg";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since the upgrade to 15 the parameter group forces TLS, and the billing service, which does not use it, is refused at the door",
  world: (dice) => {
    const since = 31;
    const left = dice.number(6, 10);
    const stamp = (minutes: number) => ago(minutes).toISOString().replace("T", " ").slice(0, 19);
    const refused = Array.from({ length: 40 }, (_, index) => {
      const at = stamp(9 - index * 0.2);
      const host = `10.20.${index % 2 ? 31 : 47}.${100 + (index % 6)}`;
      return `${at} UTC:${host}(4${1000 + index * 7}):billing_app@billing:[${20_100 + index}]:FATAL:  no pg_hba.conf entry for host "${host}", user "billing_app", database "billing", no encryption`;
    });
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.12",
          DBInstanceClass: "db.m6g.large",
          DBParameterGroups: [
            { DBParameterGroupName: "default.postgres15", ParameterApplyStatus: "in-sync" },
          ],
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 120,
          connections: 88,
          cpu: 34,
          iops: 360,
        }),
        DatabaseConnections: steps(88, left, since),
        CPUUtilization: steps(34, 5, since),
        ReadIOPS: steps(144, 22, since),
        WriteIOPS: steps(216, 15, since),
        DBLoad: steps(0.7, 0.06, since),
        DBLoadCPU: steps(0.52, 0.05, since),
        DBLoadNonCPU: steps(0.16, 0.01, since),
      },
      events: [
        told(id, 33, "notification", "Finished upgrading the DB engine version from 14.17 to 15.12"),
        told(id, 34, "availability", "DB instance restarted"),
        told(id, 37, "availability", "DB instance shutdown"),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(49).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "platform-deploy",
          detail:
            "engineVersion=15.12, allowMajorVersionUpgrade=true, dBParameterGroupName=default.postgres15",
          error: null,
        },
      ],
      load: loadOf({ CPU: 0.05, "Client:ClientRead": 0.01 }, [{ sql: "SELECT 1", waits: { CPU: 0.03 } }], {
        reporting_ro: 0.05,
      }),
      logs: [
        {
          file: "error/postgresql.log.2026-11-29-18",
          kind: "error",
          lastWrittenAt: ago(1).toISOString(),
          truncated: false,
          text: [
            `${stamp(33)} UTC::@:[402]:LOG:  database system is ready to accept connections`,
            ...refused,
            `${stamp(1)} UTC::@:[410]:LOG:  checkpoint complete: wrote 112 buffers (0.0%)`,
          ].join("\n"),
        },
      ],
      alarm: below("DatabaseConnections", 20, [left, left, left], 26),
      way: "probe-failed",
    };
  },
});
