import { defineScenario } from "../scenario.ts";
import { keepRunning } from "../support/keep-running.ts";
import { ordinaryWork, pause } from "../support/ordinary-work.ts";

export const scenario = defineScenario({
  engine: "postgres",
  title:
    "A trigger adds every uploaded object to the total of its bucket: uploads into the big bucket go one by one",
  make: async (stage) => {
    const [owner] = await stage.pgSessions(1, "schema");
    if (owner === undefined) throw new Error("no session");
    const buckets = stage.number(20, 30);
    await owner.query(`CREATE TABLE bucket_usage (storage_id uuid PRIMARY KEY, total_size bigint NOT NULL);
      INSERT INTO bucket_usage SELECT md5('bucket' || n)::uuid, 0 FROM generate_series(1, ${buckets}) n;
      CREATE TABLE stored_objects (object_key varchar(80) NOT NULL, version int NOT NULL, storage_id uuid NOT NULL REFERENCES bucket_usage,
        size bigint NOT NULL, PRIMARY KEY (object_key, version));
      CREATE INDEX ON stored_objects (storage_id);
      CREATE FUNCTION add_to_bucket() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN UPDATE bucket_usage SET total_size = total_size + NEW.size WHERE storage_id = NEW.storage_id; RETURN NEW; END $$;
      CREATE TRIGGER keep_total AFTER INSERT ON stored_objects FOR EACH ROW EXECUTE FUNCTION add_to_bucket()`);
    await ordinaryWork(stage, 3);
    // A herring: a dashboard holds a transaction open, and nobody waits for it.
    const [board] = await stage.pgSessions(1, "grafana");
    await board?.query("BEGIN READ ONLY");
    await board?.query("SELECT sum(total_size) FROM bucket_usage");
    const uploads = await stage.pgSessions(14, "upload-api");
    await keepRunning(stage, uploads, 120, async (client, turn) => {
      const bucket = turn % 10 === 0 ? 2 + (turn % (buckets - 1)) : 1;
      await client.query("BEGIN");
      await client.query(
        "INSERT INTO stored_objects (object_key, version, storage_id, size) VALUES ($1, 1, md5($2)::uuid, $3)",
        [`photos/${turn}.jpg`, `bucket${bucket}`, 4096 + turn],
      );
      // The file's first block is written meanwhile.
      await pause(110);
      await client.query("COMMIT");
    });
    await pause(5_000);
    return { culprits: [] };
  },
});
