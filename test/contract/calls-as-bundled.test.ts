import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { bundledFile } from "../support/bundled-adapters.ts";
import * as asWritten from "../support/clients-to-bundle.ts";
import { type Operation, someInput } from "../support/some-input.ts";
import { type LoopbackRequest, type Reply, startLoopback } from "./loopback.ts";

/** What the bundler leaves out of the SDK must change no call that a function makes, nor how a refusal is read. */
const bundled: Clients = await bundledFile("test/support/clients-to-bundle.ts");

type Clients = typeof asWritten;
type Service = Exclude<keyof Clients, "dynamoDbAddress">;

const services: Readonly<Record<string, Service>> = {
  "client-cloudtrail": "cloudTrail",
  "client-cloudwatch": "cloudWatch",
  "client-dynamodb": "dynamoDb",
  "client-lambda": "lambda",
  "client-pi": "pi",
  "client-rds": "rds",
  "client-route-53": "route53",
  "client-secrets-manager": "secretsManager",
  "client-sfn": "sfn",
  "client-sqs": "sqs",
  "client-ssm": "ssm",
};

/** Of every file of the functions: what it sends, by the package that it takes it from. */
const sent = readdirSync("functions", { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .flatMap((file) => [
    ...readFileSync(join("functions", file), "utf8").matchAll(
      /\{([^{}]*)\} from "@aws-sdk\/(client-[\w-]+)"/g,
    ),
  ])
  .flatMap(([, names = "", from = ""]) =>
    (names.match(/\b\w+Command\b/g) ?? []).map((command) => `${services[from] ?? from} ${command}`),
  );
const calls = [...new Set(sent)].toSorted().map((call) => call.split(" ") as [Service, string]);

const refusals: Readonly<Record<string, Reply>> = {
  json: {
    status: 400,
    headers: { "content-type": "application/x-amz-json-1.1" },
    body: '{"__type":"com.amazonaws#ThrottlingException","message":"Rate exceeded"}',
  },
  xml: {
    status: 400,
    headers: { "content-type": "text/xml" },
    body: "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>",
  },
};

it("Q1 knows every client that the functions send by", () => {
  expect(calls.filter(([service]) => !Object.values(services).includes(service))).toEqual([]);
  expect(calls.length).toBeGreaterThan(60);
});

it.each(calls)(
  "Q1 %s sends %s as the whole SDK sends it, and reads a refusal as it does",
  async (service, command) => {
    for (const refusal of Object.values(refusals)) {
      const [cut, whole] = [
        await played(bundled, service, command, refusal),
        await played(asWritten, service, command, refusal),
      ];
      expect(cut.requests).toHaveLength(1);
      expect(cut).toEqual(whole);
    }
  },
);

/** The requests as they arrived, and the error by name and words. */
async function played(clients: Clients, service: Service, command: string, refusal: Reply) {
  const { endpoint, requests } = await startLoopback(() => refusal);
  const all = clients[service] as unknown as Readonly<
    Record<string, new (of: object) => AnyCommand & AnyClient>
  >;
  const Client = Object.entries(all).find(([name]) => /^[A-Z]\w+Client$/.test(name))?.[1];
  const Command = all[command];
  if (Client === undefined || Command === undefined) throw new Error(`${service} has no ${command}`);
  const address =
    service === "dynamoDb" && clients === bundled ? { endpointProvider: bundled.dynamoDbAddress } : {};
  const client = new Client({ region: "eu-west-1", endpoint, maxAttempts: 1, ...address });
  const { schema } = new Command({});
  const error = await client.send(new Command(Object(someInput(schema)))).catch((thrown: unknown) => thrown);
  const { name, message } =
    error instanceof Error ? error : new Error(`no refusal: ${JSON.stringify(error)}`);
  return { requests: requests.map(plain), name, message };
}

interface AnyCommand {
  readonly schema: Operation;
}
interface AnyClient {
  send(command: AnyCommand): Promise<unknown>;
}

/** Without what differs between two sendings of the same: times, signatures, numbers of calls, and the address. */
function plain({ method, path, headers, body }: LoopbackRequest) {
  const { "content-type": type, "x-amz-target": target } = headers;
  return { method, path, type, target, body: body.toString("utf8") };
}
