import type { Connection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mariadbPlans } from "../../../functions/core/probes/mysql/plans/mariadb-plans.ts";
import { mysqlPlans } from "../../../functions/core/probes/mysql/plans/plans.ts";
import { mysqlScheduledEvents } from "../../../functions/core/probes/mysql/scheduled-events.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { closeAll, createLabUsers, openSession } from "../../lab/engines/sql.ts";
import { ask, connected, openAdmin, products, rowsOf, type Server, targetOf, waitFor } from "./support.ts";

/** What runs though no client sends it: inside procedures and functions, and by the scheduler. */
for (const { engine, availability, start } of products) {
  describeEngine(`programs and events of ${engine}`, availability, () => {
    let server: Server;
    let admin: Connection;
    const plans = engine === "mysql" ? mysqlPlans : mariadbPlans;
    const mysql = engine === "mysql";

    beforeAll(async () => {
      server = await start();
      admin = await openAdmin(server);
      await createLabUsers(server);
      const deep = mysql ? "cte_max_recursion_depth" : "max_recursive_iterations";
      await admin.query(`SET SESSION ${deep} = 100000`);
      await admin.query(
        "CREATE TABLE app.stays (id INT PRIMARY KEY, guest VARCHAR(40) NOT NULL, n INT NOT NULL)",
      );
      await admin.query(`INSERT INTO app.stays WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
        SELECT i, CONCAT('G', i % 9000), i % 7 FROM n`);
      await admin.query("ANALYZE TABLE app.stays");
      await admin.query(`CREATE PROCEDURE app.of_guest(IN p_guest VARCHAR(40), IN p_n INT) BEGIN DECLARE v INT;
        SELECT COUNT(*) INTO v FROM stays WHERE guest = p_guest AND n >= p_n; SELECT nap(v); END`);
      await admin.query("GRANT EXECUTE ON app.* TO shop@'%'");
    });
    afterAll(async () => {
      await admin?.end();
      await server?.stopNow();
    });

    it("P33 plans what runs inside a procedure, with its names as parameters, and runs nothing of it", async () => {
      await admin.query("SET GLOBAL log_bin_trust_function_creators = 1").catch(() => undefined);
      await admin.query("CREATE FUNCTION app.nap(a INT) RETURNS INT DETERMINISTIC NO SQL RETURN a");
      const clients = await Promise.all([1, 2, 3].map(() => openSession(server, { user: "shop" })));
      let on = true;
      const loops = clients.map(async (client) => {
        while (on) await client.query("CALL app.of_guest('G77', 3)");
      });
      const session = await connected(targetOf(server));
      try {
        let found: Awaited<ReturnType<typeof inside>>[number] | undefined;
        const inside = async () =>
          (await rowsOf(session, server, plans)).filter((row) => row.inside !== undefined);
        await waitFor(async () => {
          found = (await inside()).find(({ status }) => status === "explained");
          return found !== undefined;
        }, "what runs inside is planned");
        expect(found?.query).toMatch(
          /^SELECT COUNT\(\*\) INTO v FROM stays WHERE guest =\s+(p_guest|\?) AND n >=/,
        );
        expect(found?.query).not.toContain("G77");
        expect(found?.suggestions).toMatchObject([
          { schema: "app", table: "stays", columns: ["guest", "n"] },
        ]);
        expect(found?.inside).toMatchObject(
          mysql
            ? { routine: "app.of_guest", kind: "procedure", schema: "app" }
            : { digest: null, routine: null },
        );
        if (mysql) expect(found?.rowsExamined).toBeGreaterThan(50_000);
        await admin.query(found?.suggestions[0]?.createIndex ?? "");
        // Those that looked at many are gone from the last ten statements of each.
        await waitFor(
          async () => (await inside()).every(({ suggestions }) => suggestions.length === 0),
          "it is found",
        );
      } finally {
        on = false;
        await Promise.allSettled(loops);
        await session.close();
        await closeAll(clients);
      }
    });

    it("A14 knows which event a worker of the scheduler runs, or which it may be", async () => {
      await admin.query("SET GLOBAL event_scheduler = ON");
      const naps = (seconds: number) =>
        `UPDATE app.stays SET n = n + 0 WHERE id = 1 AND SLEEP(${seconds}) = 0`;
      await admin.query(`CREATE EVENT app.waits ON SCHEDULE EVERY 1 HOUR DO ${naps(20)}`);
      await admin.query(
        "CREATE EVENT app.counts ON SCHEDULE EVERY 1 DAY STARTS NOW() + INTERVAL 1 DAY DO SET @a = 1",
      );
      await waitFor(
        async () =>
          Number(
            (
              await ask(
                admin,
                "SELECT COUNT(*) AS n FROM information_schema.PROCESSLIST WHERE INFO LIKE 'UPDATE app.stays%'",
              )
            )[0]?.["n"],
          ) === 1,
        "the event runs",
      );
      const session = await connected(targetOf(server));
      const rows = await rowsOf(session, server, mysqlScheduledEvents);
      const [worker] = await ask(
        admin,
        "SELECT ID AS id FROM information_schema.PROCESSLIST WHERE INFO LIKE 'UPDATE app.stays%'",
      );
      const id = Number(worker?.["id"]);
      expect(rows).toMatchObject([
        {
          ...{
            schema: "app",
            name: "waits",
            definer: expect.any(String),
            schedule: "EVERY 1 HOUR",
            everySeconds: 3600,
          },
          ...{ status: "ENABLED", sessions: [id], maybe: [], beganSecondsAgo: expect.any(Number) },
          body: "UPDATE app.stays SET n = n + ? WHERE id = ? AND SLEEP(?) = ?",
        },
        { name: "counts", sessions: [], maybe: [], beganSecondsAgo: null },
      ]);
      await admin.query(
        `CREATE EVENT app.waits_too ON SCHEDULE EVERY 1 HOUR STARTS NOW() + INTERVAL 1 HOUR DO ${naps(9)}`,
      );
      const two = await rowsOf(session, server, mysqlScheduledEvents);
      await session.close();
      const of = (name: string) => two.find((row) => row.name === name);
      // MySQL records whose statement it is.
      if (mysql) expect([of("waits")?.sessions, of("waits_too")?.maybe]).toEqual([[id], []]);
      else expect([of("waits"), of("waits_too")]).toMatchObject([{ maybe: [id] }, { maybe: [id] }]);
    });
  });
}
