import { calmRds } from "../support/outside/calm.ts";
import { steps, withDays } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, ago, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";
import { errorLog, logged } from "../support/outside/postgres-log.ts";

const id = "catalog-prod";
const group = `${id}-params`;
const questions = [
  "SELECT p.id, p.name, p.price FROM products p JOIN product_categories c ON c.product_id = p.id WHERE c.category_id = $1 ORDER BY p.rank LIMIT 60",
  "SELECT * FROM stock_levels WHERE sku = ANY($1)",
  "UPDATE carts SET updated_at = now(), items = $2 WHERE id = $1",
  "SELECT avg(stars), count(*) FROM reviews WHERE product_id = $1",
  "INSERT INTO search_events (session_id, term, hits) VALUES ($1, $2, $3)",
  "SELECT facet, count(*) FROM product_facets WHERE product_id = ANY($1) GROUP BY facet",
];

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Somebody set statement_timeout to 30 and meant seconds: it is milliseconds, and a good part of all ordinary statements is cancelled",
  world: (dice) => {
    const since = dice.number(22, 27);
    const cancelled = Array.from({ length: (since - 1) * 20 }, (_, index) => {
      const who = {
        host: `10.12.${4 + (index % 3)}.21(${40_100 + ((index * 13) % 900)})`,
        user: "catalog_api",
        database: "catalog",
        pid: 15_200 + ((index * 7) % 170),
      };
      return [
        logged(since - index / 20, who, "ERROR:  canceling statement due to statement timeout"),
        logged(since - index / 20, who, `STATEMENT:  ${questions[index % questions.length]}`),
      ];
    }).flat();
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.2xlarge",
          DBName: "catalog",
          MultiAZ: true,
          AllocatedStorage: 600,
          Iops: 12_000,
          StorageThroughput: 500,
        }),
      ],
      metrics: {
        ...withDays(
          calmRds({
            engine: "postgres",
            vcpus: 8,
            memoryGib: 32,
            freeGib: 244,
            connections: 182,
            cpu: 43,
            iops: 1500,
          }),
        ),
        CPUUtilization: steps(43, 33, since),
        DBLoad: steps(3.4, 2.3, since),
        DBLoadCPU: steps(2.6, 2, since),
        DBLoadNonCPU: steps(0.8, 0.3, since),
        DatabaseConnections: steps(182, 236, since),
        NetworkTransmitThroughput: steps(5.6e6, 3.2e6, since),
      },
      events: [
        told(
          group,
          since + 1,
          "configuration change",
          "Updated parameter statement_timeout to 30 with apply method immediate",
          "parameter-group",
        ),
        ...nightlyBackup(id),
      ],
      changes: [
        {
          at: ago(since + 1).toISOString(),
          source: "cloudtrail",
          subject: group,
          what: "ModifyDBParameterGroup",
          by: "m.keller",
          detail: `dBParameterGroupName=${group}, parameters=[{"applyMethod":"immediate","parameterName":"statement_timeout","parameterValue":"30"}]`,
          error: null,
        },
        {
          at: ago(5 * 1440).toISOString(),
          source: "cloudtrail",
          subject: id,
          what: "ModifyDBInstance",
          by: "terraform-prod",
          detail: `dBInstanceIdentifier=${id}, backupRetentionPeriod=14, applyImmediately=true`,
          error: null,
        },
      ],
      logs: [
        errorLog(
          [
            logged(since + 1, { pid: 344 }, "LOG:  received SIGHUP, reloading configuration files"),
            logged(since + 1, { pid: 344 }, 'LOG:  parameter "statement_timeout" changed to "30"'),
            ...cancelled,
          ],
          1,
        ),
      ],
      load: loadOf(
        { CPU: 2, "IO:DataFileRead": 0.2, "Client:ClientRead": 0.1 },
        [
          { sql: questions[0] ?? "", waits: { CPU: 0.5 } },
          { sql: questions[3] ?? "", waits: { CPU: 0.4 } },
        ],
        { catalog_api: 2.2 },
      ),
      alarm: above("DatabaseConnections", 220, [233, 237, 235], since - 6),
      way: "probe-failed",
    };
  },
});
