import type { DeployConfig } from "./lib/deploy-config.ts";

/**
 * Everything that a deployment decides, in one place. The values below only show the form: fill in those marked
 * FILL IN. `cdk deploy` goes to the account and Region of its credentials; a second Region or account is a second
 * deployment with its own copy of this file, and shares nothing with the first.
 */
export const config: DeployConfig = {
  /** Also the beginning of the names of the two parameters: /rds-responder/settings and /rds-responder/kill-switch. */
  stackName: "rds-responder",

  /** FILL IN: where the databases live. The two functions that connect to them are put into these subnets. */
  network: {
    vpcId: "vpc-0123456789abcdef0",
    /** One zone for each subnet, in the same order. */
    availabilityZones: ["eu-central-1a", "eu-central-1b"],
    /** Private subnets; they need no NAT gateway and no endpoint. */
    privateSubnetIds: ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    /** Security groups of the databases, each pair of group and port once: the responder may reach them there. */
    databases: [
      { securityGroupId: "sg-0123456789abcdef0", port: 5432 },
      { securityGroupId: "sg-0123456789abcdef1", port: 3306 },
    ],
    /** Only for databases that sign in by a secret (probeSecretArn, actSecretArn): that of the VPC's endpoint. */
    secretsEndpointSecurityGroupId: null,
    /** Only for a VPC with name servers of its own (DHCP options): their addresses as CIDR, for port 53 out. */
    nameServers: [],
  },

  /** FILL IN: name of the Secrets Manager secret that holds {"botToken": "xoxb-…", "signingSecret": "…"}. */
  slackSecretName: "rds-responder/slack",
  /** Where Slack's Web API answers; https://slack-gov.com/api/ for GovSlack. */
  slackApiUrl: "https://slack.com/api/",

  /** FILL IN: who is told, by e-mail, when the responder itself is in trouble; null for nobody. */
  operatorEmail: null,

  /**
   * Of the account's quota of concurrent executions (Lambda keeps 100 unreserved): probe and act once for each of two
   * engines, 40 in all. Null where the quota is too low; strangers who call the public address may then use it up.
   */
  reservedConcurrency: { probe: 10, act: 5, interaction: 10 },

  /** Only for secrets under customer managed KMS keys: their ARNs, for the permission to decrypt with them. */
  secretKeys: { slack: null, databases: [] },
  /** Only for databases whose storage is under customer managed KMS keys: their ARNs, to make readers and copies. */
  storageKeys: [],

  /**
   * What the functions read at run time, from one SSM parameter, again within a minute: policy and thresholds can
   * also be changed there without a deployment, until the next one that changes them here. Every setting with its
   * default is in functions/core/settings.ts; a wrong or misspelt one fails the synth with its path.
   */
  settings: {
    /** FILL IN: the channel, with the bot invited to it. */
    slack: { channel: "#db-incidents" },
    policy: {
      /** FILL IN: Slack user ids (U…) of those who may press Approve. Empty: nobody may, and nothing is approved. */
      approvers: [],
      /** By risk of an action: observe (only say), approve (ask), auto (do). Tags of a database override it. */
      modes: { safe: "approve", disruptive: "approve", irreversible: "observe" },
    },
    /** Names of alarms that name no database → DB instance or cluster identifier. */
    alarms: {},
  },
};
