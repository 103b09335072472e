/** Every client of AWS that the functions send by, to bundle as the handlers are. */
export * as cloudTrail from "@aws-sdk/client-cloudtrail";
export * as cloudWatch from "@aws-sdk/client-cloudwatch";
export * as dynamoDb from "@aws-sdk/client-dynamodb";
export * as lambda from "@aws-sdk/client-lambda";
export * as pi from "@aws-sdk/client-pi";
export * as rds from "@aws-sdk/client-rds";
export * as route53 from "@aws-sdk/client-route-53";
export * as secretsManager from "@aws-sdk/client-secrets-manager";
export * as sfn from "@aws-sdk/client-sfn";
export * as sqs from "@aws-sdk/client-sqs";
export * as ssm from "@aws-sdk/client-ssm";
export { dynamoDbAddress } from "../../functions/adapters/aws/clients.ts";
