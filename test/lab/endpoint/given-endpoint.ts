/** Names the endpoint, as for every client of AWS. */
const named = "AWS_ENDPOINT_URL";
/** Has to be set for an endpoint that is not on this machine: what is deployed and torn down there may be anybody's. */
const permitted = "RDS_LAB_REMOTE_ENDPOINT";

const loopback = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** The AWS-compatible endpoint that somebody chose, null when nobody did. Throws when it is not on this machine. */
export function givenEndpoint(environment: NodeJS.ProcessEnv = process.env): string | null {
  const given = environment[named];
  if (given === undefined || given === "") return null;
  const host = URL.parse(given)?.hostname ?? "";
  if (loopback.test(host) || environment[permitted] === "yes") return given;
  throw new Error(
    `${named} is ${given}, which is not on this machine; ${permitted}=yes if it may be changed as a test likes`,
  );
}
