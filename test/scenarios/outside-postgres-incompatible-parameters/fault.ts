import { calmRds } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { serverSilent } from "../support/outside/server-stopped.ts";

const id = "ledger-prod";
const group = `${id}-params`;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody wrote shared_buffers in kilobytes where blocks of 8 kB are counted, 32 GiB for 16, and rebooted: the server does not come up",
  world: (dice) => {
    const at = dice.number(13, 17);
    const failed = told(id, at - 4, "failure", "Database instance put into incompatible-parameters.");
    const by = "marek.novak";
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.6",
          DBInstanceClass: "db.m6g.xlarge",
          DBInstanceStatus: "incompatible-parameters",
          AllocatedStorage: 400,
          Iops: 12_000,
          StorageThroughput: 500,
          DBParameterGroups: [{ DBParameterGroupName: group, ParameterApplyStatus: "in-sync" }],
        }),
      ],
      metrics: serverSilent(
        withDays(
          calmRds({
            engine: "postgres",
            vcpus: 4,
            memoryGib: 16,
            freeGib: 188,
            connections: 133,
            cpu: 29,
            iops: 540,
          }),
        ),
        at,
      ),
      events: [
        failed,
        told(id, at - 0.6, "availability", "DB instance shutdown"),
        told(
          group,
          64,
          "configuration change",
          "Updated parameter shared_buffers to 4194304 with apply method pending-reboot",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(at).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "RebootDBInstance",
          by,
          detail: `dBInstanceIdentifier=${id}`,
          error: null,
        },
        {
          at: ago(64).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by,
          detail: `dBParameterGroupName=${group}, parameters=[{"parameterName":"shared_buffers","parameterValue":"4194304","applyMethod":"pending-reboot"}]`,
          error: null,
        },
      ],
      load: [],
      logs: [
        errorLog(
          [
            logged(at - 0.3, { pid: 401 }, "LOG:  received fast shutdown request"),
            logged(at - 0.3, { pid: 401 }, "LOG:  aborting any active transactions"),
            logged(at - 0.5, { pid: 418 }, "LOG:  checkpoint starting: shutdown immediate"),
            logged(at - 0.6, { pid: 401 }, "LOG:  database system is shut down"),
            ...[2.2, 2.9, 3.6].flatMap((later, index) => {
              const postmaster = { pid: 388 + index * 41 };
              return [
                logged(
                  at - later,
                  postmaster,
                  "FATAL:  could not map anonymous shared memory: Cannot allocate memory",
                ),
                logged(
                  at - later,
                  postmaster,
                  "HINT:  This error usually means that PostgreSQL's request for a shared memory segment exceeded available memory, swap space, or huge pages. To reduce the request size (currently 35293290496 bytes), reduce PostgreSQL's shared memory usage, perhaps by reducing shared_buffers or max_connections.",
                ),
                logged(at - later, postmaster, "LOG:  database system is shut down"),
              ];
            }),
          ],
          at - 3.6,
        ),
      ],
      notice: notice("RDS-EVENT-0035", failed),
      way: "refused",
    };
  },
});
