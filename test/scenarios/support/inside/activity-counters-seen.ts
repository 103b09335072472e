import { databaseRates, writerRates } from "./world.ts";

export const gib = 1024 ** 3;
export const rates = (more: object, since: object = {}) => ({
  rows: { "postgres-database-rates": [databaseRates(more, since)] },
});
export const writer = (more: object, since: object = {}) => ({
  rows: { "postgres-database-rates-writer": [writerRates(more, since)] },
});
export const caches = (...all: readonly [name: string, hits: number, reads: number][]) =>
  all.map(([name, hitsPerSecond, readsPerSecond]) => ({ name, hitsPerSecond, readsPerSecond }));

export const sorts = "SELECT customer_id, sum(total) FROM orders GROUP BY customer_id ORDER BY 2 DESC";
export function spilling(pid: number, bytes: number, bytesPerSecond: number, statementSeconds: number) {
  const who = { user: "shop", application: "report", database: "shop", query: sorts };
  return { pid, ...who, statementSeconds, files: 8, bytes, bytesPerSecond };
}
