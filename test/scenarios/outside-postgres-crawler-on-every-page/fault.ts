import { calmRds } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, instanceOf, loadOf, nightlyBackup, told } from "../support/outside/described.ts";

const id = "webshop-db";

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "A crawler walks the shop: twice and more the traffic, the load spread as ever over all statements, four vCPUs full",
  world: (dice) => {
    // Of each statement as much more as of the next.
    const more = dice.number(92, 108) / 100;
    const cpu = 9.5 * more;
    const share = (part: number) => cpu * part;
    return {
      instances: [
        instanceOf(id, {
          Engine: "postgres",
          EngineVersion: "16.4",
          DBInstanceClass: "db.m6g.xlarge",
          MultiAZ: true,
        }),
      ],
      metrics: {
        ...calmRds({
          engine: "postgres",
          vcpus: 4,
          memoryGib: 16,
          freeGib: 112,
          connections: 96,
          cpu: 41,
          iops: 600,
        }),
        CPUUtilization: steps(41, 97, 26),
        DatabaseConnections: steps(96, 214, 25),
        ReadIOPS: steps(240, 570, 26),
        WriteIOPS: steps(360, 480, 26),
        ReadThroughput: steps(4.3e6, 10.2e6, 26),
        WriteThroughput: steps(7.5e6, 10.1e6, 26),
        DiskQueueDepth: steps(0.7, 1.1, 26),
        NetworkReceiveThroughput: steps(0.86e6, 2.0e6, 26),
        NetworkTransmitThroughput: steps(3.0e6, 7.1e6, 26),
        DBLoad: steps(1.7, cpu + 0.8, 26),
        DBLoadCPU: steps(1.3, cpu, 26),
        DBLoadNonCPU: steps(0.4, 0.8, 26),
      },
      events: [
        ...nightlyBackup(id),
        told(
          `${id}-params`,
          312,
          "configuration change",
          "Updated parameter log_min_duration_statement to 500 with apply method immediate",
          "parameter-group",
        ),
      ],
      load: loadOf(
        {
          CPU: cpu,
          "IO:DataFileRead": 0.4,
          "Client:ClientRead": 0.2,
          "LWLock:BufferMapping": 0.1,
          "IO:WALSync": 0.1,
        },
        [
          {
            sql: "SELECT p.id, p.slug, p.title, p.price_cents FROM products p WHERE p.slug = $1",
            waits: { CPU: share(0.17), "IO:DataFileRead": 0.1 },
          },
          {
            sql: "SELECT v.id, v.color, v.size, v.stock FROM variants v WHERE v.product_id = $1",
            waits: { CPU: share(0.15), "IO:DataFileRead": 0.1 },
          },
          {
            sql: "SELECT r.id, r.stars, r.body FROM reviews r WHERE r.product_id = $1 ORDER BY r.created_at DESC LIMIT $2",
            waits: { CPU: share(0.13), "IO:DataFileRead": 0.1 },
          },
          {
            sql: "SELECT p.id, p.slug, p.title FROM products p JOIN product_categories pc ON pc.product_id = p.id WHERE pc.category_id = $1 ORDER BY pc.position LIMIT $2",
            waits: { CPU: share(0.12) },
          },
          {
            sql: "SELECT t.key, t.text FROM translations t WHERE t.locale = $1 AND t.scope = $2",
            waits: { CPU: share(0.1) },
          },
          { sql: "SELECT s.data FROM sessions s WHERE s.session_id = $1", waits: { CPU: share(0.08) } },
          {
            sql: "SELECT related_id FROM recommendations WHERE product_id = $1 ORDER BY score DESC LIMIT $2",
            waits: { CPU: share(0.08) },
          },
          {
            sql: "INSERT INTO page_views (session_id, path, referrer, viewed_at) VALUES ($1, $2, $3, $4)",
            waits: { CPU: share(0.05), "IO:WALSync": 0.1 },
          },
        ],
        { webshop: cpu * 0.96 + 0.6, erp_sync: 0.5 },
      ),
      alarm: above("CPUUtilization", 90, [92.8, 96.1, 97.4], 17),
      way: "probe-failed",
    };
  },
});
