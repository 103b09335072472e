import * as z from "zod";
import { defineRows } from "./define-rows.ts";

/** P15, P32. Clients over the network by user and application (MySQL and MariaDB tell none), those without TLS first. */
export const encryptedConnectionsRowSchema = z.object({
  user: z.string().nullable(),
  application: z.string().nullable(),
  encrypted: z.number().int().nonnegative(),
  plain: z.number().int().nonnegative(),
});
export type EncryptedConnectionsRow = z.infer<typeof encryptedConnectionsRowSchema>;

export const postgresEncryptedConnectionsRows = defineRows({
  id: "postgres-encrypted-connections",
  row: encryptedConnectionsRowSchema,
});

export const mysqlEncryptedConnectionsRows = defineRows({
  id: "mysql-encrypted-connections",
  row: encryptedConnectionsRowSchema,
});
