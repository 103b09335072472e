import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { even, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { slotRefused } from "../support/outside/late-mysql-more.ts";
import { mariadbErrorLine, mysqlErrorLog } from "../support/outside/mysql-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "catalog-prod";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "Since the release of this morning connections are opened and not given back, eighteen more an hour, and now every slot is taken",
  world: (dice) => {
    const released = dice.number(425, 440);
    const calm = withDays(
      calmRds({ engine: "mariadb", vcpus: 2, memoryGib: 4, connections: 41, cpu: 17, iops: 210 }),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.t4g.medium",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: withoutInsights({
        ...calm,
        DatabaseConnections: even(between(released, 12, 41, 165)),
        FreeableMemory: between(released, 12, 0.86 * gib, 0.61 * gib),
        CPUCreditBalance: () => 576,
      }),
      events: nightlyBackup(id),
      changes: [
        {
          at: ago(1180).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "terraform-ci",
          detail: 'resourceName=catalog-prod, tags=[{"key":"cost-center","value":"4410"}]',
          error: null,
        },
      ],
      logs: [
        mysqlErrorLog(
          [
            mariadbErrorLine(
              311,
              48_112,
              "[Warning] Aborted connection 48112 to db: 'catalog' user: 'catalog_batch' host: '10.4.18.31' (Got an error reading communication packets)",
            ),
            mariadbErrorLine(
              96,
              49_870,
              "[Warning] Aborted connection 49870 to db: 'catalog' user: 'catalog_batch' host: '10.4.18.31' (Got an error reading communication packets)",
            ),
          ],
          96,
        ),
      ],
      alarm: above("DatabaseConnections", 158, [159, 159, 160], 29),
      way: "probe-failed",
      inPart: slotRefused,
    };
  },
});
