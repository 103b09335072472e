import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import type { Plugin } from "esbuild";
import { withoutCode } from "./without-code.ts";

/** The AWS SDK without what its clients hold for operations and settings that nobody here uses. */
export function trimAws(words: ReadonlySet<string>): readonly Plugin[] {
  return [
    awsSchemas(words),
    eventStreams,
    eventStreamMarshaller,
    endpointDiscovery,
    endpointTable,
    hashes,
    webStreams,
    adaptiveRetries,
    signedMessages,
    machineRegion,
    featuresInUse,
    regionNames,
  ];
}

/**
 * A client of the AWS SDK describes every operation of its service in one file, and has to be bundled without those
 * that nobody calls.
 */
function awsSchemas(words: ReadonlySet<string>): Plugin {
  const schemas = /@aws-sdk[/\\]client-[\w-]+[/\\]dist-es[/\\]schemas[/\\]schemas_0\.js$/;
  return {
    name: "schemas of AWS",
    setup: (build) => {
      build.onLoad({ filter: schemas }, ({ path }) => ({
        contents: plainKeys(knownErrors(readFileSync(path, "utf8"), words)),
      }));
    },
  };
}

/**
 * It registers a class for every error; errors of which nobody here speaks are thrown as the service's general
 * exception with the same name, as the SDK does with errors newer than itself. Throttling keeps its class: it carries
 * what the SDK's own retries read.
 */
function knownErrors(source: string, words: ReadonlySet<string>): string {
  const registration = /^n0_registry\.registerError\((\w+)\$, \w+\);$/gm;
  return source.replace(registration, (line, error: string) =>
    words.has(error) || /throttl|TooManyRequests/i.test(error) ? line : "",
  );
}

/** `{ [_hH]: … }` may run code for all the bundler knows, so it keeps what holds one; `{ "httpHeader": … }` does not. */
function plainKeys(source: string): string {
  const names = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name = "", text = ""]) => [name, text]),
  );
  return source.replace(/([{,] )\[(_\w+)\]: /g, (whole, before: string, name: string) => {
    const text = names.get(name);
    return text === undefined ? whole : `${before}${text}: `;
  });
}

/** Loaded by the SDK only for an operation that streams events, and no operation here does. */
const eventStreams: Plugin = {
  name: "event streams of AWS",
  setup: (build) => {
    build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind, path }) =>
      kind === "dynamic-import" ? { path, external: true } : undefined,
    );
  },
};

/** A client that speaks XML brings one along, for operations that stream events; Route 53 has none. */
const eventStreamMarshaller = withoutCode(
  "marshaller of event streams",
  /@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]event-streams[/\\]eventstream-serde[/\\]EventStreamMarshaller\.js$/,
);

/** The client of DynamoDB makes one at its start, and none of its operations asks it: they discover no endpoints. */
const endpointDiscovery = withoutCode(
  "cache of discovered endpoints",
  /@aws-sdk[/\\]endpoint-cache[/\\]dist-es[/\\]EndpointCache\.js$/,
);

/** DynamoDB's address is told to its client (functions/adapters/aws/clients.ts). */
const endpointTable = withoutCode(
  "table of DynamoDB's endpoints",
  /@aws-sdk[/\\]client-dynamodb[/\\]dist-es[/\\]endpoint[/\\]bdd\.js$/,
);

/** SHA and MD5 in JavaScript, for a Node.js that was built without OpenSSL; Lambda's is not, and hashes by itself. */
const hashes = withoutCode(
  "hashes in JavaScript",
  /(@smithy[/\\]core|@aws-sdk[/\\]checksums)[/\\]dist-es[/\\]submodules[/\\].*[/\\](Sha(1|256)|Md5)Js\.js$/,
);

/** Streams of browsers; the SDK's handler of requests answers with those of Node.js. */
const webStreams = withoutCode(
  "streams of browsers",
  /@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]serde[/\\]util-stream[/\\](sdk-stream-mixin|splitStream|headStream|createBufferedReadable|checksum[/\\]\w+)\.browser\.js$/,
);

/** A client that measures its own rate: AWS_RETRY_MODE=adaptive, which nobody sets here; it would retry as the others. */
const adaptiveRetries = insteadOf(
  "adaptive retries",
  /@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]retry[/\\]util-retry[/\\]AdaptiveRetryStrategy\.js$/,
  'export { StandardRetryStrategy as AdaptiveRetryStrategy } from "./StandardRetryStrategy";',
);

/** Made by every signer at its start, for the events of a stream. */
const signedMessages = withoutCode(
  "headers of signed messages",
  /@smithy[/\\]signature-v4[/\\]dist-es[/\\]HeaderFormatter\.js$/,
);

/** Asked of an EC2 machine where the environment names no region; Lambda's does. */
const machineRegion = withoutCode(
  "region of the machine",
  /@smithy[/\\]core[/\\]dist-es[/\\]submodules[/\\]config[/\\].*[/\\]getInstanceMetadataRegion\.js$/,
);

/** What of the SDK is in use, for AWS's own statistics in the header User-Agent. */
const featuresInUse = withoutCode(
  "features in use",
  /@aws-sdk[/\\]core[/\\]dist-es[/\\].*[/\\]middleware-user-agent[/\\]check-features\.js$/,
);

function insteadOf(name: string, filter: RegExp, contents: string): Plugin {
  return {
    name,
    setup: (build) => build.onLoad({ filter }, ({ path }) => ({ contents, resolveDir: dirname(path) })),
  };
}

/** Which partition a region belongs to is asked; what people call the region is not. */
const regionNames: Plugin = {
  name: "names of regions",
  setup: (build) => {
    build.onLoad({ filter: /util-endpoints[/\\]lib[/\\]aws[/\\]partitions\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/\{\s*"description": "[^"]*"\s*\}/g, "{}"),
    }));
  },
};
