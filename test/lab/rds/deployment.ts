import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { PutParameterCommand } from "@aws-sdk/client-ssm";
import { settingsParameter } from "../../../bin/cli/deployed-settings.ts";
import { createSsmClient } from "../../../functions/adapters/aws/clients.ts";
import { createSecretsClient } from "../../../functions/adapters/aws/secrets.ts";
import { defaultSettings } from "../../../functions/core/settings.ts";
import { createIncidentTable } from "../../contract/incident-table.ts";
import type { Engine } from "../engines/lab-server.ts";
import { createResponderUsers, responderPassword } from "./responder-users.ts";
import type { Lab } from "./start-lab.ts";

/**
 * What a deployment leaves in an account for the command line: users in the databases,
 * their secrets, settings, a kill switch that is off, a table.
 */
export interface Deployment {
  /** For `--table`. */
  readonly table: string;
}

/** Throws where the lab has no primary. */
export async function deployInto(lab: Lab, engine: Engine): Promise<Deployment> {
  const { databases, names } = lab.description();
  const primary = databases.find(({ role }) => role === "writer");
  if (primary === undefined) throw new Error("there is no database to deploy for");
  const database = lab.database(primary.id);
  await createResponderUsers(engine, database);
  const { probeUser, actUser } = defaultSettings.database;
  const [quarantineGroup, table, probeSecretArn, actSecretArn] = await Promise.all([
    makeQuarantine(lab),
    createIncidentTable(lab, "rds-responder"),
    makeSecret(lab, probeUser),
    makeSecret(lab, actUser),
  ]);
  // The record is looked up by the name server of this machine, which has never heard of it.
  const book = [
    { kind: "secret", secretId: names.secretId },
    { kind: "parameter", name: names.parameter },
  ];
  const own = { names: tellsApart(databases) ? book : [] };
  const settings = {
    database: { probeSecretArn, actSecretArn },
    failover: { quarantineGroup, databases: { [database.clusterId ?? primary.id]: own } },
  };
  await putParameter(lab, settingsParameter, JSON.stringify(settings));
  await putParameter(lab, "/rds-responder/kill-switch", "off");
  return { table };
}

/** Where all have one address a host says of nobody which. */
function tellsApart(databases: readonly { readonly host: string }[]): boolean {
  return new Set(databases.map(({ host }) => host)).size === databases.length;
}

async function putParameter(lab: Lab, Name: string, Value: string): Promise<void> {
  await createSsmClient(lab).send(new PutParameterCommand({ Name, Value, Type: "String" }));
}

async function makeSecret(lab: Lab, username: string): Promise<string> {
  const SecretString = JSON.stringify({ username, password: responderPassword });
  const made = new CreateSecretCommand({ Name: `rds-responder/${username}`, SecretString });
  const { ARN } = await createSecretsClient(lab).send(made);
  if (ARN === undefined) throw new Error(`the lab made no secret of ${username}`);
  return ARN;
}

/** A security group without a rule: whoever has nothing else lets no client in. */
export async function makeQuarantine(lab: Lab): Promise<string> {
  const scope = `lab/20260101/${lab.region}/ec2/aws4_request`;
  const response = await fetch(lab.endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=lab` },
    body: new URLSearchParams({
      ...{ Action: "CreateSecurityGroup", Version: "2016-11-15" },
      ...{ GroupName: "quarantine", GroupDescription: "nobody but the responder" },
    }),
  });
  const [, id] = /<groupId>([^<]+)</.exec(await response.text()) ?? [];
  if (id === undefined) throw new Error("the lab made no security group");
  return id;
}
