import { calmRds, withoutInsights } from "../support/outside/calm.ts";
import { withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, nightlyBackup } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";
import { between } from "../support/outside/recurring.ts";

const gib = 1024 ** 3;
const id = "billing-prod";
const deployed = 168;
const full = 14;

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since a deployment the workers that write invoices open a connection for each job and give none back; after two and a half hours every slot is taken, and the rest is refused",
  world: (dice) => {
    const most = dice.number(822, 828);
    const worker = (minutes: number, port: number, says: string) =>
      logged(
        minutes,
        {
          host: `10.4.33.9(${port})`,
          user: "invoice_worker",
          database: "billing",
          pid: 21_000 + port - 40_000,
        },
        says,
      );
    const web = (minutes: number, port: number, says: string) =>
      logged(
        minutes,
        {
          host: `10.4.18.23(${port})`,
          user: "billing_web",
          database: "billing",
          pid: 21_000 + port - 40_000,
        },
        says,
      );
    const authorized = (user: string, application: string) =>
      `LOG:  connection authorized: user=${user} database=billing application_name=${application} SSL enabled (protocol=TLSv1.3, cipher=TLS_AES_256_GCM_SHA384, bits=256)`;
    const refused =
      "FATAL:  remaining connection slots are reserved for non-replication superuser and rds_superuser connections";
    // Four a minute of the workers, and none of them ends; the web's pool renews one in three minutes and ends the old one.
    const growing = Array.from({ length: 22 }, (_, index) => {
      const at = full + 5.6 - index * 0.25;
      const lines = [worker(at, 40_300 + index * 14, authorized("invoice_worker", "invoice-worker"))];
      if (index % 9 === 4) {
        lines.push(
          web(at - 0.05, 41_800 + index * 8, authorized("billing_web", "billing-web")),
          web(
            at - 0.06,
            40_010 + index * 6,
            `LOG:  disconnection: session time: 0:30:0${index % 9}.417 user=billing_web database=billing host=10.4.18.23 port=${40_010 + index * 6}`,
          ),
        );
      }
      return lines;
    }).flat();
    const refusals = Array.from({ length: 40 }, (_, index) => {
      const at = full - 0.2 - index * 0.34;
      return index % 4 === 3 ? web(at, 43_100 + index * 6, refused) : worker(at, 43_100 + index * 6, refused);
    });
    const before = withDays(
      withoutInsights(
        calmRds({
          engine: "postgres",
          vcpus: 2,
          memoryGib: 8,
          connections: 136,
          cpu: 27,
          iops: 340,
          freeGib: 121,
        }),
      ),
    );
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "15.10",
          DBInstanceClass: "db.m6g.large",
          DBName: "billing",
          MultiAZ: true,
          PerformanceInsightsEnabled: false,
        }),
      ],
      metrics: {
        ...before,
        DatabaseConnections: between(deployed, full, 136, most),
        FreeableMemory: between(deployed, full, 1.76 * gib, 0.72 * gib),
      },
      events: nightlyBackup(id),
      logs: [errorLog([...growing, ...refusals], 1)],
      changes: [
        {
          at: ago(60 * 24 * 6 + 41).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "AddTagsToResource",
          by: "terraform",
          detail: `resourceName=arn:aws:rds:eu-central-1:123456789012:db:${id}, tags=[{"key":"cost-centre","value":"4410"}]`,
          error: null,
        },
      ],
      alarm: above("DatabaseConnections", 700, [703, 707, 712], 40),
      way: "probe-failed",
    };
  },
});
