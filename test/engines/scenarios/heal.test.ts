import { describe, expect, it } from "vitest";
import { mariadbAvailability, mysqlAvailability, postgresAvailability } from "../../lab/engines/available.ts";
import { describeEngine } from "../../lab/engines/describe-engine.ts";
import { loadScenario } from "../../scenarios/folders.ts";
import { heal } from "../../scenarios/heal-one.ts";

/** Faults that one action heals: a session or statement ended, an index built; `unasked` where no person has to agree. */
const healable = {
  postgres: [
    ["postgres-idle-transaction", "unasked"],
    ["postgres-ddl-queue-idle-reader", "asked"],
    ["postgres-foreign-key-parent-locked", "asked"],
    ["postgres-lock-table", "asked"],
    ["postgres-running-update-blocks", "asked"],
    ["postgres-matview-refresh", "asked"],
    ["postgres-missing-index", "asked"],
    ["postgres-stale-statistics", "asked"],
  ],
  mysql: [
    ["mysql-idle-on-hot-row", "asked"],
    ["mysql-history-list-beside-innocent", "asked"],
    ["mysql-ddl-queue", "asked"],
    ["mysql-lock-tables", "asked"],
    ["mysql-running-update-blocks", "asked"],
  ],
  mariadb: [
    ["mariadb-idle-transaction", "asked"],
    ["mariadb-ddl-queue", "asked"],
    ["mariadb-running-update-blocks", "asked"],
  ],
} as const;

const day = Math.floor(Date.now() / 86_400_000);
const perEngine = 2;

/** Others every day. */
function closedLoop(engine: keyof typeof healable): void {
  const all = healable[engine];
  const todays = Array.from({ length: perEngine }, (_, index) => all[(day * perEngine + index) % all.length]);
  describe(`the loop on ${engine}: fault in, remedy, done, well again`, () => {
    let seed = day;
    it.each(todays.flatMap((one) => (one === undefined ? [] : [one])))(
      "V1 %s is healed (%s), and nobody hurt who had no part in it",
      { retry: 2, timeout: 90_000 },
      async (name, how) => {
        seed += 1;
        const healing = await heal(await loadScenario(name), seed, how === "asked", 1000);
        expect(healing.bystanders).toEqual([]);
        expect(healing, JSON.stringify({ seed, ...healing })).toMatchObject({ healed: true });
      },
    );
  });
}

const newest = await postgresAvailability(18);
const oldest = await postgresAvailability(14);
describeEngine("PostgreSQL", newest.ok ? oldest : newest, () => closedLoop("postgres"));
describeEngine("MySQL", await mysqlAvailability(), () => closedLoop("mysql"));
describeEngine("MariaDB", await mariadbAvailability(), () => closedLoop("mariadb"));
