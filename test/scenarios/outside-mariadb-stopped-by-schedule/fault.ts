import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { until, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { ago, instanceOf, nightlyBackup, notice, told } from "../support/outside/described.ts";

const id = "warehouse-live";

export const scenario = defineOutside({
  engine: "mariadb",
  title:
    "The scheduler that stops test databases in the evening has stopped this one, in the middle of the day",
  world: (dice) => {
    const down = dice.number(12, 15);
    const calm = withDays(
      withoutInsights(
        calmRds({
          engine: "mariadb",
          vcpus: 2,
          memoryGib: 8,
          freeGib: 66,
          connections: 47,
          cpu: 22,
          iops: 180,
        }),
      ),
    );
    const shutdown = told(id, down, "availability", "DB instance shutdown");
    return {
      instances: [
        instanceOf(id, {
          Engine: "mariadb",
          EngineVersion: "10.11.9",
          DBInstanceClass: "db.t4g.large",
          DBInstanceStatus: "stopped",
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: Object.fromEntries(Object.entries(calm).map(([name, curve]) => [name, until(down, curve)])),
      events: [told(id, down - 3, "notification", "DB instance stopped"), shutdown, ...nightlyBackup(id)],
      changes: [
        {
          at: ago(down + 1).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "StopDBInstance",
          by: "instance-scheduler-lambda",
          detail: `dBInstanceIdentifier=${id}`,
          error: null,
        },
        {
          at: ago(190).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "l.haddad",
          detail: `resourceName=arn:aws:rds:eu-central-1:123456789012:db:${id}, tags=[{"key":"Schedule","value":"office-hours-test"}]`,
          error: null,
        },
      ],
      load: null,
      notice: notice("RDS-EVENT-0004", shutdown),
      way: "dropped",
    };
  },
});
