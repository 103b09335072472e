import * as z from "zod";
import { labPasswords } from "../../engines/lab-server.ts";
import type { Moto } from "../api/moto-calls.ts";
import { textOf } from "../api/xml-blocks.ts";
import type { Door } from "../network/doors.ts";

export const nameKinds = ["dns", "ssm", "secret"] as const;
export type NameKind = (typeof nameKinds)[number];

/** Where clients look their database up: a record, a parameter and a secret, all kept by moto. */
export interface NameBook {
  readonly record: string;
  readonly hostedZoneId: string;
  readonly parameter: string;
  readonly secretId: string;
}

const route53 = "/2013-04-01/hostedzone";
const namespace = `xmlns="https://route53.amazonaws.com/doc/2013-04-01/"`;

export async function createNames(
  moto: Moto,
  name: string,
  { host, port }: Door,
  engine: string,
): Promise<NameBook> {
  const zone = await moto.send("route53", {
    ...{ method: "POST", path: route53 },
    body: `<CreateHostedZoneRequest ${namespace}><Name>lab.internal</Name><CallerReference>${name}</CallerReference></CreateHostedZoneRequest>`,
  });
  const hostedZoneId = (textOf(zone, "Id") ?? "").replace("/hostedzone/", "");
  const book = {
    ...{ record: `${name}.lab.internal`, hostedZoneId },
    ...{ parameter: `/lab/${name}/host`, secretId: `lab/${name}` },
  };
  await moto.send("route53", {
    method: "POST",
    path: `${route53}/${hostedZoneId}/rrset`,
    body: upsert(book.record, host),
  });
  await askJson(moto, "ssm", "AmazonSSM.PutParameter", { Name: book.parameter, Value: host, Type: "String" });
  const login = { engine, host, port, dbname: "app", username: "admin", password: labPasswords.admin };
  const secret = { Name: book.secretId, SecretString: JSON.stringify(login) };
  await askJson(moto, "secretsmanager", "secretsmanager.CreateSecret", secret);
  return book;
}

function upsert(record: string, value: string): string {
  const values = `<ResourceRecords><ResourceRecord><Value>${value}</Value></ResourceRecord></ResourceRecords>`;
  const set = `<ResourceRecordSet><Name>${record}</Name><Type>CNAME</Type><TTL>5</TTL>${values}</ResourceRecordSet>`;
  const change = `<Changes><Change><Action>UPSERT</Action>${set}</Change></Changes>`;
  return `<ChangeResourceRecordSetsRequest ${namespace}><ChangeBatch>${change}</ChangeBatch></ChangeResourceRecordSetsRequest>`;
}

/** Where a name leads, as far as it says: a record and a parameter hold a host alone. */
export interface Pointer {
  readonly host: string;
  readonly port: number | null;
}

const parameterSchema = z.object({ Parameter: z.object({ Value: z.string() }) });
const secretSchema = z.object({ SecretString: z.string().transform((text): unknown => JSON.parse(text)) });
const loginSchema = z.object({ host: z.string(), port: z.coerce.number() });

export async function lookUp(moto: Moto, book: NameBook, kind: NameKind): Promise<Pointer> {
  switch (kind) {
    case "dns": {
      const sets = await moto.send("route53", {
        method: "GET",
        path: `${route53}/${book.hostedZoneId}/rrset`,
      });
      const own = sets.split("<ResourceRecordSet>").find((set) => set.includes(`<Name>${book.record}`)) ?? "";
      return hostOnly(textOf(own, "Value") ?? "");
    }
    case "ssm": {
      const answer = await askJson(moto, "ssm", "AmazonSSM.GetParameter", { Name: book.parameter });
      return hostOnly(parameterSchema.parse(answer).Parameter.Value);
    }
    case "secret": {
      const asked = { SecretId: book.secretId };
      const answer = await askJson(moto, "secretsmanager", "secretsmanager.GetSecretValue", asked);
      return loginSchema.parse(secretSchema.parse(answer).SecretString);
    }
    default:
      return kind satisfies never;
  }
}

/** People write `host:port` into a parameter, too. */
function hostOnly(value: string): Pointer {
  const [host = "", port] = value.split(":");
  return { host: host.replace(/\.$/, ""), port: port === undefined ? null : Number(port) };
}

async function askJson(moto: Moto, service: string, target: string, input: object): Promise<unknown> {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": target };
  return JSON.parse(
    await moto.send(service, { method: "POST", path: "/", headers, body: JSON.stringify(input) }),
  );
}
