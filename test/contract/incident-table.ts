import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import { type ClientSettings, createDynamoDbClient } from "../../functions/adapters/aws/clients.ts";
import { createRandomIds } from "../../functions/adapters/aws/random-ids.ts";

/** A table of a test's own, with the keys of lib/storage.ts. */
export async function createIncidentTable(
  aws: ClientSettings,
  name = `responder-${createRandomIds().next()}`,
): Promise<string> {
  await createDynamoDbClient(aws).send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "S" },
      ],
    }),
  );
  return name;
}
