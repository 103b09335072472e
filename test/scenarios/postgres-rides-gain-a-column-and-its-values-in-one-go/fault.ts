import { onePg, pgWaiting, pidOf } from "../lock-waits.ts";
import { defineScenario } from "../scenario.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A release adds a column and fills it for every row in the same transaction: whoever reads or writes rides waits",
  majors: [17],
  thresholds: { longRunningSeconds: 5, killCandidateSeconds: 10, idleInTransactionSeconds: 8 },
  make: async (stage) => {
    const release = await onePg(stage, "flyway");
    const riders = await stage.pgSessions(stage.number(5, 7), stage.application());
    const drivers = await stage.pgSessions(3, stage.application());
    await release.query(
      "CREATE TABLE fare_rules (zone smallint NOT NULL, valid_from timestamptz NOT NULL, class text NOT NULL)",
    );
    await release.query(
      "INSERT INTO fare_rules SELECT n % 60, timestamptz '2024-01-01' + n * interval '1 hour', 'c' || n % 5 FROM generate_series(1, 7000) n",
    );
    await release.query(
      "CREATE TABLE rides (ride_no bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, rider_id uuid NOT NULL, zone smallint NOT NULL, started_at timestamptz NOT NULL, state text NOT NULL)",
    );
    await release.query(
      "INSERT INTO rides (rider_id, zone, started_at, state) SELECT gen_random_uuid(), n % 60, timestamptz '2024-03-01' + n * interval '4 minutes', 'done' FROM generate_series(1, 160000) n",
    );
    await release.query("ANALYZE rides");
    await ordinaryWork(stage, 3);
    const pid = await pidOf(release);
    await release.query("BEGIN");
    await release.query("ALTER TABLE rides ADD COLUMN fare_class text");
    stage.leave(
      release.query(
        "UPDATE rides r SET fare_class = (SELECT max(f.class) FROM fare_rules f WHERE f.zone = r.zone AND f.valid_from <= r.started_at)",
      ),
    );
    await pause(1500);
    for (const [index, client] of riders.entries()) {
      stage.leave(
        client.query("SELECT ride_no, state FROM rides WHERE ride_no = $1 AND state <> 'gone'", [9 + index]),
      );
      await pause(400);
    }
    for (const [index, client] of drivers.entries()) {
      stage.leave(client.query("UPDATE rides SET state = 'paid' WHERE ride_no = $1", [400 + index]));
    }
    await pgWaiting(stage, riders.length + drivers.length, 12);
    return { culprits: [pid] };
  },
});
