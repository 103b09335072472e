import type { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import type { Ids } from "../../core/ports.ts";
import type { KeptSettings } from "../../core/settings-ports.ts";
import { openTable, parseBody } from "./dynamo-table.ts";

const key = { pk: "SETTINGS", sk: "LAST-GOOD" };
const textSchema = z.object({
  text: z.string(),
  version: z.number().int().nonnegative(),
  modifiedAt: z.number().nonnegative(),
});

/** One item of the incident table; dynamo-incident-store.ts lists them all. An older reading never replaces a newer one. */
export function createDynamoKeptSettings({
  client,
  table: tableName,
  ids,
}: {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly ids: Ids;
}): KeptSettings {
  const table = openTable(client, tableName, ids);
  return {
    read: async () => {
      const item = await table.get(key);
      return item === null ? null : parseBody(item, textSchema);
    },
    keep: ({ text, version, modifiedAt }) =>
      table.putIf(
        { ...key, version, modifiedAt, body: JSON.stringify({ text, version, modifiedAt }) },
        {
          expression:
            "attribute_not_exists(pk) OR modifiedAt < :modifiedAt OR (modifiedAt = :modifiedAt AND #version < :version)",
          names: { "#version": "version" },
          values: { ":modifiedAt": modifiedAt, ":version": version },
        },
      ),
  };
}
