import { defineScenario, type MysqlFamily } from "../scenario.ts";

const fill = (table: string, rows: number): string =>
  `INSERT INTO ${table} (pad) WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT REPEAT('x', 900) FROM n`;

/** On MariaDB alone: MySQL 9 lets the tablespace grow beyond its limit. */
export const temporarySpaceFull = () =>
  defineScenario({
    engine: "mariadb",
    title:
      "The temporary tablespace is at its limit: a report that builds temporary tables fails, the rest goes on",
    tiers: ["immediate", "performance"],
    server: { settings: { "innodb-temp-data-file-path": "ibtmp1:12M:autoextend:max:20M" } },
    make: async (stage) => {
      const [report] = await stage.mySessions(stage.number(2, 5), stage.application());
      await report?.query(
        "CREATE TEMPORARY TABLE totals (id int AUTO_INCREMENT PRIMARY KEY, pad varchar(1000))",
      );
      let refused = false;
      for (let round = 0; round < 40 && !refused; round += 1) {
        await report?.query(fill("totals", 900)).catch((error: unknown) => {
          refused = /full/i.test(String(error));
        });
      }
      if (!refused) throw new Error("the temporary tablespace did not fill");
      return { culprits: [] };
    },
  });

/** The look-alike: as many temporary tables, in a tablespace that has room for them. */
export const temporarySpaceUsed = (engine: MysqlFamily) =>
  defineScenario({
    engine,
    title: "A report keeps large temporary tables, in a tablespace with room for them",
    tiers: ["immediate", "performance"],
    server: { settings: { "innodb-temp-data-file-path": "ibtmp1:12M:autoextend:max:2G" } },
    make: async (stage) => {
      const [report] = await stage.mySessions(stage.number(2, 5), stage.application());
      await report?.query(
        "CREATE TEMPORARY TABLE totals (id int AUTO_INCREMENT PRIMARY KEY, pad varchar(1000))",
      );
      for (let round = 0; round < stage.number(8, 14); round += 1) await report?.query(fill("totals", 900));
      return { culprits: [] };
    },
  });
