import type { PostgresStage } from "./postgres-session-scenes.ts";
import { changed, counted, type Scenes } from "./scene.ts";

const orders = { schema: "public", name: "orders" };
const wanted = {
  ...{ schema: "public", table: "orders", name: "orders_wanted", unique: false, definition: "(customer)" },
};
const spare = {
  ...{ schema: "public", table: "orders", name: "orders_spare", keeps: null, scans: 0 },
  was: { unique: false, definition: "USING btree (customer, id)" },
};
const trial = { statement: "select id, v from public.orders where customer = 7", gainPercent: 10 };

const statistics = (counter: string): string =>
  `select ${counter} from pg_stat_all_tables where relid = 'public.orders'::regclass`;
const valid = (name: string): string =>
  `select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid where c.relname = '${name}' and i.indisvalid`;
/** Whether a trial pays is a matter of milliseconds, and its index may be gone again. Tests write in small letters. */
const calls = (what: string): string =>
  `select coalesce(sum(calls), 0) from pg_stat_statements where query ~ '${what}'`;
const limited = `select count(*) from pg_db_role_setting where array_to_string(setconfig, ' ') ~ 'lock_timeout=7s'`;

export function postgresObjectScenes({ root, ask }: PostgresStage): Scenes {
  const after = async <T>(sql: string, input: T): Promise<T> => {
    await root.query(sql);
    return input;
  };
  const without = "drop index if exists public.orders_wanted";
  return {
    "analyze-table": {
      ...{ acting: /^ANALYZE/ },
      ...counted(ask, statistics("analyze_count"), 1, async () => orders),
    },
    "vacuum-table": {
      ...{ acting: /^VACUUM/ },
      ...counted(ask, statistics("vacuum_count"), 1, async () => orders),
    },
    "reindex-index": {
      ...{ acting: /^REINDEX/, noTrace: true },
      ...changed(ask, "select 'public.orders_v'::regclass::oid", async () => ({
        ...{ schema: "public", name: "orders_v" },
      })),
    },
    "refresh-materialized-view": {
      ...{ acting: /^REFRESH/, noTrace: true },
      ...changed(ask, "select xmin from pg_class where oid = 'public.totals'::regclass", async () => ({
        ...{ schema: "public", name: "totals", concurrently: true },
      })),
    },
    "create-index": {
      acting: /^CREATE INDEX/,
      ...counted(ask, valid("orders_wanted"), 1, () => after(without, wanted)),
    },
    "drop-index": {
      acting: /^DROP INDEX/,
      ...counted(ask, valid("orders_spare"), -1, () =>
        after("create index if not exists orders_spare on public.orders (customer, id)", spare),
      ),
    },
    "try-index": {
      ...{ acting: /^CREATE INDEX/, noTrace: true },
      ...counted(ask, calls("CREATE INDEX CONCURRENTLY"), 1, () => after(without, { ...wanted, ...trial })),
    },
    "try-index: drop": {
      ...{ acting: /^DROP INDEX/, noTrace: true },
      ...counted(ask, calls("DROP INDEX CONCURRENTLY IF EXISTS"), 1, () =>
        after(without, { ...wanted, ...trial, gainPercent: 99 }),
      ),
    },
    "set-timeout": {
      acting: /^ALTER ROLE/,
      ...counted(ask, limited, 1, () =>
        after("alter role shop reset lock_timeout", {
          ...{ of: "role", name: "shop", setting: "lock_timeout", value: "7s" },
        }),
      ),
    },
    "reset-statement-statistics": {
      acting: /^SELECT public\.pg_stat_statements_reset/,
      ...changed(ask, "select stats_reset from pg_stat_statements_info", async () => ({ of: "statements" })),
    },
  };
}
