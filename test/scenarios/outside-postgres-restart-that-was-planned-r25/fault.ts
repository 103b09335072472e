import { calmRds } from "../support/outside/calm.ts";
import { during, gapped, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, loadOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "crm-pg";
const group = `${id}-params`;
const server = { pid: 377 };

export const scenario = defineOutside({
  engine: "postgres",
  title: "Nothing is wrong: somebody rebooted it to load auto_explain, half an hour ago, and all are back",
  world: (dice) => {
    const at = dice.number(34, 37);
    const restarted = told(id, at - 0.6, "availability", "DB instance restarted");
    const shut = ago(at).toISOString().slice(0, 19).replace("T", " ");
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.large",
          DBName: "crm",
          MultiAZ: false,
        }),
      ],
      metrics: gapped(
        {
          ...withDays(
            calmRds({
              engine: "postgres",
              vcpus: 2,
              memoryGib: 8,
              connections: 71,
              cpu: 24,
              iops: 260,
              freeGib: 118,
            }),
          ),
          ReadIOPS: during(at - 1, at - 9, 240, 104),
        },
        at,
        at - 1,
      ),
      events: [
        restarted,
        told(id, at, "availability", "DB instance shutdown"),
        told(
          group,
          at + 96,
          "configuration change",
          "Updated parameter shared_preload_libraries to pg_stat_statements,auto_explain with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      load: loadOf(
        { CPU: 0.37, "IO:DataFileRead": 0.06 },
        [
          {
            sql: "SELECT * FROM contacts WHERE account_id = $1 ORDER BY name LIMIT $2",
            waits: { CPU: 0.16 },
          },
          {
            sql: "INSERT INTO activities (contact_id, kind, note, at) VALUES ($1, $2, $3, $4)",
            waits: { CPU: 0.07 },
          },
        ],
        { crm_web: 0.41 },
      ),
      logs: [
        errorLog(
          [
            logged(at, server, "LOG:  received fast shutdown request"),
            logged(at, server, "LOG:  aborting any active transactions"),
            ...[1, 2, 3].map((index) =>
              logged(
                at,
                {
                  host: `10.4.18.23(${50_300 + index * 5})`,
                  user: "crm_web",
                  database: "crm",
                  pid: 6100 + index,
                },
                "FATAL:  terminating connection due to administrator command",
              ),
            ),
            logged(at - 0.1, { pid: 381 }, "LOG:  shutting down"),
            logged(at - 0.15, server, "LOG:  database system is shut down"),
            logged(
              at - 0.5,
              { pid: 371 },
              "LOG:  starting PostgreSQL 16.6 on aarch64-unknown-linux-gnu, compiled by gcc (GCC) 7.3.1 20180712 (Red Hat 7.3.1-17), 64-bit",
            ),
            logged(at - 0.55, { pid: 380 }, `LOG:  database system was shut down at ${shut} UTC`),
            logged(at - 0.6, { pid: 371 }, "LOG:  database system is ready to accept connections"),
          ],
          at - 0.6,
        ),
      ],
      changes: [
        {
          at: ago(at).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by: "h.berger",
          detail: `dBInstanceIdentifier=${id}, forceFailover=false`,
          error: null,
        },
        {
          at: ago(at + 96).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "h.berger",
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"shared_preload_libraries","parameterValue":"pg_stat_statements,auto_explain","applyMethod":"pending-reboot"}]`,
          error: null,
        },
      ],
      notice: notice("RDS-EVENT-0006", restarted),
      way: "probe-failed",
    };
  },
});
