import { calmAurora, calmReader, withoutInsights } from "../support/outside/calm.ts";
import { steps } from "../support/outside/curves.ts";
import { defineOutside } from "../support/outside/define-outside.ts";
import { above, clusterOf, instanceOf } from "../support/outside/described.ts";
import { firstAnswers } from "../support/outside/first-answers.ts";
import { halfLook, outOfTime } from "../support/outside/postgres-half-look.ts";
import { group, running } from "../support/outside/postgres-half-rows.ts";

const [writer, reader] = ["freight-w", "freight-r"];
const database = "freight";
const quotes = { application: "quote-api", user: "quotes", client: "10.18.5.90", database };
const lookup =
  "SELECT z.id, z.price_class FROM tariff_zones z WHERE $1 BETWEEN z.postcode_from AND z.postcode_to AND z.country = $2 AND z.carrier_id = $3";
const aurora = {
  Engine: "aurora-postgresql",
  DBName: database,
  EngineVersion: "15.10",
  DBInstanceClass: "db.r6g.xlarge",
  DBClusterIdentifier: "freight",
  PerformanceInsightsEnabled: false,
};

export const scenario = defineOutside({
  engine: "postgres",
  title:
    "Since a release every quote looks its zone up by a range of post codes; all CPU goes there, and most probes run out of time",
  world: (dice) => {
    const began = dice.number(33, 38);
    const atWork = dice.number(37, 41);
    return {
      instances: [instanceOf(writer, aurora), instanceOf(reader, aurora)],
      cluster: clusterOf("freight", [writer, reader], aurora),
      metrics: {
        ...withoutInsights({
          ...calmAurora({ engine: "postgres", vcpus: 4, memoryGib: 32, connections: 152, cpu: 38, iops: 90 }),
          ...calmReader(reader, 32),
        }),
        CPUUtilization: steps(38, 98.9, began),
        DatabaseConnections: steps(152, 211, began),
        CommitThroughput: steps(210, 131, began),
        CommitLatency: steps(2.4, 8.1, began),
        NetworkTransmitThroughput: steps(4.7e6, 3.1e6, began),
      },
      events: [],
      alarm: above("CPUUtilization", 85, [97.9, 98.4, 99], began - 6),
      way: "probe-failed",
      inPart: halfLook({
        answers: firstAnswers({
          version: "15.10",
          upDays: 41,
          maxConnections: 3420,
          database,
          groups: [
            group({ state: "active", ...quotes }, atWork, 9.6),
            group({ state: "idle", ...quotes }, 211 - atWork - 44, 7),
            group({ state: "idle", ...quotes, application: "freight-web", user: "web" }, 41, 28),
            group({ state: "active", ...quotes, application: "freight-web", user: "web" }, 2, 0.8),
          ],
          sessions: [
            ...Array.from({ length: atWork }, (_, index) =>
              running(7_300 + index * 5, 9.6 - (index * 9.3) / atWork, { ...quotes, query: lookup }),
            ),
            running(6_018, 0.8, {
              ...quotes,
              application: "freight-web",
              user: "web",
              query: "SELECT * FROM shipments WHERE customer_id = $1 ORDER BY id DESC LIMIT $2",
            }),
          ],
        }),
        rest: outOfTime,
      }),
    };
  },
});
