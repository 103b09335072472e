import { diagnose } from "../../../../functions/core/diagnosis/diagnose.ts";
import { defaultSettings } from "../../../../functions/core/settings.ts";
import { usual } from "./curves.ts";
import { told } from "./described.ts";
import { logged } from "./postgres-log.ts";
import { type Beside, calmWith, clientOf, looked, shopId, spread } from "./postgres-log-world.ts";
import { evidenceOfWorld } from "./record-outside.ts";

export type Play = () => readonly [lines: readonly string[], beside?: Beside];

/** What the diagnosis of such a log is about, beside a calm look inside. */
export async function rootsOf(play: Play): Promise<readonly string[]> {
  const [lines, beside = {}] = play();
  const { findings, rootCauses } = diagnose(
    await evidenceOfWorld(looked(calmWith(lines, beside))),
    defaultSettings,
  );
  return findings
    .filter(({ key, severity }) => rootCauses.includes(key) && severity !== "P3")
    .map(({ id, severity, summary }) => `${severity} ${id} ${summary.split(":", 1)[0]}`);
}

export const own = { pid: 412 };
export const quarter = [14, 0.4] as const;

/** By sessions of the shop's, with what belongs to it. */
export const said = (
  count: number,
  span: readonly [number, number],
  says: readonly string[],
  { sessions = 12, user = "shop_api", database = "shop" } = {},
) =>
  spread(count, span, (place, ago) =>
    says.map((line) => logged(ago, clientOf(9300 + (place % sessions), user, database), line)),
  );
export const once = (ago: number, says: string) => [logged(ago, clientOf(9300), says)];
export const ofServer = (count: number, span: readonly [number, number], says: string) =>
  spread(count, span, (place, ago) => [logged(ago, { pid: 600 + place }, says)]);

export const ordinary = (): readonly string[] => [
  ...spread(14, [14, 1], (place, ago) => [
    logged(ago, own, `LOG:  automatic vacuum of table "shop.public.t${place}": index scans: ${place}`),
  ]),
  ...spread(10, [14, 1], (place, ago) => [
    logged(ago, own, `LOG:  checkpoint complete: wrote ${1234 + place} buffers (0.1%); write=11${place}.1 s`),
  ]),
];
export const duplicate = (constraint: string, key: string, insert: string): readonly string[] => [
  `ERROR:  duplicate key value violates unique constraint "${constraint}"`,
  `DETAIL:  Key (${key})=(481223) already exists.`,
  `STATEMENT:  INSERT INTO ${insert} RETURNING id`,
];
export const withId = duplicate("orders_pkey", "id", "orders (id, total) VALUES ($1, $2)");
export const withoutId = duplicate("orders_pkey", "id", "orders (customer_id, total) VALUES ($1, $2)");
export const missing = ['ERROR:  relation "orders_new" does not exist at character 15'];
export const refused = "ERROR:  database is not accepting commands that assign new transaction IDs";
export const full = 'ERROR:  could not extend file "base/16401/19288": No space left on device';
export const starting = "FATAL:  the database system is starting up";
export const unreachable =
  'FATAL:  could not connect to the primary server: connection to server at "10.1.1.4", port 5432 failed: Connection refused';
export const active = ['ERROR:  replication slot "cdc_orders" is active for PID 4711'];
export const cancelled = ["ERROR:  canceling statement due to user request"];
export const readOnly = [
  "ERROR:  cannot execute INSERT in a read-only transaction",
  "STATEMENT:  INSERT INTO orders (customer_id) VALUES ($1)",
];
export const applies = (ago: readonly [number, number]) =>
  spread(30, ago, (_, at) => [
    logged(at, own, 'ERROR:  duplicate key value violates unique constraint "stock_pkey"'),
    logged(at, own, 'CONTEXT:  processing remote data for replication origin "pg_16401"'),
  ]);
export const restarted = () => [
  told(shopId, 5, "availability", "DB instance shutdown"),
  told(shopId, 4.4, "availability", "DB instance restarted"),
];
export const usedIds = (ids: number): Beside => ({ more: { MaximumUsedTransactionIDs: usual(ids) } });
