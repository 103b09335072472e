import { fed, index, progress } from "./catalog-counters-seen.ts";
import type { Witness } from "./witness.ts";

/**
 * What the catalogs say of indexes, keys, limits and work that goes on.
 * https://www.postgresql.org/docs/current/catalogs.html
 */
export const catalogCounters1: readonly Witness[] = [
  {
    witness: "pg_index.indisvalid false, and nobody builds it",
    told: ["invalid-index"],
    word: /REINDEX|invalid/i,
    hot: { rows: { "postgres-indexes": [index({ problem: "invalid" })] } },
    ordinary: {
      rows: {
        "postgres-indexes": [index({ problem: "invalid", building: true })],
        "postgres-vacuum-progress": [progress()],
      },
    },
    chronic: true,
  },
  {
    witness: "idx_scan 0 of an index of nine GB",
    told: ["unused-index"],
    word: /orders_state_idx/,
    hot: { rows: { "postgres-indexes": [index()] } },
    ordinary: { rows: { "postgres-indexes": [] } },
    chronic: true,
  },
  {
    witness: "two indexes of the same columns",
    told: ["duplicate-index"],
    word: /orders_state_idx/,
    hot: {
      rows: {
        "postgres-indexes": [index({ problem: "duplicate", coveredBy: "orders_state_idx1", scans: 9000 })],
      },
    },
    ordinary: { rows: { "postgres-indexes": [] } },
    chronic: true,
  },
  {
    witness: "pg_constraint.convalidated false",
    told: ["unvalidated-constraint"],
    word: /VALIDATE/i,
    hot: {
      rows: {
        "postgres-constraints": [
          {
            schema: "public",
            table: "orders",
            constraint: "orders_customer_fk",
            kind: "foreign-key",
            definition: "FOREIGN KEY (customer_id) REFERENCES customers(id) NOT VALID",
            tableRows: 60e6,
            enforced: true,
            validate: "ALTER TABLE public.orders VALIDATE CONSTRAINT orders_customer_fk",
          },
        ],
      },
    },
    ordinary: { rows: { "postgres-constraints": [] } },
    chronic: true,
  },
  {
    witness: "pg_collation.collversion is not the library's",
    told: ["data-corruption-suspected"],
    word: /collation|REINDEX/i,
    hot: {
      rows: {
        "postgres-collations": [
          {
            name: "default",
            recorded: "2.26",
            actual: "2.34",
            indexes: 41,
            examples: ["public.customers_email_key"],
          },
        ],
      },
    },
    ordinary: { rows: { "postgres-collations": [] } },
  },
  {
    witness: "pg_sequences.last_value at 99 % of an integer column",
    told: ["key-exhausted"],
    word: /bigint|integer/i,
    hot: { rows: { "postgres-key-use": [fed()] } },
    ordinary: { rows: { "postgres-key-use": [fed({ nextValue: "900000000", usedPercent: 42 })] } },
  },
  {
    witness: "pg_sequences.last_value at its own max_value",
    told: ["key-exhausted"],
    word: /sequence/i,
    hot: {
      rows: {
        "postgres-key-use": [
          fed({
            type: "bigint",
            narrow: "sequence",
            nextValue: "9999999",
            maxValue: "9999999",
            usedPercent: 100,
          }),
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-key-use": [
          fed({
            type: "bigint",
            narrow: "sequence",
            nextValue: "4000000",
            maxValue: "9999999",
            usedPercent: 40,
          }),
        ],
      },
    },
  },
  {
    witness: "a column that refers is narrower than its key, and full",
    told: ["key-exhausted"],
    word: /order_id/,
    hot: {
      rows: {
        "postgres-narrow-references": [
          {
            schema: "public",
            table: "order_lines",
            column: "order_id",
            type: "integer",
            owner: "shop",
            constraint: "lines_fk",
            parentSchema: "public",
            parentTable: "orders",
            parentColumn: "id",
            nextValue: "2140000000",
            maxValue: "2147483647",
            usedPercent: 99.7,
          },
        ],
      },
    },
    ordinary: {
      rows: {
        "postgres-narrow-references": [
          {
            schema: "public",
            table: "order_lines",
            column: "order_id",
            type: "integer",
            owner: "shop",
            constraint: "lines_fk",
            parentSchema: "public",
            parentTable: "orders",
            parentColumn: "id",
            nextValue: "400000000",
            maxValue: "2147483647",
            usedPercent: 19,
          },
        ],
      },
    },
  },
];
