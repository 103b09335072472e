import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect, it } from "vitest";
import { createDynamoDbClient } from "../../../functions/adapters/aws/clients.ts";

/** The first address of each partition: the SDK's own resolver is what it has to agree with. */
it.each(["eu-west-1", "us-east-1", "us-gov-west-1", "cn-north-1", "ap-southeast-7", "us-iso-east-1"])(
  "Q1 DynamoDB of %s is asked at the address that the SDK knows",
  (region) => {
    const asked = createDynamoDbClient({ region }).config.endpointProvider({ Region: region });
    const known = new DynamoDBClient({ region }).config.endpointProvider({ Region: region });
    expect(asked.url.href).toBe(known.url.href);
  },
);

it("Q1 a stand-in for AWS is asked at its own address", () => {
  const { config } = createDynamoDbClient({ region: "eu-west-1", endpoint: "http://127.0.0.1:4566" });
  const { url } = config.endpointProvider({ Region: "eu-west-1", Endpoint: "http://127.0.0.1:4566" });
  expect(url.href).toBe("http://127.0.0.1:4566/");
});
