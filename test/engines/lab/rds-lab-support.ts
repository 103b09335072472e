import { RDSClient } from "@aws-sdk/client-rds";
import { createConnection, type RowDataPacket } from "mysql2/promise";
import { Client } from "pg";
import * as z from "zod";
import { type Engine, labUrl } from "../../lab/engines/lab-server.ts";
import type { Lab } from "../../lab/rds/start-lab.ts";
import type { Database } from "../../lab/rds/world/database.ts";

const keys = { accessKeyId: "lab", secretAccessKey: "lab" };

export function clientOf({ endpoint, region }: Lab): RDSClient {
  return new RDSClient({ endpoint, region, credentials: keys, maxAttempts: 1 });
}

const rowSchema = z.object({ answer: z.coerce.string() });

/** What column `answer` of the first row holds, asked as the master user at the address that RDS names; null without a row. */
export async function askDatabase(
  { endpoint }: Pick<Database, "endpoint">,
  sql: string,
  engine: Engine = "postgres",
): Promise<string | null> {
  const at = new URL(labUrl(engine, endpoint.port, "admin"));
  at.hostname = endpoint.host;
  const url = at.href;
  const [row] = engine === "postgres" ? await askPostgres(url, sql) : await askMysql(url, sql);
  return row === undefined ? null : rowSchema.parse(row).answer;
}

async function askPostgres(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function askMysql(uri: string, sql: string): Promise<unknown[]> {
  const connection = await createConnection({ uri, connectTimeout: 2_000 });
  try {
    const [rows] = await connection.query<RowDataPacket[]>(sql);
    return Array.isArray(rows) ? rows : [];
  } finally {
    await connection.end();
  }
}

/** The status of an answer of EC2, whose client is no dependency of ours. */
export async function askEc2(
  lab: Lab,
  operation: string,
  params: Readonly<Record<string, string>>,
): Promise<number> {
  const scope = `lab/20260101/${lab.region}/ec2/aws4_request`;
  const response = await fetch(lab.endpoint, {
    method: "POST",
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=lab` },
    body: new URLSearchParams({ Action: operation, Version: "2016-11-15", ...params }),
  });
  await response.text();
  return response.status;
}
