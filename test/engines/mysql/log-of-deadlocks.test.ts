import { readFileSync } from "node:fs";
import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { cleanLog } from "../../../functions/core/context/clean-log.ts";
import { deadlockTables } from "../../../functions/core/text/deadlock-tables.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, waitUntil } from "../../lab/engines/sql.ts";
import { openAdmin, products, type Server } from "./support.ts";

for (const { engine, availability, start } of products) {
  describeEngine(`a deadlock in the log of ${engine}`, availability, () => {
    let server: Server;
    let sessions: Connection[] = [];

    beforeAll(async () => {
      server = await start({
        settings: { "innodb-print-all-deadlocks": "ON", "loose-log-error-verbosity": "3" },
      });
      sessions = [await openAdmin(server), await openAdmin(server)];
    });
    afterAll(async () => {
      await closeAll(sessions);
      await server?.stopNow();
    });

    function lines(): readonly string[] {
      const text = readFileSync(server.logFile, "utf8");
      const portion = { file: "x", kind: "error", lastWrittenAt: null, truncated: false, text } as const;
      const options = {
        dialect: "mysql",
        queryText: "normalised",
        maxLines: 40,
        maxLineLength: 500,
      } as const;
      return cleanLog(portion, options).lines.filter((line) => line.includes("deadlock detected"));
    }

    it("D4 is one line with both tables, and nothing of its values", async () => {
      const [one, two] = sessions;
      if (one === undefined || two === undefined) throw new Error("no sessions");
      for (const table of ["app.carts", "app.stock"]) {
        await one.query(`create table ${table} (id int primary key, note varchar(20))`);
        await one.query(`insert into ${table} values (1, 'Zebulon')`);
      }
      for (const session of [one, two]) await session.query("begin");
      await one.query("update app.carts set note = 'Zebulon' where id = 1");
      await two.query("update app.stock set note = 'Zebulon' where id = 1");
      await Promise.allSettled([
        one.query("update app.stock set note = 'Zebulon' where id = 1"),
        two.query("update app.carts set note = 'Zebulon' where id = 1"),
      ]);
      await waitUntil(() => Promise.resolve(lines().length > 0), {
        timeoutMs: 10_000,
        what: "the deadlock in the log",
      });
      expect(lines()).toHaveLength(1);
      const [line = ""] = lines();
      expect(deadlockTables(line).toSorted()).toEqual(["app.carts", "app.stock"]);
      expect(line).not.toContain("Zebulon");
    });
  });
}
