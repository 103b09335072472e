import { ConditionalCheckFailedException, type DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { messageOf, UnreadableError } from "../../core/errors.ts";
import type { Ids } from "../../core/ports.ts";

/** Primary key of the one table: `pk` and `sk`, both strings. */
export interface Key {
  readonly pk: string;
  readonly sk: string;
}

export interface Condition {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, string | number>;
}

/** The few ways in which the stores use their table. */
export interface Table {
  readonly name: string;
  readonly documents: DynamoDBDocumentClient;
  /** A fresh mark for one write; see `isOurs`. */
  newMark(): string;
  /** Strongly consistent; null when there is no such item. */
  get(key: Key): Promise<unknown>;
  /** True when written; false when the condition did not hold. */
  putIf(item: Key & Record<string, unknown>, condition: Condition): Promise<boolean>;
  /** Strongly consistent, all pages, in the order of the sort key. */
  query(pk: string, skPrefix: string): Promise<readonly unknown[]>;
}

export const absent: Condition = { expression: "attribute_not_exists(pk)" };

export function openTable(client: DynamoDBClient, name: string, ids: Ids): Table {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    name,
    documents,
    newMark: () => ids.next(),
    get: async (key) => {
      const answer = await documents.send(
        new GetCommand({ TableName: name, Key: { ...key }, ConsistentRead: true }),
      );
      return answer.Item ?? null;
    },
    putIf: (item, condition) => putIf(documents, name, { ...item, mark: ids.next() }, condition),
    query: (pk, skPrefix) => query(documents, name, pk, skPrefix),
  };
}

async function putIf(
  documents: DynamoDBDocumentClient,
  table: string,
  item: Record<string, unknown> & { readonly mark: string },
  { expression, names, values }: Condition,
): Promise<boolean> {
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: item,
        ConditionExpression: expression,
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        ...(names ? { ExpressionAttributeNames: names } : {}),
        ...(values ? { ExpressionAttributeValues: values } : {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return isOurs(error.Item, item.mark);
    throw error;
  }
}

const storedMark = z.object({ mark: z.union([z.string(), z.object({ S: z.string() })]) });

/**
 * A write whose answer was lost is sent again by the SDK, and then fails its own condition. The mark tells that
 * item from somebody else's; without it a signal or a decision that was stored would be taken for a duplicate.
 */
function isOurs(stored: unknown, mark: string): boolean {
  const found = storedMark.safeParse(stored).data?.mark;
  return (typeof found === "string" ? found : found?.S) === mark;
}

async function query(documents: DynamoDBDocumentClient, table: string, pk: string, skPrefix: string) {
  const items: unknown[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await documents.send(
      new QueryCommand({
        TableName: table,
        KeyConditionExpression: "pk = :pk AND begins_with(sk, :sk)",
        ExpressionAttributeValues: { ":pk": pk, ":sk": skPrefix },
        ConsistentRead: true,
        ...(from ? { ExclusiveStartKey: from } : {}),
      }),
    );
    items.push(...(page.Items ?? []));
    from = page.LastEvaluatedKey;
  } while (from);
  return items;
}

const bodySchema = z.object({ pk: z.string(), sk: z.string(), body: z.unknown().optional() });

/** The record in an item's `body`, parsed. Throws when the table holds something else there. */
export function parseBody<T>(item: unknown, schema: z.ZodType<T>): T {
  const { pk, sk, body } = bodySchema.parse(item);
  try {
    return schema.parse(JSON.parse(z.string().parse(body)));
  } catch (cause) {
    throw new UnreadableError(`item ${pk} ${sk} is not what belongs there: ${messageOf(cause)}`, { cause });
  }
}
