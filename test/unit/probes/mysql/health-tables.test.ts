import { describe, expect, it } from "vitest";
import { mysqlObjects } from "../../../../functions/core/probes/mysql/objects.ts";
import { mysqlTables } from "../../../../functions/core/probes/mysql/tables.ts";
import { context } from "../fake-session.ts";

describe("tables and events", () => {
  it("P30 tell no share of a file whose size the dictionary does not know yet", () => {
    const name = { schema_name: "shop", table_name: "log" };
    const facts = {
      ...name,
      engine: "InnoDB",
      table_rows: 9,
      data_bytes: 1,
      index_bytes: 1,
      free_bytes: 4096,
    };
    const read = (file_bytes: number) =>
      mysqlTables.read(
        [[{ visible: 1, existing: 1 }], [{ Value: "9" }], [{ ...name, file_bytes }], [name], [], [], [facts]],
        context,
      )[0];
    expect(read(0)).toMatchObject({ fileBytes: 0, freePercent: null });
    expect(read(8192)).toMatchObject({ freePercent: 50 });
  });

  it("P34 tell when an event last ran in the event's own time zone", () => {
    const event = {
      schema_name: "shop",
      name: "nightly",
      status: "DISABLED",
      scheduler: "ON",
      last_executed: "2026-11-28 15:34:41",
      zone: "+05:00",
    };
    const [row] = mysqlObjects.read([[{ seen: 1 }], [], [event]], context);
    expect(row?.detail).toContain("it last ran at 2026-11-28 15:34:41 (time zone +05:00)");
  });
});
