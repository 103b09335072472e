import { describe, expect, it } from "vitest";
import { metadataWait, readAskedSeconds } from "../../../../functions/core/probes/mysql/asked-seconds.ts";
import { aRunning } from "../../../support/forest-builder.ts";

const asked = (thread: number | null, statement: number | null) =>
  readAskedSeconds([
    [],
    [],
    [{ thread_id: 7, id: 1, own_seconds: thread }],
    [
      {
        thread_id: 7,
        statement_key: "1 a",
        text: "CALL job()",
        seconds: 600,
        running: 1,
        own_seconds: statement,
      },
    ],
  ]);
const lock = {
  type: "TABLE",
  schema_name: "app",
  object_name: "t",
  mode: "SHARED_READ",
  duration: "",
  status: "PENDING",
};
const wait = (ages: ReturnType<typeof asked>, change: Partial<typeof lock> = {}, query = "SELECT 1 FROM t") =>
  metadataWait({ ...lock, thread_id: 7, event_id: null, ...change }, aRunning(1, 600.4, { query }), ages);

describe("how long somebody waits for a metadata lock", () => {
  it("P25 is the age of the statement that asks, and not of the CALL around it", () => {
    expect(wait(asked(null, 2.5))).toBe(2.5);
    expect(wait(asked(2, null))).toBe(2);
    expect(wait(asked(600, null))).toBe(600.4);
  });

  it("P25 is not known where nothing tells when that statement began", () => {
    expect(wait(asked(null, null))).toBeNull();
  });

  it("P25 is not known of a commit at the end of a statement that worked", () => {
    const commit = { type: "BACKUP", mode: "BACKUP_COMMIT" };
    expect(wait(asked(600, null), commit, "UPDATE t SET v = 1")).toBeNull();
    expect(wait(asked(600, null), commit, "COMMIT")).toBe(600.4);
  });
});
